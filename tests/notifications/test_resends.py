"""Once more, later: what the network could not deliver for now."""

from datetime import timedelta

import pytest

from foundation.database import db
from notifications import outbox
from notifications.dispatcher.sending import dispatch
from notifications.models import OutboxMessage
from notifications.windows import Window
from tests.conftest import NOW
from tests.notifications.factories import QUICK, ScriptedProvider, create_message, later, post_of, states_of

UNREACHABLE = "30003"


def all_messages():
    return db.session.scalars(db.select(OutboxMessage).order_by(OutboxMessage.id)).all()


def lose(message, at, code=UNREACHABLE):
    outbox.advance(message.id, "undelivered", at, source="provider", code=code)
    db.session.commit()


@pytest.mark.parametrize("purpose", ["survey", "acknowledgement", "reply", "decision"])
def test_a_message_that_matters_goes_again_after_ten_minutes_and_after_two_hours_and_no_more(app, purpose):
    first = create_message(purpose=purpose, secrets=["K7Q2"], body="Code K7Q2")
    lose(first, NOW)
    second = all_messages()[-1]
    assert (second.state, second.held, second.not_before, second.resend) == (
        "queued",
        "resend",
        NOW + timedelta(minutes=10),
        1,
    )
    assert (second.body, second.subject_key, states_of(second)) == ("Code K7Q2", first.subject_key, ["queued"])
    lose(second, NOW + timedelta(minutes=11))
    third = all_messages()[-1]
    assert (third.resend, third.not_before) == (2, NOW + timedelta(minutes=131))
    lose(third, NOW + timedelta(hours=3))
    assert len(all_messages()) == 3
    assert len({message.public_id for message in all_messages()}) == 3


def test_the_old_row_ends_as_it_ended_and_loses_its_secrets(app):
    first = create_message(secrets=["K7Q2"], body="Code K7Q2")
    lose(first, NOW)
    assert (first.state, first.body, first.last_error) == ("undelivered", "Code •••", UNREACHABLE)


@pytest.mark.parametrize("attempts", [1, 2])
def test_what_arrived_after_all_does_not_go_again(app, attempts):
    """The provider called it lost and later says that it arrived: the old row stays as it ended, the new one waits."""
    first = create_message()
    lose(first, NOW)
    if attempts == 2:
        lose(all_messages()[-1], NOW + timedelta(minutes=11))
    outbox.advance(first.id, "delivered", NOW + timedelta(minutes=12), source="provider")
    db.session.commit()
    provider = ScriptedProvider()
    later(hours=3)
    dispatch(post_of(provider), QUICK)
    last = all_messages()[-1]
    assert provider.sent == []
    assert (first.state, last.state, last.last_error) == ("undelivered", "suppressed", "arrived-late")


def test_the_new_row_goes_out_like_any_other(app):
    lose(create_message(), NOW)
    provider = ScriptedProvider()
    dispatch(post_of(provider), QUICK)
    assert provider.sent == []
    later(minutes=11)
    dispatch(post_of(provider), QUICK)
    assert [message.state for message in all_messages()] == ["undelivered", "accepted"]


@pytest.mark.parametrize(
    "changes, code",
    [
        ({}, "30005"),  # there is no such number
        ({}, "30007"),  # a filter refused the text
        ({}, None),
        ({"purpose": "interview"}, UNREACHABLE),
        ({"purpose": "alert"}, UNREACHABLE),
        ({"expires_at": NOW + timedelta(minutes=10)}, UNREACHABLE),
        ({"channel": "email", "recipient": "a@example.org"}, UNREACHABLE),
    ],
)
def test_what_would_not_help_or_comes_too_late_is_not_sent_again(app, changes, code):
    lose(create_message(**changes), NOW, code)
    assert len(all_messages()) == 1


def test_the_same_news_twice_is_one_more_message(app):
    first = create_message()
    lose(first, NOW)
    lose(first, NOW)
    assert len(all_messages()) == 2


def test_the_next_attempt_keeps_to_the_hours_too(app):
    evening = NOW.replace(hour=18, minute=55)  # 19:55 in Paris
    lose(create_message(window=Window(), now=NOW), evening)
    assert all_messages()[-1].not_before == NOW.replace(hour=7) + timedelta(days=1)


def test_silence_is_no_reason_to_send_again(app):
    message = create_message()
    outbox.advance(message.id, "accepted", NOW)
    outbox.advance(message.id, "timed_out", NOW, code="no-news")
    db.session.commit()
    assert len(all_messages()) == 1
