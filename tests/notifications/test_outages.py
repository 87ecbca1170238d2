"""The other side is out of reach for hours: that says nothing of a message, so nothing is given up for it."""

from dataclasses import replace
from datetime import timedelta

import pytest

from foundation.web import clock
from notifications.dispatcher.sending import dispatch
from notifications.providers import TEMPORARY, NotTaken, Refused
from notifications.smtp_mail import SmtpMail
from tests.notifications.factories import QUICK, ScriptedProvider, create_message, later, post_of
from tests.notifications.mail_servers import free_port, smtp_server
from tests.notifications.test_mail import ask as ask_by_mail
from tests.notifications.test_mail import by_mail
from tests.notifications.test_twilio import ask as ask_by_sms
from tests.notifications.test_twilio import provider_for
from tests.notifications.twilio_fake import TwilioFake


@pytest.fixture
def fake():
    server = TwilioFake()
    yield server
    server.close()


def two_hours_of(post):
    for _ in range(120):
        dispatch(post, QUICK)
        later(minutes=1)


def after_a_quarter_of_an_hour(post):
    later(minutes=15)
    dispatch(post, QUICK)


def test_an_acknowledgement_outlives_two_hours_without_a_mail_server(app):
    message = ask_by_mail(purpose="acknowledgement")
    two_hours_of(by_mail(SmtpMail(f"smtp://127.0.0.1:{free_port()}")))
    assert (message.state, message.last_error, message.attempt) == ("queued", "no-connection", 0)
    with smtp_server() as server:
        after_a_quarter_of_an_hour(
            by_mail(SmtpMail(f"smtp://127.0.0.1:{server.port}?from=Centre <centre@example.org>"))
        )
        assert (message.state, message.attempt, len(server.mails)) == ("sent", 1, 1)


def test_a_message_outlives_two_hours_without_a_way_to_twilio(app, fake):
    clock.start_at(None)
    message = ask_by_sms()
    unreachable = provider_for(fake)
    unreachable.client.api.base_url = f"http://127.0.0.1:{free_port()}"
    two_hours_of(post_of(unreachable))
    assert (message.state, message.last_error, message.attempt) == ("queued", "no-connection", 0)
    after_a_quarter_of_an_hour(post_of(provider_for(fake)))
    assert (message.state, message.attempt, len(fake.messages)) == ("accepted", 1, 1)


def test_a_message_outlives_two_hours_of_too_many_requests(app, fake):
    clock.start_at(None)
    message = ask_by_sms()
    fake.script, fake.retry_after = ["429"] * 100, "90"
    two_hours_of(post_of(provider_for(fake)))
    assert (message.state, message.attempt, len(fake.messages)) == ("queued", 0, 0)
    assert 50 <= len(fake.requests) <= 80, "the wait that was asked for is kept"
    fake.script = []
    after_a_quarter_of_an_hour(post_of(provider_for(fake)))
    assert (message.state, message.attempt, len(fake.messages)) == ("accepted", 1, 1)


def test_the_longer_nobody_answers_the_longer_we_wait(app):
    create_message()
    provider = ScriptedProvider(*[NotTaken("no-connection")] * 100)
    two_hours_of(post_of(provider))
    assert 10 <= len(provider.sent) <= 30


@pytest.mark.parametrize(
    "expires_after, ends", [(None, ("failed", "gave-up")), (timedelta(days=5), ("accepted", None))]
)
def test_what_never_expires_is_given_up_after_three_days_and_what_expires_only_then(app, expires_after, ends):
    message = create_message(expires_at=clock.utc_now() + expires_after if expires_after else None)
    away = post_of(ScriptedProvider(*[NotTaken("no-connection")] * 1000))
    for _ in range(71):
        dispatch(away, QUICK)
        later(hours=1)
    assert message.state == "queued"
    for _ in range(3):
        dispatch(away, QUICK)
        later(hours=1)
    dispatch(post_of(ScriptedProvider()), QUICK)
    assert (message.state, message.last_error if message.state == "failed" else None) == ends


def test_what_fails_by_itself_after_an_outage_still_has_all_its_attempts(app):
    message = create_message()
    dispatch(post_of(ScriptedProvider(NotTaken("no-connection"))), QUICK)
    provider = ScriptedProvider(*[Refused("30001", TEMPORARY)] * 10)
    for _ in range(10):
        later(minutes=16)
        dispatch(post_of(provider), replace(QUICK, attempts=3))
    assert (message.state, message.last_error, len(provider.sent)) == ("failed", "gave-up", 3)
