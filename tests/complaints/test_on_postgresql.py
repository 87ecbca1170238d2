"""The whole life of a complaint on PostgreSQL, where locks, dates and JSON are not SQLite's."""

from datetime import timedelta

import pytest

from complaints import queries, services
from complaints.queries import desk
from foundation.accounts.scope import EVERYTHING
from foundation.database import db
from tests.complaints.factories import an_answer, create_decided, create_principal
from tests.complaints.test_replay import assert_copies_agree
from tests.conftest import NOW, create_user

pytestmark = pytest.mark.postgresql


def test_a_complaint_lives_through_its_appeal(pg_app):
    case, alice = create_decided()
    services.file_appeal(case.id, NOW)
    bob = create_user("reviewer")
    services.assign_appeal(case.id, bob.id, NOW)
    services.decide_appeal(case.id, "partly_changed", "Relu.", bob.id, NOW)
    services.close(case.id, bob.id, NOW)
    db.session.commit()
    db.session.expire_all()
    assert_copies_agree(case)
    assert [row.outcome for row in queries.appeal_register(NOW)] == ["partly_changed"]
    assert desk.desk_counts(EVERYTHING, alice, NOW) == {"all": 0, "mine": 0, "overdue": 0, "ended": 1}


def test_a_proposal_is_made_qualified_and_listed(pg_app):
    payload = an_answer(create_principal())
    for _ in range(2):
        services.propose_from_answer(payload, NOW)
    [line] = desk.waiting_proposals(EVERYTHING, NOW)
    services.qualify(line.id, True, "Un mécontentement.", create_user("handler").id, NOW)
    db.session.commit()
    assert [row.reference for row in queries.proposal_register(NOW)] == [
        row.reference for row in queries.complaint_register(NOW)
    ]
    assert [row.due.kind for row in desk.desk_rows("all", EVERYTHING, 0, NOW)] == ["acknowledgement"]


def test_answered_cases_close_by_themselves(pg_app):
    case, _ = create_decided()
    db.session.commit()
    assert services.close_expired(NOW + timedelta(days=90)) == [case.reference]
