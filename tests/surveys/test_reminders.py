"""Reminders and waiting: what goes out, what is taken back, and what never comes."""

import random
from datetime import timedelta
from itertools import pairwise
from threading import Barrier, Thread

import pytest

import followup
from contacts.models import Customer, Hold
from contacts.services import hold_customer, lift_hold
from foundation.database import db
from notifications import outbox
from notifications.dispatcher.claims import claim
from notifications.dispatcher.senders import due_senders
from notifications.models import OutboxMessage
from notifications.services import opt_out
from surveys import tokens
from surveys.engine import Ask, Ending, SmsReply, WebPage, next_step
from surveys.models import Invitation, InvitationEvent
from surveys.queries.interviews import interview_of
from surveys.services.deliveries import note_deliveries
from surveys.services.interviews import settle_expired
from surveys.services.recording import take
from surveys.services.reminding import hold_back, remind_due
from surveys.services.sending import release_held, send_invitations
from tests.notifications.factories import QUICK, ScriptedProvider, post_of
from tests.surveys.factories import (
    NOW,
    create_contact,
    create_customer,
    create_draw,
    create_period,
    create_principal,
    create_programme_of,
    create_site,
    invitations_of,
)

CHANNELS = ["sms", "email"]
SECRET, URL = "a secret for tests that is long enough", "https://avis.example"
GAP = timedelta(hours=48)
TERMS = {"method": "everyone", "sample_size": None, "reminders": 2, "reminder_gap_hours": 48, "validity_days": 10}


def asked(customers=1, now=NOW, **changes):
    """So many customers, drawn and written to at ``now``, under terms with two reminders two days apart."""
    principal, site = create_principal(), create_site()
    for _ in range(customers):
        create_contact(principal, site, create_customer(principal))
    create_period(principal)
    draw = create_draw(create_programme_of(principal, **TERMS | changes))
    send(draw, now)
    return draw


def send(draw, now=NOW):
    for _piece in send_invitations(draw.id, SECRET, URL, now):
        db.session.commit()


def round_at(now):
    """The round that the worker makes; how many reminders it queued."""
    for _piece in release_held(SECRET, URL, now):
        db.session.commit()
    queued = sum(remind_due(SECRET, URL, now))
    db.session.commit()
    return queued


def leave(now):
    """Let the dispatcher take up what is due, and the network bring it."""
    post = post_of(ScriptedProvider())
    taken = []
    for due in due_senders(CHANNELS, now):
        for lane in (0, 1):
            taken += claim(post, due, lane, 50, "test", now, QUICK).messages
    for one in taken:
        outbox.advance(one.id, "delivered", now)
    db.session.commit()
    return [db.session.get(OutboxMessage, one.id) for one in taken]


def messages(purpose="reminder"):
    return list(db.session.scalars(db.select(OutboxMessage).filter_by(purpose=purpose).order_by(OutboxMessage.id)))


def only(draw):
    (invitation,) = invitations_of(draw)
    db.session.refresh(invitation)
    return invitation


def reply(invitation, body, now):
    take(interview_of(invitation.id), SmsReply(body, "fr"), f"sms:{body}:{now}", now)
    db.session.commit()


def end(invitation, how, now, mode="web"):
    take(interview_of(invitation.id), Ending(how, mode), f"end:{invitation.id}:{how}", now)
    db.session.commit()


@pytest.mark.usefixtures("app")
class TestWhoIsReminded:
    def test_at_most_so_many_reminders_go_out_so_far_apart(self):
        draw = asked()
        leave(NOW)
        assert round_at(NOW + GAP - timedelta(minutes=1)) == 0
        for number in (1, 2):
            at = NOW + number * GAP
            assert round_at(at) == 1
            assert [one.business_key for one in leave(at)] == [f"invitation:{only(draw).id}:reminder:{number}"]
        assert round_at(NOW + 3 * GAP) == 0

    def test_a_round_that_comes_twice_or_late_reminds_once(self):
        asked()
        leave(NOW)
        late = NOW + 3 * GAP
        assert [round_at(late), round_at(late), round_at(late + timedelta(minutes=5))] == [1, 0, 0]
        assert len(messages()) == 1

    def test_the_next_one_counts_from_when_the_last_one_left(self):
        asked()
        leave(NOW)
        assert round_at(NOW + GAP) == 1  # and the dispatcher stands still for a day
        assert round_at(NOW + 2 * GAP) == 0
        leave(NOW + 2 * GAP)
        assert round_at(NOW + 2 * GAP + timedelta(hours=1)) == 0
        assert round_at(NOW + 3 * GAP) == 1

    def test_whoever_answered_a_while_ago_is_left_alone_for_the_gap(self):
        draw = asked()
        leave(NOW)
        reply(only(draw), "4", NOW + timedelta(hours=47))
        assert round_at(NOW + GAP) == 0
        assert round_at(NOW + GAP + timedelta(hours=47)) == 1

    def test_after_its_time_nobody_is_reminded(self):
        asked()
        leave(NOW)
        assert round_at(NOW + timedelta(days=10)) == 0

    def test_without_reminders_in_the_terms_there_are_none(self):
        asked(reminders=0)
        leave(NOW)
        assert round_at(NOW + GAP) == 0

    @pytest.mark.parametrize("how", ["completed", "refused", "wrong_person", "stopped"])
    def test_whoever_has_ended_is_not_reminded_and_what_waits_is_taken_back(self, how):
        draw = asked()
        leave(NOW)
        round_at(NOW + GAP)
        _finish(only(draw), how, NOW + GAP + timedelta(seconds=1))
        (waiting,) = messages()
        assert (waiting.state, waiting.last_error) == (
            "suppressed",
            "opted-out" if how == "stopped" else "interview-over",
        )
        assert leave(NOW + GAP + timedelta(minutes=1)) == []
        assert round_at(NOW + 3 * GAP) == 0

    def test_what_nobody_took_back_is_found_when_it_is_about_to_leave(self):
        draw = asked()
        only(draw).disposition = "refused"  # as by a transaction that could not see the message yet
        db.session.commit()
        assert leave(NOW) == []
        assert [(one.state, one.last_error) for one in messages("survey")] == [("suppressed", "interview-over")]

    def test_who_wants_no_reminders_may_still_answer(self):
        draw = asked()
        leave(NOW)
        phone = db.session.get(Customer, only(draw).customer_id).phone
        opt_out(phone, draw.principal_id, "link", NOW, topic="reminder")
        db.session.commit()
        round_at(NOW + GAP)
        assert [one.state for one in messages()] == ["suppressed"]
        assert only(draw).disposition == "delivered"

    def test_a_reminder_that_waited_while_its_customer_went_on_answering_does_not_go(self):
        draw = asked()
        leave(NOW)
        round_at(NOW + GAP)
        reply(only(draw), "4", NOW + GAP + timedelta(minutes=1))
        assert leave(NOW + GAP + timedelta(minutes=2)) == []
        assert [one.last_error for one in messages()] == ["out-of-date"]


def _finish(invitation, how, now):
    if how != "completed":
        return end(invitation, how, now)
    for number in range(20):
        found = interview_of(invitation.id)
        step = next_step(found.version, found.state, "web", seed=found.seed)
        if not isinstance(step, Ask):
            return db.session.commit()
        raw = {"satisfaction": "5", "recommendation": "9", "effort": "6", "solved": "yes"}
        answers = {one.question.id: (raw.get(one.question.id, ""),) for one in step.asked}
        take(found, WebPage(step.step, answers), f"web:{number}", now)
        db.session.commit()
    raise AssertionError("it never ends")


@pytest.mark.usefixtures("app")
class TestWhatItSays:
    def test_by_sms_the_question_where_the_interview_stands_comes_again_with_the_same_link(self):
        draw = asked()
        leave(NOW)
        round_at(NOW + GAP)
        (first,) = leave(NOW + GAP)
        assert "de 1 (" in first.body and first.body.startswith("Belline, rappel")
        reply(only(draw), "4", NOW + GAP + timedelta(hours=1))
        round_at(NOW + 3 * GAP)
        second = messages()[1]
        assert "0 (" in second.body and "de 1 (" not in second.body
        assert tokens.token_hash(_link(second)) == only(draw).token_hash

    def test_on_the_web_the_link_comes_again(self):
        draw = asked(collection="web")
        leave(NOW)
        round_at(NOW + GAP)
        (message,) = messages()
        assert f"{URL}/s/" in message.body and "rappel" in message.body
        assert tokens.token_hash(_link(message)) == only(draw).token_hash


def _link(message):
    return message.body.partition("/s/")[2].split()[0]


def _asked_at(phone):
    """Somebody with that number, asked by a principal of their own."""
    principal = create_principal()
    create_contact(principal, create_site(), create_customer(principal, phone=phone))
    create_period(principal)
    draw = create_draw(create_programme_of(principal, **TERMS))
    send(draw)
    return only(draw)


@pytest.mark.usefixtures("app")
class TestWaiting:
    def test_an_open_complaint_lets_the_invitation_wait_and_the_end_of_the_case_sends_it(self):
        principal, site = create_principal(), create_site()
        customer = create_customer(principal)
        create_contact(principal, site, customer)
        create_period(principal)
        draw = create_draw(create_programme_of(principal, **TERMS))
        hold_customer(customer.id, "complaint", "complaint:1", NOW)
        db.session.commit()
        send(draw)
        assert (only(draw).disposition, messages("survey")) == ("held", [])
        round_at(NOW + timedelta(days=2))
        assert only(draw).disposition == "held"
        lift_hold("complaint:1", NOW + timedelta(days=3))
        round_at(NOW + timedelta(days=3))
        assert [one.state for one in messages("survey")] == ["queued"]
        assert only(draw).expires_at == NOW + timedelta(days=13)

    def test_what_waited_as_long_as_its_link_would_have_been_open_is_never_sent_and_says_why(self):
        draw = asked()
        invitation = only(draw)
        hold_customer(invitation.customer_id, "complaint", "complaint:1", NOW)
        assert hold_back(invitation.customer_id, "complaint", NOW) == 1
        db.session.commit()
        assert only(draw).disposition == "held"
        lift_hold("complaint:1", NOW + timedelta(days=11))
        round_at(NOW + timedelta(days=11))
        last = db.session.scalars(db.select(InvitationEvent).order_by(InvitationEvent.id.desc())).first()
        assert (only(draw).disposition, last.reason) == ("not_sent", "hold-complaint")

    def test_so_is_what_was_held_before_it_was_ever_put_in_the_outbox(self):
        principal, site = create_principal(), create_site()
        customer = create_customer(principal)
        create_contact(principal, site, customer)
        create_period(principal)
        draw = create_draw(create_programme_of(principal, **TERMS))
        hold_customer(customer.id, "complaint", "complaint:1", NOW)
        db.session.commit()
        send(draw)
        round_at(NOW + timedelta(days=9))
        assert only(draw).disposition == "held"
        round_at(NOW + timedelta(days=11))
        assert (only(draw).disposition, messages("survey")) == ("not_sent", [])

    def test_a_complaint_takes_back_the_reminder_and_leaves_the_interview(self):
        draw = asked()
        leave(NOW)
        round_at(NOW + GAP)
        invitation = only(draw)
        hold_customer(invitation.customer_id, "complaint", "complaint:1", NOW + GAP)
        hold_back(invitation.customer_id, "complaint", NOW + GAP)
        db.session.commit()
        assert [one.last_error for one in messages()] == ["on-hold"]
        assert only(draw).disposition == "delivered"
        assert round_at(NOW + 2 * GAP) == 0

    def test_who_works_here_turns_out_not_to_be_asked(self):
        principal, site = create_principal(), create_site()
        customer = create_customer(principal)
        create_contact(principal, site, customer)
        create_period(principal)
        draw = create_draw(create_programme_of(principal, **TERMS))
        db.session.add(Hold(customer_id=customer.id, code="staff", key="staff:1", starts_at=NOW))
        db.session.commit()
        send(draw)
        assert only(draw).disposition == "ineligible"

    def test_a_number_is_asked_one_survey_by_sms_at_a_time(self):
        first, second = (_asked_at("+33612345678") for _ in range(2))
        assert (first.disposition, second.disposition) == ("queued", "held")
        leave(NOW)
        round_at(NOW + timedelta(hours=1))
        assert db.session.get(Invitation, second.id).disposition == "held"
        end(first, "refused", NOW + timedelta(hours=2))
        round_at(NOW + timedelta(hours=2))
        assert db.session.get(Invitation, second.id).disposition == "queued"

    def test_no_message_leaves_before_the_delay_after_the_contact(self):
        draw = asked(send_delay_hours=24 * 60)
        (message,) = messages("survey")
        contact_at = interview_of(only(draw).id).contact.started_at
        assert message.not_before == contact_at + timedelta(days=60) > NOW
        assert only(draw).expires_at == message.not_before + timedelta(days=10)

    def test_a_hold_that_the_outbox_has_not_heard_of_is_found_when_the_message_is_about_to_leave(self):
        draw = asked()
        hold_customer(only(draw).customer_id, "complaint", "complaint:1", NOW)
        db.session.commit()
        assert leave(NOW) == []
        assert [one.state for one in messages("survey")] == ["queued"]
        lift_hold("complaint:1", NOW + timedelta(minutes=20))
        db.session.commit()
        assert len(leave(NOW + timedelta(minutes=20))) == 1

    def test_an_opened_case_takes_back_what_waits(self):
        draw = asked()
        case = type("Case", (), {"id": 7, "customer_id": only(draw).customer_id, "state": "received"})
        followup.on_case_opened(case, now=NOW)
        db.session.commit()
        assert only(draw).disposition == "held"
        assert [one.last_error for one in messages("survey")] == ["on-hold"]


@pytest.fixture(params=["app", "pg_app"])
def either(request):
    """SQLite and PostgreSQL."""
    return request.getfixturevalue(request.param)


def test_invariant_8_no_reminder_is_taken_up_after_the_end_was_committed(either):
    """Whatever the order of answers, ends, holds, rounds, stops and the dispatcher: at most two, far enough apart."""
    chance = random.Random(8)
    for story in range(6):
        draw = asked(now=NOW)
        _tell(draw, chance, story)


def _tell(draw, chance, story):
    now, ended_at, holds = NOW, None, 0
    gone = []
    for _ in range(chance.randint(6, 22)):
        now += timedelta(hours=chance.choice([0, 1, 7, 24, 49]))
        invitation = only(draw)
        match chance.choice(["round", "round", "leave", "leave", "answer", "hold", "lift", "end", "settle", "stop"]):
            case "round":
                round_at(now)
            case "leave":
                gone += [(one.purpose, now) for one in leave(now)]
            case "answer" if ended_at is None and invitation.sent_at:
                reply(invitation, chance.choice(["4", "9", "0", "oui", "peut-être"]), now)
            case "hold":
                holds += 1
                hold_customer(invitation.customer_id, "complaint", f"case:{story}:{holds}", now)
                hold_back(invitation.customer_id, "complaint", now)
                db.session.commit()
            case "lift":
                lift_hold(f"case:{story}:{holds}", now)
                db.session.commit()
            case "end" if invitation.sent_at and ended_at is None and chance.random() < 0.5:
                end(invitation, "refused", now)
            case "settle":
                settle_expired(now)
                db.session.commit()
            case "stop" if chance.random() < 0.2:
                opt_out(db.session.get(Customer, invitation.customer_id).phone, None, "sms", now)
                db.session.commit()
        if ended_at is None and only(draw).disposition in ("completed", "refused", "wrong_person", "not_sent"):
            ended_at = now
    moments = [at for _purpose, at in gone]
    assert sum(purpose == "survey" for purpose, _at in gone) <= 1
    assert sum(purpose == "reminder" for purpose, _at in gone) <= 2
    assert all(later - earlier >= GAP for earlier, later in pairwise(moments))
    assert ended_at is None or all(at <= ended_at for at in moments)
    assert all(purpose == "survey" for purpose, _at in gone[:1])


def test_invariant_8_an_end_and_the_dispatcher_at_once(pg_app):
    """Twenty customers end in the instant their reminders are taken up: each reminder is taken up before its end."""
    draw = asked(customers=20)
    leave(NOW)
    round_at(NOW + GAP)
    ids = [invitation.id for invitation in invitations_of(draw)]
    db.session.rollback()
    barrier, failures, ended, claimed = Barrier(2), [], {}, {}

    def customers():
        barrier.wait()
        with pg_app.app_context():
            try:
                for one in ids:
                    take(interview_of(one), Ending("refused", "web"), f"end:{one}", NOW + GAP)
                    db.session.commit()
                    ended[one] = db.session.scalar(db.text("SELECT clock_timestamp()"))
                    db.session.rollback()
            except Exception as failure:
                failures.append(failure)

    def dispatcher():
        barrier.wait()
        with pg_app.app_context():
            try:
                post = post_of(ScriptedProvider())
                for _ in range(40):
                    for due in due_senders(CHANNELS, NOW + GAP):
                        begun = db.session.scalar(db.text("SELECT clock_timestamp()"))
                        for one in claim(post, due, 1, 2, "test", NOW + GAP, QUICK).messages:
                            claimed[one.id] = begun
            except Exception as failure:
                failures.append(failure)

    threads = [Thread(target=each) for each in (customers, dispatcher)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert failures == []
    subjects = {one.id: int(one.subject_key.partition(":")[2]) for one in messages()}
    late = [one for one, at in claimed.items() if at > ended[subjects[one]]]
    assert late == []
    assert (
        len(claimed)
        + sum(one.state == "suppressed" for one in messages())
        + sum(one.state == "queued" for one in messages())
        == 20
    )


@pytest.mark.usefixtures("app")
def test_news_of_a_reminder_that_did_not_arrive_leaves_the_invitation_where_it_is():
    draw = asked()
    (message,) = messages("survey")
    outbox.advance(message.id, "sent", NOW)
    db.session.commit()
    round_at(NOW + GAP)
    (reminder,) = messages()
    outbox.advance(reminder.id, "failed", NOW + GAP)
    db.session.commit()
    assert only(draw).disposition == "sent"
    note_deliveries([(only(draw).id, "delivered", NOW + GAP, None)])
    assert only(draw).disposition == "delivered"


def test_a_reminder_brings_the_link_alone_where_the_web_went_past_what_was_asked_by_sms(app):
    """A reply is an answer to the last question sent by SMS; another one in a reminder would get it wrongly."""
    (invitation,) = invitations_of(asked())
    leave(NOW)
    interview = interview_of(invitation.id)
    take(interview, SmsReply("4", "fr"), "sms:1", NOW)
    interview = interview_of(invitation.id)
    page = WebPage(f"recommendation.{len(interview.events)}", {"recommendation": ("9",)})
    take(interview, page, "web:1", NOW)
    db.session.commit()
    leave(NOW)
    round_at(NOW + GAP)
    (reminder,) = leave(NOW + GAP)
    assert "/s/" in reminder.body
    assert "satisfaction" not in reminder.body and "Votre demande" not in reminder.body
