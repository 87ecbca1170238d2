"""What one package tells and another does: answers, complaints, messages, STOP."""

import pytest
from sqlalchemy import select

import complaints.services
from complaints.models import Case, Proposal
from contacts.queries import held
from foundation.database import db
from foundation.jobs.engines import run_until_idle
from foundation.jobs.models import Job
from foundation.web.clock import utc_now
from notifications import inbound
from notifications.models import InboundMessage, OutboxMessage
from notifications.services import enqueue
from surveys.models import AnswerEvent, Invitation
from tests.conftest import NOW
from tests.surveys.answer_factories import create_invitation

PHONE = "+33612345678"


@pytest.fixture
def write(app):
    """``write("2")`` is an SMS of the customer, received, routed and followed up."""
    numbers = iter(range(1000))

    def write(body: str, work: bool = True) -> InboundMessage:
        if work:
            run_until_idle(app)
        message = inbound.receive(
            provider_id=f"SM{next(numbers)}", sender=PHONE, recipient="", body=body, now=utc_now()
        )
        if work:
            run_until_idle(app)
        return message

    return write


def cases() -> list[Case]:
    db.session.rollback()
    return list(db.session.scalars(select(Case).order_by(Case.id)))


def test_yes_after_a_low_score_is_a_case_at_once_and_holds_the_customer(write):
    invitation = create_invitation()
    customer = invitation.customer_id
    for body in ("2", "3", "non", "Personne ne rappelle", "oui"):
        assert write(body).routed_to == "interview"
    (case,) = cases()
    assert (case.origin, case.invitation) == ("survey", invitation.public_id)
    assert case.answer_copy["words"] == "Personne ne rappelle"
    assert held([customer], utc_now()) == {customer: "complaint"}


def test_dissatisfied_words_without_a_yes_wait_as_a_proposal(write):
    invitation = create_invitation()
    for body in ("2", "3", "non", "Personne ne rappelle", "note"):
        write(body)
    assert cases() == []
    proposal = db.session.scalars(select(Proposal)).one()
    assert (proposal.invitation, proposal.words) == (invitation.public_id, "Personne ne rappelle")


def test_a_low_score_without_words_is_no_proposal(write):
    invitation = create_invitation()
    for body in ("2", "3", "non", "non merci", "note"):
        write(body)
    assert db.session.get_one(Invitation, invitation.id).disposition == "completed"
    assert db.session.scalars(select(Proposal)).all() == []


def test_the_same_job_twice_makes_one_case(app, write):
    create_invitation()
    for body in ("1", "0", "non", "Rien ne marche"):
        write(body)
    write("oui", work=False)
    asked = db.session.scalars(select(Job.payload).filter_by(kind="complaints.open_from_answer")).one()
    run_until_idle(app)
    assert len(cases()) == 1
    complaints.services.open_from_answer(asked, utc_now())
    db.session.commit()
    assert len(cases()) == 1


def test_a_job_that_fails_does_not_undo_the_answer(app, write, monkeypatch):
    create_invitation()

    def broken(_payload, _now):
        raise RuntimeError("the desk is on fire")

    monkeypatch.setitem(app.extensions["jobs"].kinds, "complaints.open_from_answer", broken)
    for body in ("1", "0", "non", "Rien ne marche", "oui"):
        write(body)
    db.session.rollback()
    kept = {event.question_id for event in db.session.scalars(select(AnswerEvent)) if event.kind == "answer"}
    assert {"satisfaction", "comment", "complaint"} <= kept
    job = db.session.scalars(select(Job).filter_by(kind="complaints.open_from_answer")).one()
    assert (job.state, job.attempt) == ("queued", 1)


def test_stop_ends_the_interview_and_what_waits_never_goes_out(write):
    started, waiting = create_invitation(), create_invitation(disposition="queued", sent_at=None)
    assert write("ARRÊT").routed_to == "stop"
    db.session.rollback()
    assert db.session.get_one(Invitation, started.id).disposition == "refused"
    assert db.session.get_one(Invitation, waiting.id).disposition == "not_sent"


def test_stop_does_not_end_a_complaint(write):
    create_invitation()
    for body in ("1", "0", "non", "Rien ne marche", "oui"):
        write(body)
    write("STOP")
    (case,) = cases()
    assert case.ended_at is None
    sent = db.session.scalars(select(OutboxMessage).filter_by(purpose="acknowledgement")).all()
    assert sent and all(message.state != "suppressed" for message in sent)


def test_a_message_that_belongs_nowhere_waits_for_a_person(write):
    assert write("Bonjour, à quelle heure ouvrez-vous ?").routed_to == "person"


def test_words_of_complaint_open_a_case_and_further_messages_join_it(write):
    create_invitation(disposition="completed")
    write("Je souhaite déposer une réclamation : ma facture est fausse depuis trois mois")
    (case,) = cases()
    assert case.channel == "sms"
    write("Voici le numéro de la facture : 4711, merci de la corriger rapidement")
    assert len(cases()) == 1


def test_what_becomes_of_the_message_becomes_of_the_invitation(app):
    invitation = create_invitation(disposition="queued", sent_at=None)
    enqueue(
        channel="sms",
        recipient=PHONE,
        body="Votre avis ?",
        purpose="survey",
        business_key=f"invitation:{invitation.id}:1",
        subject_key=f"invitation:{invitation.id}",
        now=NOW,
    )
    db.session.commit()
    run_until_idle(app)
    db.session.rollback()
    moved = db.session.get_one(Invitation, invitation.id)
    assert moved.disposition in {"sent", "delivered"}
    assert moved.sent_at is not None
