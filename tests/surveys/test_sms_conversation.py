"""What an interview by SMS says and leaves unsaid: languages, people, late replies, two interviews on one number."""

import re
from datetime import date, timedelta

import pytest

from foundation.database import db
from notifications.models import OutboxMessage
from notifications.segments import cost
from notifications.services import enqueue
from surveys import sms_texts
from surveys.commands import language_asked_for
from surveys.distress import speaks_of_distress
from surveys.engine import WebPage
from surveys.models import AnswerEvent, AnswerText
from surveys.queries.interviews import interview_of
from surveys.queries.phones import waiting_interviews
from surveys.questionnaires import compile_version
from surveys.services.recording import take
from surveys.storage import model_definition
from tests.conftest import create_user, signed_in, submit_with
from tests.surveys.answer_factories import NOW, create_draw, create_invitation, create_principal
from tests.surveys.test_interviews_by_sms import PHONE, answers, replies, text

__all__ = ["text"]


def kinds():
    db.session.rollback()
    rows = db.session.scalars(db.select(AnswerEvent).order_by(AnswerEvent.id))
    return [(row.kind, row.question_id) for row in rows]


def states():
    db.session.rollback()
    rows = db.select(OutboxMessage.state, OutboxMessage.last_error).order_by(OutboxMessage.id)
    return db.session.execute(rows).tuples().all()


def say_invitation(invitation, at):
    """The message that an invitation was sent as."""
    message = enqueue(
        channel="sms",
        recipient=PHONE,
        body="…",
        purpose="survey",
        business_key=f"invitation:{invitation.id}:1",
        subject_key=f"invitation:{invitation.id}",
        language="fr",
        zone="Europe/Paris",
        now=at,
    )
    message.state, message.sent_at = "delivered", at
    db.session.commit()


def test_the_first_message_says_how_long_it_takes_and_no_later_one_does(text):
    version = compile_version(model_definition("post_contact"))
    first = sms_texts.invitation(version, "Belline", "votre appel du 17 nov.", "https://x.example/s/a", "fr").body
    assert "4 questions, 1 minute" in first and first.count("STOP") == 1
    create_invitation()
    for body in ("4", "9", "oui", "0"):
        text(body)
    assert not any("minute" in reply or "STOP" in reply for reply in replies())


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("channel, direction", [(name, "in") for name in sms_texts.CONTACTS] + [("phone", "out")])
def test_brand_and_contact_stand_in_the_first_forty_characters(language, channel, direction):
    version = compile_version(model_definition("post_contact"))
    brand = "B" * 24
    phrase = sms_texts.contact_phrase(channel, direction, date(2026, 9, 28), "retard de livraison", language)
    for collection in ("sms", "web"):
        said = sms_texts.invitation(version, brand, phrase, "https://x.example/s/a", language, collection).body
        assert said[: sms_texts.FIRST_WORDS].startswith(f"{brand}, {phrase.split(' du ')[0].split(' of ')[0]}")


def test_every_scale_names_both_its_ends_each_time(text):
    version = compile_version(model_definition("post_contact"))
    for language in ("fr", "en"):
        for asked in version.asked_by("sms"):
            if asked.type.reply_form != "scale":
                continue
            ends = asked.type.options(asked, language)
            for again in (False, True):
                said = sms_texts.question(version, asked, "B", language, again).body
                assert re.search(rf"\b{ends[0].value} \(.+\) \S+ {ends[-1].value} \(", said), said


def test_own_words_that_name_only_one_end_get_the_accepted_form():
    definition = model_definition("post_contact")
    definition["questions"][1]["sms"] = {"fr": "Nous recommandez-vous ? 10 est le mieux.", "en": "10 is best."}
    version = compile_version(definition)
    said = sms_texts.question(version, version.questions[1], "B", "fr").body
    assert said.endswith("Répondez par un chiffre de 0 (certainement pas) à 10 (certainement).")


@pytest.mark.parametrize("body, question", [("EN", "recommend"), ("English", "recommend"), (" english please ", "rec")])
def test_a_language_by_name_is_spoken_from_then_on(text, body, question):
    invitation = create_invitation()
    text("4")
    assert text(body)
    assert question in replies()[-1]
    assert kinds()[-2:] == [("language", None), ("asked", "recommendation")]
    text("blah")
    assert replies()[-1].startswith("We could not read your reply.")
    text("9")
    assert "Was your request solved" in replies()[-1]
    text("Français")
    assert "Votre demande" in replies()[-1]
    assert answers(invitation) == {"satisfaction": 4, "recommendation": 9}


def test_a_question_that_waits_to_go_out_is_taken_back_for_the_one_in_the_language_asked_for(text):
    create_invitation()
    text("4")
    text("EN", arrived=False)
    assert states() == [("suppressed", "out-of-date"), ("queued", None)]
    text("9")
    assert "Was your request solved" in replies()[-1]


def test_a_greeting_and_an_answer_in_two_messages_get_one_question(text):
    invitation = create_invitation()
    text("bonjour")
    text("4", arrived=False)
    assert states() == [("suppressed", "out-of-date"), ("queued", None)]
    assert replies()[-1].startswith("Recommanderiez-vous")
    text("9")
    assert answers(invitation) == {"satisfaction": 4, "recommendation": 9}


def test_a_question_that_waits_to_go_out_is_taken_back_once_the_web_answered_it(text):
    invitation = create_invitation()
    text("4")
    take(interview_of(invitation.id), WebPage("recommendation.2", {"recommendation": ("7",)}), "web:1", NOW)
    db.session.commit()
    assert states() == [("suppressed", "out-of-date")]
    text("5", arrived=False)
    assert answers(invitation) == {"satisfaction": 5, "recommendation": 7}


def test_words_that_answer_are_no_language():
    assert language_asked_for("FR", ("fr", "en")) == "fr"
    assert language_asked_for("EN", ("fr",)) is None
    assert language_asked_for("en colère", ("fr", "en")) is None


@pytest.mark.parametrize(
    "body", ["Je vais me suicider", "my husband died last week", "J’en peux plus, je suis désespérée", "Au secours !"]
)
def test_words_of_distress_leave_the_questions_for_a_person(text, body):
    invitation = create_invitation()
    text("4")
    assert not text(body)
    assert "112" in replies()[-1] and "?" not in replies()[-1]
    assert kinds()[-1] == ("person", "recommendation")
    assert db.session.scalars(db.select(AnswerText.text)).all() == [body]
    assert not text("8")
    assert not text("pourquoi moi")
    assert len(replies()) == 2
    assert answers(invitation) == {"satisfaction": 4}
    assert invitation.disposition == "started"


@pytest.mark.parametrize("body", ["ma box est morte", "8 mais j'attends toujours", "2 personne ne rappelle", "RAS"])
def test_everyday_anger_is_no_distress(body):
    assert not speaks_of_distress(body)


def test_a_message_for_a_person_leaves_what_it_answers_and_the_questions_come_back_when_asked_for(text):
    invitation = create_invitation()
    text("4")
    assert not text("2 je porte plainte", complains=True)
    assert answers(invitation)["recommendation"] == 2
    assert "SUITE" in replies()[-1]
    assert kinds()[-1] == ("person", "recommendation")
    assert text("Suite")
    assert replies()[-1].startswith("Votre demande a-t-elle")
    assert text("oui")
    assert answers(invitation)["solved"] == "yes"


def test_a_person_lets_the_questions_go_on(app, text):
    invitation = create_invitation()
    text("4")
    text("je vais mourir")
    said = app.test_cli_runner().invoke(args=["surveys", "go-on", invitation.public_id])
    assert (said.exit_code, replies()[-1][:20]) == (0, "Recommanderiez-vous "), said.output
    assert text("9")
    assert answers(invitation) == {"satisfaction": 4, "recommendation": 9}
    again = app.test_cli_runner().invoke(args=["surveys", "go-on", invitation.public_id])
    assert again.exit_code == 2
    assert len(replies()) == 4


def test_a_button_on_the_page_of_the_invitation_lets_the_questions_go_on(app, text):
    invitation = create_invitation()
    text("4")
    handler, reader = signed_in(app, create_user("quality")), signed_in(app, create_user("auditor"))
    page = f"/surveys/invitations/{invitation.public_id}"
    assert "Envoyer la question en attente" not in handler.get(page).text
    text("je vais mourir")
    assert "Envoyer la question en attente" in handler.get(page).text
    assert "Envoyer la question en attente" not in reader.get(page).text
    said = submit_with(handler, f"{page}/go-on", page)
    assert (said.location, replies()[-1][:20]) == (page, "Recommanderiez-vous ")
    told = handler.get(page).text
    assert "La question en attente est envoyée." in told and "Envoyer la question en attente" not in told
    submit_with(handler, f"{page}/go-on", page)
    assert "n’a pas été confié" in handler.get(page).text and len(replies()) == 3
    assert submit_with(reader, f"{page}/go-on", page).status_code == 403


def test_the_page_goes_on_with_what_was_left_to_a_person(text):
    invitation = create_invitation()
    text("4")
    text("je veux faire une réclamation", complains=True)
    take(interview_of(invitation.id), WebPage("recommendation.4", {"recommendation": ("7",)}), "web:1", NOW)
    db.session.commit()
    assert text("9")
    assert answers(invitation)["recommendation"] == 9


def test_a_complaint_where_complaints_are_asked_about_is_an_answer(text):
    create_invitation()
    for body in ("1", "0", "non", "0"):
        text(body)
    assert text("oui, je veux faire une réclamation", complains=True)
    assert ("completed", None) in kinds()


def test_stop_beats_distress_and_every_command(text):
    invitation = create_invitation()
    text("je vais me suicider")
    take(interview_of(invitation.id), _stop(), "stop", NOW)
    db.session.commit()
    assert invitation.disposition == "refused"


def _stop():
    from surveys.engine import SmsReply

    return SmsReply(" STOP ! ", "fr", for_person="distress")


def test_a_reply_to_a_survey_completed_on_the_web_is_kept_and_told_so_once(text):
    invitation = create_invitation()
    text("4")
    version = interview_of(invitation.id).version
    for number, asked in enumerate(version.questions):
        interview = interview_of(invitation.id)
        if not interview.state.ended:
            take(interview, WebPage(f"{asked.id}.{len(interview.events)}", {asked.id: ()}), f"web:{number}", NOW)
    db.session.commit()
    before = len(replies())
    assert text("8") and text("9")
    assert replies()[before:] == [reply for reply in replies() if "déjà rempli" in reply]
    assert len(replies()) == before + 1
    assert [kind for kind, _name in kinds()][-2:] == ["late", "late"]


def test_of_two_interviews_the_one_that_wrote_last_gets_the_reply(text):
    older = create_invitation(sent_at=NOW - timedelta(days=2))
    newer = create_invitation(create_draw(create_principal()), sent_at=NOW - timedelta(days=1))
    for invitation in (newer, older):
        say_invitation(invitation, invitation.sent_at)
    text("4")
    assert (answers(older), answers(newer)) == ({}, {"satisfaction": 4})
    text("9")
    assert (answers(older), answers(newer)) == ({}, {"satisfaction": 4, "recommendation": 9})


def test_what_answers_a_finished_interview_is_no_answer_to_an_older_one(text):
    older = create_invitation(sent_at=NOW - timedelta(days=2))
    finished = create_invitation(create_draw(create_principal()), disposition="completed", sent_at=NOW)
    text("4")
    assert (answers(older), answers(finished)) == ({}, {})
    assert kinds() == [("late", "satisfaction")]


def test_what_answers_a_link_is_no_answer_to_an_older_interview_by_sms(text):
    older = create_invitation(sent_at=NOW - timedelta(days=2))
    by_web = create_invitation(create_draw(collection="web"), sent_at=NOW - timedelta(days=1))
    for invitation in (older, by_web):
        say_invitation(invitation, invitation.sent_at)
    assert not text("4")
    assert kinds() == []


def test_a_number_in_an_interview_waits_until_it_ended_or_ran_out(text):
    assert waiting_interviews([PHONE], NOW) == {}
    invitation = create_invitation()
    assert waiting_interviews([PHONE], NOW) == {PHONE: invitation.id}
    assert waiting_interviews([PHONE], invitation.expires_at) == {}
    for body in ("4", "9", "oui", "0"):
        text(body)
    assert waiting_interviews([PHONE], NOW) == {}


def test_each_customer_behind_one_number_answers_their_own_interview(text):
    """The second is asked when the first has ended, so that no answer has two possible owners."""
    first = create_invitation()
    for body in ("4", "9", "oui", "0"):
        text(body)
    second = create_invitation(create_draw(create_principal()), sent_at=NOW + timedelta(days=1))
    assert first.customer_id != second.customer_id
    say_invitation(second, second.sent_at)
    text("2", now=NOW + timedelta(days=1))
    assert answers(first)["satisfaction"] == 4
    assert answers(second) == {"satisfaction": 2}


def test_the_messages_of_an_interview_cost_two_parts_of_gsm_at_most():
    version = compile_version(model_definition("post_contact"))
    for language in ("fr", "en"):
        for name in ("person", "distress", "already", "closed"):
            said = sms_texts.other(version, name, "B" * 40, language, "https://satisfaction.exemple-groupe.fr/complain")
            assert (cost(said.body).encoding, cost(said.body).parts <= 2) == ("gsm7", True)
