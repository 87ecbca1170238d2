"""The registers as other packages read them: plain rows, in a scope, on local days."""

from datetime import UTC, date, datetime, timedelta

import pytest

from complaints import queries, services
from complaints.exports import csv_of
from complaints.queries import ComplaintRow
from foundation.accounts.scope import Scope
from foundation.database import db
from tests.complaints.factories import an_answer, create_case, create_decided, create_principal, create_site
from tests.conftest import NOW, create_user


def test_a_row_says_what_was_due_and_whether_it_was_kept(app):
    site = create_site()
    case, _ = create_decided(site_id=site.id)
    [row] = queries.complaint_register(NOW)
    assert (row.reference, row.site, row.origin, row.channel) == (case.reference, site.key, "spontaneous", "web")
    assert (row.received_on, row.answer_due_on, row.answered_at) == (date(2026, 11, 23), date(2026, 12, 7), NOW)
    assert (row.acknowledgement, row.answer, row.legal, row.outcome) == ("met", "met", "met", "rejected")


@pytest.mark.parametrize("at, standing", [(22, "running"), (23, "overdue")])
def test_an_open_answer_is_overdue_from_the_end_of_its_day(app, at, standing):
    create_case()
    [row] = queries.complaint_register(datetime(2026, 12, 7, at, 0, tzinfo=UTC))
    assert row.answer == standing


def test_days_are_those_of_the_handling_site(app):
    island = create_site(zone="Indian/Reunion", holiday_region="la-reunion")
    late_evening = datetime(2026, 11, 22, 21, 0, tzinfo=UTC)  # the 23rd in Saint-Denis, the 22nd in Paris
    here = create_case(sent_at=late_evening, received_at=late_evening)
    there = create_case(site_id=island.id, sent_at=late_evening, received_at=late_evening)
    assert [row.reference for row in rows_of(date(2026, 11, 22))] == [here.reference]
    assert [row.reference for row in rows_of(date(2026, 11, 23))] == [there.reference]


def rows_of(day):
    return queries.complaint_register(NOW, first_day=day, last_day=day)


def test_a_scope_narrows_every_register(app):
    ours, theirs = create_principal(), create_principal()
    for principal in (ours, theirs):
        services.propose_from_answer(an_answer(principal), NOW)
        case, _ = create_decided(principal)
        services.file_appeal(case.id, NOW)
    db.session.commit()
    scope = Scope(principal_ids=frozenset({ours.id}))
    for register in (queries.complaint_register, queries.appeal_register, queries.proposal_register):
        assert len(register(NOW)) == 2
        assert [row.principal for row in register(NOW, scope)] == [ours.key]


def test_an_appeal_row_proves_that_two_persons_decided(app):
    case, _ = create_decided()
    services.file_appeal(case.id, NOW)
    bob = create_user("reviewer")
    services.assign_appeal(case.id, bob.id, NOW)
    services.decide_appeal(case.id, "overturned", "Relu.", bob.id, NOW + timedelta(days=1))
    [row] = queries.appeal_register(NOW)
    assert (row.first_outcome, row.outcome, row.late, row.same_person) == ("rejected", "overturned", False, False)
    assert (row.appealed_on, row.answer_due_on, row.answer) == (date(2026, 11, 23), date(2026, 12, 21), "met")


def test_a_late_qualification_stays_late(app):
    services.propose_from_answer(an_answer(create_principal()), NOW)
    services.qualify(1, False, "Une question.", create_user("handler").id, NOW + timedelta(days=5))
    [row] = queries.proposal_register(NOW + timedelta(days=6))
    assert (row.standing, row.qualification, row.qualified_by, row.reference) == (
        "met-late", "not_complaint", "staff", None,
    )  # fmt: skip


def test_nothing_in_an_export_runs_as_a_formula(app):
    create_case(create_principal(key="=cmd|'/c calc'!A1"))
    text = csv_of(queries.complaint_register(NOW), ComplaintRow)
    assert "'=cmd" in text and ",=cmd" not in text


def test_a_linked_case_names_the_one_it_follows(app):
    case, _ = create_decided()
    late = NOW + timedelta(days=90)
    services.file_appeal(case.id, late)
    services.refer_late_appeal(case.id, create_user("manager").id, late)
    rows = {row.reference: row.follows for row in queries.complaint_register(late)}
    assert set(rows.values()) == {None, case.reference}
