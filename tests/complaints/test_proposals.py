"""A dissatisfied answer may be a complaint: somebody says so, or the customer did."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from complaints import services
from complaints.errors import ActRefused, AlreadyQualified
from complaints.models import Case, CaseMessage, Proposal
from foundation.database import db
from notifications.models import OutboxMessage
from tests.complaints.factories import an_answer, create_customer, create_principal
from tests.conftest import NOW, create_user


def proposed(**changes):
    payload = an_answer(create_principal(), **changes)
    services.propose_from_answer(payload, NOW)
    db.session.commit()
    return payload, db.session.scalars(select(Proposal)).one()


def test_a_proposal_is_due_two_ouvrables_after_the_answer(app):
    _, proposal = proposed(answered_at=datetime(2026, 11, 20, 17, 0, tzinfo=UTC).isoformat())  # a Friday
    assert proposal.due_on == date(2026, 11, 23)  # Saturday counts, Sunday does not


def test_the_same_answer_is_proposed_once_and_keeps_what_was_said_since(app, committed):
    payload, proposal = proposed()
    services.propose_from_answer(payload, NOW)
    services.propose_from_answer({**payload, "wants": "callback", "words": "Personne ne rappelle. Jamais."}, NOW)
    db.session.commit()
    assert committed(Proposal) == 1
    assert (proposal.wants, proposal.words) == ("callback", "Personne ne rappelle. Jamais.")


def test_a_complaint_opens_with_the_clock_of_the_answer(app):
    principal = create_principal()
    customer = create_customer(principal)
    payload = an_answer(principal, customer_id=customer.id, answered_at=(NOW - timedelta(days=3)).isoformat())
    services.propose_from_answer(payload, NOW)
    proposal = db.session.scalars(select(Proposal)).one()
    handler = create_user("handler")
    services.qualify(proposal.id, True, "Demande de rappel ignorée.", handler.id, NOW, category="access")
    db.session.commit()
    case = db.session.get(Case, proposal.case_id)
    assert (case.origin, case.channel, case.phone, case.category) == ("survey", "survey", "+33612345678", "access")
    assert {clock.started_on for clock in case.clocks} == {date(2026, 11, 20)}
    assert (proposal.qualified_by, proposal.qualified_at, proposal.qualification) == (handler.id, NOW, "complaint")
    assert case.answer_copy["score"] == 2
    assert db.session.scalars(select(OutboxMessage)).one().recipient == "+33612345678"


def test_no_complaint_opens_no_case_and_takes_no_number(app, committed):
    _, proposal = proposed()
    services.qualify(proposal.id, False, "Une question, pas un mécontentement.", create_user("handler").id, NOW)
    db.session.commit()
    assert committed(Case) == 0
    assert proposal.reason.startswith("Une question")


def test_a_second_opinion_comes_too_late(app):
    _, proposal = proposed()
    services.qualify(proposal.id, False, "Non.", create_user("handler").id, NOW)
    with pytest.raises(AlreadyQualified):
        services.qualify(proposal.id, True, "Si.", create_user("handler").id, NOW)


def test_agents_do_not_qualify(app):
    _, proposal = proposed()
    with pytest.raises(ActRefused) as refused:
        services.qualify(proposal.id, True, "Oui.", create_user("agent").id, NOW)
    assert refused.value.by == ("complaints.qualify",)


def test_a_waiting_proposal_becomes_the_complaint_the_customer_asks_for(app, committed):
    payload, proposal = proposed()
    case = services.open_from_answer({**payload, "wants": "complaint"}, NOW)
    again = services.open_from_answer({**payload, "wants": "complaint"}, NOW)
    db.session.commit()
    assert case is again and committed(Case) == 1
    assert (proposal.qualification, proposal.qualified_party, proposal.case_id) == ("complaint", "customer", case.id)


def test_words_that_come_after_the_request_join_the_case(app, committed):
    payload = an_answer(create_principal(), words="", wants="complaint")
    case = services.open_from_answer(payload, NOW)
    for _ in range(2):
        services.propose_from_answer({**payload, "words": "Trois appels pour rien.", "wants": "none"}, NOW)
    db.session.commit()
    assert committed(Proposal) == 0
    ours = db.session.scalars(select(CaseMessage.body).filter_by(case_id=case.id, direction="in")).all()
    assert ours == ["", "Trois appels pour rien."]


def test_qualifying_after_an_answer_that_asked_by_itself_finds_its_case(app):
    payload, proposal = proposed()
    services.open_from_answer(payload, NOW)
    with pytest.raises(AlreadyQualified):
        services.qualify(proposal.id, False, "Non.", create_user("handler").id, NOW)
