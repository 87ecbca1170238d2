"""The real twilio client against an HTTP server of our own."""

import os
import socket
from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest

from app import create_app
from foundation.database import db
from foundation.web import clock
from notifications import engines
from notifications.dispatcher.reconciling import ask_after, reconcile
from notifications.dispatcher.sending import dispatch
from notifications.models import OutboxEvent, OutboxMessage, Sender
from notifications.twilio_sms import Account, TwilioSms
from tests.notifications.factories import PHONE, QUICK, create_message, post_of
from tests.notifications.twilio_fake import SID, TwilioFake

SERVICE = "MG" + "1" * 32


@pytest.fixture
def fake():
    server = TwilioFake()
    yield server
    server.close()


@pytest.fixture
def app(app):
    # The client and the server at the other end know the real time only.
    clock.start_at(None)
    return app


def provider_for(fake, seconds=0.5, lag=0, **account):
    account = {"messaging_service_sid": SERVICE} | account
    provider = TwilioSms(Account(SID, "token", base_url=fake.url, **account), "https://centre.example", seconds)
    provider.lag = timedelta(seconds=lag)
    return provider


def ask(**changes):
    return create_message(now=datetime.now(UTC), **changes)


def test_it_creates_the_message_through_the_messaging_service_and_says_where_news_goes(app, fake):
    message = ask(body="Énergie du Rhône : votre avis ?", expires_at=datetime.now(UTC) + timedelta(hours=1))
    dispatch(post_of(provider_for(fake)), QUICK)
    sent = fake.requests[0]
    assert (sent["To"], sent["Body"], sent["MessagingServiceSid"]) == (message.recipient, message.body, SERVICE)
    assert sent["StatusCallback"] == f"https://centre.example/webhooks/twilio/status?id={message.public_id}"
    assert 3500 < int(sent["ValidityPeriod"]) <= 3600
    assert not {"SendAt", "SmartEncoded", "ShortenUrls", "ContentRetention"} & set(sent)
    assert (message.state, message.provider_id) == ("accepted", fake.messages[0]["sid"])


def test_it_sends_from_a_number_where_there_is_no_service(app, fake):
    ask()
    dispatch(post_of(provider_for(fake, messaging_service_sid="", sender="+33700000000")), QUICK)
    assert (fake.requests[0]["From"], "MessagingServiceSid" in fake.requests[0]) == ("+33700000000", False)


def test_an_address_twilio_could_not_call_is_not_given(app, fake):
    ask()
    local = TwilioSms(Account(SID, "token", SERVICE, base_url=fake.url), "http://127.0.0.1:8000")
    dispatch(post_of(local), QUICK)
    assert "StatusCallback" not in fake.requests[0]


@pytest.mark.parametrize(
    "plan, state, error",
    [
        ("21211", "rejected", "21211"),
        ("21610", "rejected", "21610"),
        ("503", "in_doubt", "http-503"),
        ("503-after", "in_doubt", "http-503"),
        ("stall-after", "in_doubt", "ReadTimeout"),
        ("never-after", "in_doubt", "ReadTimeout"),
    ],
)
def test_each_bad_day_has_its_state(app, fake, plan, state, error):
    message = ask()
    fake.script = [plan]
    dispatch(post_of(provider_for(fake)), QUICK)
    assert (message.state, message.last_error) == (state, error)


@pytest.mark.parametrize("plan, error", [("reset-after", "ConnectionError"), ("garbage-after", "JSONDecodeError")])
def test_an_answer_that_breaks_off_leaves_it_in_doubt(app, fake, plan, error):
    message = ask()
    fake.script = [plan]
    dispatch(post_of(provider_for(fake)), QUICK)
    assert (message.state, message.last_error) == ("in_doubt", error)


@pytest.mark.parametrize("plan", ["503-after", "stall-after", "never-after", "reset-after", "garbage-after", "503"])
def test_whatever_the_bad_day_the_message_reaches_twilio_exactly_once(app, fake, plan):
    message = ask()
    fake.script = [plan]
    post = post_of(provider_for(fake))
    for _ in range(4):
        dispatch(post, QUICK)
        reconcile(post, clock.utc_now(), QUICK)
    assert (message.state, len(fake.messages)) == ("accepted", 1)
    assert message.provider_id == fake.messages[0]["sid"]


def test_words_that_the_service_made_plainer_are_known_again(app, fake):
    message = ask(body="L’équipe : «\u202fmerci\u202f» ")
    fake.script = ["503-after"]
    post = post_of(provider_for(fake))
    dispatch(post, QUICK)
    fake.messages[0]["body"] = 'L\'équipe : "merci"'
    for _ in range(3):
        reconcile(post, clock.utc_now(), QUICK)
    assert (message.state, len(fake.messages)) == ("accepted", 1)


def test_the_same_words_written_to_us_are_not_taken_for_ours(app, fake):
    message = ask()
    fake.script = ["503"]
    post = post_of(provider_for(fake))
    dispatch(post, QUICK)
    heard = fake.hear("+33700000000", message.recipient, message.body)
    for _ in range(3):
        reconcile(post, clock.utc_now(), QUICK)
        dispatch(post, QUICK)
    assert (message.state, len(fake.messages)) == ("accepted", 2)
    assert message.provider_id != heard["sid"]


def test_a_listed_message_without_a_date_is_not_sent_again(app, fake):
    message = ask()
    fake.script = ["503-after"]
    post = post_of(provider_for(fake))
    dispatch(post, QUICK)
    fake.messages[0]["date_created"] = None
    for _ in range(3):
        reconcile(post, clock.utc_now(), QUICK)
    assert (message.state, len(fake.messages)) == ("accepted", 1)


def test_too_many_requests_waits_as_long_as_twilio_asks(app, fake):
    message = ask()
    fake.script = ["429"]
    dispatch(post_of(provider_for(fake)), QUICK)
    waits = (message.not_before - message.changed_at).total_seconds()
    assert (message.state, message.last_error, message.held, waits) == ("queued", "20429", "retry", 7)


def test_wrong_credentials_pause_the_channel(app, fake):
    message = ask()
    fake.script = ["401"]
    dispatch(post_of(provider_for(fake)), QUICK)
    assert message.state == "queued"
    assert db.session.scalars(db.select(Sender.pause_code)).one() == "20003"


def test_a_closed_port_is_certainly_not_sent(app, fake):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        fake.url = f"http://127.0.0.1:{free.getsockname()[1]}"
    message = ask()
    dispatch(post_of(provider_for(fake)), QUICK)
    assert (message.state, message.last_error) == ("queued", "no-connection")


def test_a_listing_that_fails_leaves_the_message_in_doubt(app, fake):
    message = ask()
    fake.script, fake.listing_fails = ["503-after"], True
    post = post_of(provider_for(fake))
    dispatch(post, QUICK)
    for _ in range(3):
        reconcile(post, clock.utc_now(), QUICK)
    assert (message.state, message.looks) == ("in_doubt", 0)


def test_silence_is_asked_after(app, fake):
    message = ask()
    post = post_of(provider_for(fake))
    dispatch(post, QUICK)
    fake.messages[0] |= {"status": "undelivered", "error_code": 30005}
    ask_after(post, clock.utc_now() + timedelta(minutes=16), QUICK)
    assert (message.state, message.last_error) == ("undelivered", "30005")


def test_a_tenth_of_the_answers_lost_sends_nothing_twice_and_loses_nothing(app, fake):
    many, patience = (600, 5.0) if os.environ.get("LONG") else (60, 2.0)
    numbers = [f"+3363997{number:04}" for number in range(many)]
    for number in numbers:
        ask(recipient=number, body=f"Votre avis ? {number}")
    fake.chances = {"503-after": 0.05, "never-after": 0.03, "reset-after": 0.02}
    # A patience that outlives a busy machine: what is only slow must not look lost.
    post = post_of(provider_for(fake, seconds=patience))
    while dispatch(post, QUICK) or reconcile(post, clock.utc_now(), QUICK):
        pass
    db.session.rollback()
    lost = db.session.scalars(db.select(OutboxEvent.message_id).filter_by(state="in_doubt").distinct()).all()
    states = Counter(db.session.scalars(db.select(OutboxMessage.state)))
    assert sorted(row["to"] for row in fake.messages) == numbers
    assert states == {"accepted": len(numbers)}
    assert len(lost) >= 3, "too few answers were lost to prove anything"


def test_the_same_rows_go_through_twilio_by_a_setting_alone(app, fake):
    settings = {"DATABASE_URL": app.config["DATABASE_URL"], "SECRET_KEY": app.config["SECRET_KEY"], "SMS": "twilio"}
    account = {"TWILIO_ACCOUNT_SID": SID, "TWILIO_AUTH_TOKEN": "token", "TWILIO_FROM": "+33700000000"}
    message_id = ask().id
    db.session.rollback()  # reading it began a transaction, which would keep the other application out
    real = create_app({**settings, **account, "TWILIO_API_BASE_URL": fake.url})
    with real.app_context():
        engines.dispatch_round(clock.utc_now())
        db.session.remove()
        db.engine.dispose()
    assert not engines.is_simulated(real)
    assert [(row["from"], row["to"]) for row in fake.messages] == [("+33700000000", PHONE)]
    assert db.session.get(OutboxMessage, message_id, populate_existing=True).state == "accepted"
