"""Interviews by SMS, with the real outbox behind them."""

from datetime import timedelta

import pytest

from foundation.database import db
from notifications.models import OutboxMessage
from surveys.engine import WebPage
from surveys.models import AnswerEvent, AnswerText, Invitation
from surveys.queries.interviews import interview_of
from surveys.services import interviews
from surveys.services.invitations import history
from surveys.services.recording import take
from surveys.signals import complaint_requested, dissatisfaction_expressed
from tests.surveys.answer_factories import NOW, SECRET, create_draw, create_invitation, create_principal, link_of

PHONE = "+33612345678"


@pytest.fixture
def text(app):
    """``text("8")`` sends a message as the customer, once everything we sent before has arrived."""
    sent = iter(range(1000))

    def text(body, phone=PHONE, arrived=True, now=NOW, message_id=None, complains=False):
        if arrived:
            sent_at = db.func.coalesce(OutboxMessage.sent_at, now)
            waiting = db.update(OutboxMessage).where(OutboxMessage.state == "queued")
            db.session.execute(waiting.values(state="delivered", sent_at=sent_at))
        message_id = message_id or f"SM{next(sent)}"
        known = {"secret": SECRET, "public_url": "https://x.example", "complains": complains}
        taken = interviews.receive_sms(phone, body, message_id, now, **known)
        db.session.commit()
        return taken

    return text


def replies():
    return list(db.session.scalars(db.select(OutboxMessage.body).order_by(OutboxMessage.id)))


def answers(invitation=None):
    rows = db.select(AnswerEvent).where(AnswerEvent.kind == "answer").order_by(AnswerEvent.id)
    if invitation is not None:
        rows = rows.filter_by(invitation_id=invitation.id)
    return {row.question_id: row.value for row in db.session.scalars(rows)}


def test_an_interview_goes_question_by_question_to_its_thanks(text):
    invitation = create_invitation()
    assert all(text(body) for body in ("4", "9/10", "oui", "non merci"))
    assert answers() == {"satisfaction": 4, "recommendation": 9, "solved": "yes"}
    assert [reply.split()[0] for reply in replies()] == ["Recommanderiez-vous", "Votre", "Souhaitez-vous", "Mutuelle"]
    assert invitation.disposition == "completed"
    message = db.session.scalars(db.select(OutboxMessage)).first()
    assert (message.purpose, message.priority, message.principal_id) == ("interview", 0, invitation.principal_id)


def test_a_low_score_leads_to_a_complaint_and_says_so(text):
    heard = []

    def hear(sender, payload, at):
        heard.append((payload["wants"], payload["score"], payload["words"]))

    complaint_requested.connect(hear)
    dissatisfaction_expressed.connect(hear)
    create_invitation()
    for body in ("1 j'attends toujours", "0", "non", "0", "oui"):
        assert text(body)
    assert heard == [("none", 1, "j'attends toujours"), ("complaint", 1, "j'attends toujours")]
    assert "réclamation" in replies()[-2]
    assert "référence" in replies()[-1]


def test_call_me_back_is_passed_on(text):
    heard = []

    def hear(sender, payload, at):
        heard.append(payload["wants"])

    dissatisfaction_expressed.connect(hear)
    create_invitation()
    for body in ("2", "0", "non", "0", "3"):
        text(body)
    assert heard == ["callback"]
    assert "rappel" in replies()[-1]


def test_a_reply_that_cannot_be_read_is_asked_again_once(text):
    create_invitation()
    assert text("bonjour") and text("42")
    assert replies()[0].startswith(
        "Nous n'avons pas su lire votre réponse. Répondez par un chiffre de 1 (pas du tout) à 5"
    )
    assert replies()[1].startswith("Recommanderiez-vous")
    assert list(db.session.scalars(db.select(AnswerText.text))) == ["bonjour", "42"]


def test_a_long_message_that_is_no_answer_also_goes_to_people(text):
    create_invitation()
    assert not text("STOP, c'est ma troisième réclamation sans réponse")
    assert len(replies()) == 1


def test_a_message_delivered_twice_counts_once(text):
    create_invitation()
    text("4", message_id="SMx")
    text("4", message_id="SMx")
    assert answers() == {"satisfaction": 4}
    assert len(replies()) == 1


def test_a_second_reply_before_our_question_went_out_corrects_the_first(text):
    create_invitation()
    text("4")
    text("5", arrived=False)
    assert answers() == {"satisfaction": 5}
    assert len(replies()) == 1


def test_web_sends_the_link_and_the_next_page_is_the_next_question(text, client):
    invitation = create_invitation()
    text("4")
    assert text("WEB")
    assert f"https://x.example{link_of(invitation)}" in replies()[-1]
    assert "Recommanderiez-vous" in client.get(link_of(invitation)).text


def test_a_number_nobody_asked_is_not_ours(text):
    create_invitation()
    create_invitation(phone="+33612345679", disposition="queued", sent_at=None)
    create_invitation(create_draw(collection="web"), phone="+33612345670")
    assert not any(text("4", phone=phone) for phone in ("+33699999999", "+33612345679", "+33612345670"))


def test_after_expiry_it_is_said_once_that_the_survey_is_closed(text):
    create_invitation()
    late = NOW + timedelta(days=8)
    assert text("4", now=late)
    assert "https://x.example/complain" in replies()[0]
    assert text("5", now=late)
    assert not text("Mais pourquoi ne répondez-vous jamais à personne", now=late)
    assert (len(replies()), answers()) == (1, {})
    assert not text("4", now=NOW + timedelta(days=60))


def test_thanks_after_the_end_trouble_nobody_and_a_long_message_reaches_people(text):
    create_invitation()
    for body in ("4", "9", "oui", "0"):
        text(body)
    assert text("Merci !")
    assert not text("et j'attends toujours mon remboursement")
    assert len(replies()) == 4


def test_stop_ends_every_waiting_interview_of_the_number(text):
    first, second = create_invitation(), create_invitation(create_draw(create_principal()))
    text("4")
    assert interviews.stop(PHONE, NOW) == 2
    db.session.commit()
    assert {first.disposition, second.disposition} == {"refused"}
    assert interviews.stop(PHONE, NOW) == 0


def test_stop_leaves_what_was_not_sent_to_be_never_sent(app):
    invitation = create_invitation(disposition="queued", sent_at=None)
    assert interviews.stop(PHONE, NOW) == 0
    assert invitation.disposition == "queued"


def test_two_replies_at_once_on_postgresql_both_count(pg_app):
    from threading import Barrier, Thread

    create_invitation()
    barrier, failures = Barrier(2), []

    def reply(number):
        with pg_app.app_context():
            barrier.wait()
            try:
                interviews.receive_sms(PHONE, "4", f"SM{number}", NOW, secret=SECRET, public_url="https://x.example")
                db.session.commit()
            except Exception as failure:
                failures.append(failure)

    threads = [Thread(target=reply, args=(number,)) for number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    kinds = db.session.scalars(db.select(AnswerEvent.kind).order_by(AnswerEvent.position)).all()
    assert kinds == ["answer", "asked", "answer"]
    assert answers() == {"satisfaction": 4}


def test_words_of_replies_that_move_the_invitation_and_that_do_not_are_stored_on_postgresql(pg_app):
    invitation = create_invitation()
    for number, body in enumerate(("bof", "bof bof")):
        interviews.receive_sms(PHONE, body, f"SM{number}", NOW, secret=SECRET, public_url="https://x.example")
        db.session.commit()
    told = db.select(AnswerEvent.position, AnswerEvent.kind, AnswerText.text).outerjoin(AnswerText)
    rows = db.session.execute(told.order_by(AnswerEvent.position)).all()
    assert [row.position for row in rows] == list(range(len(rows)))
    assert [(row.kind, row.text) for row in rows if row.text] == [("unread", "bof"), ("unread", "bof bof")]
    assert [row.kind for row in rows if not row.text] == ["asked"]
    db.session.refresh(invitation)
    assert (invitation.disposition, invitation.started_at) == ("started", NOW)
    assert [step.disposition for step in history(invitation.id)][-1:] == ["started"]


@pytest.mark.parametrize(
    "answered, disposition", [(("4", "9", "oui"), "partial"), (("4", "9"), "partial"), (("4",), "broken_off")]
)
def test_an_interview_left_is_partial_from_half_of_its_questions_on(text, answered, disposition):
    invitation = create_invitation()
    for body in answered:
        text(body)
    assert interviews.settle_expired(NOW) == 0
    assert interviews.settle_expired(NOW + timedelta(days=7)) == 1
    db.session.commit()
    assert db.session.get(Invitation, invitation.id).disposition == disposition


def test_whoever_answers_one_more_question_on_the_web_does_not_count_less_for_it(text):
    invitation = create_invitation()
    for body in ("4", "9", "oui"):
        text(body)
    interview = interview_of(invitation.id)
    take(interview, WebPage("effort.6", {"effort": ("5",)}), "web:1", NOW)
    db.session.commit()
    assert interviews.settle_expired(NOW + timedelta(days=7)) == 1
    assert db.session.get(Invitation, invitation.id).disposition == "partial"
