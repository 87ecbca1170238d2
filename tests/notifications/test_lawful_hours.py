"""The real dispatcher never lets a message leave outside its window, over changes of the clock and holidays."""

import os
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from foundation.database import db
from foundation.timing.storage import holiday_calendar
from foundation.web import clock
from notifications.dispatcher.sending import dispatch
from notifications.models import OutboxEvent, OutboxMessage
from notifications.providers import Accepted
from notifications.windows import Window
from tests.notifications.factories import QUICK, ScriptedProvider, create_message, post_of

PLACES = [
    ("Europe/Paris", "metropole"),
    ("Europe/Paris", "alsace-moselle"),
    ("Indian/Reunion", "la-reunion"),
    ("America/Guadeloupe", "guadeloupe"),
    ("America/Cayenne", "guyane"),
    ("Indian/Mayotte", "mayotte"),
    ("America/Martinique", "martinique"),
]
#: Days on which something happens: the clock changes, a holiday here or there, a Sunday, an ordinary Monday.
DAYS = [date(2027, 3, 28), date(2027, 10, 31), date(2026, 12, 24), date(2026, 12, 26), date(2026, 12, 20),
        date(2027, 5, 22), date(2027, 6, 10), date(2026, 11, 29), date(2026, 11, 30)]  # fmt: skip
WINDOWS = [
    Window(),
    Window(time(8), time(22), frozenset(range(7)), holidays=True),
    Window(time(1, 30), time(3, 30), frozenset(range(7)), holidays=True),  # in the night the clock changes
    Window(time(2), time(2, 30), frozenset({6}), holidays=True),
    Window(time(20), time.max, frozenset({4, 5, 6})),
]


class Noting(ScriptedProvider):
    """Takes every message and notes by our own clock when it left."""

    def __init__(self):
        super().__init__()
        self.left_at = {}

    def send(self, message):
        self.left_at[message.public_id] = clock.utc_now()
        return Accepted(f"SM{message.public_id}")


def is_lawful(message, at):
    local = at.astimezone(ZoneInfo(message.zone))
    window, holiday = message.window, holiday_calendar(message.region).is_holiday(local.date())
    begins, ends = time.fromisoformat(window["from"]), window["to"]
    before_end = ends == "24:00" or local.time() < time.fromisoformat(ends)
    return begins <= local.time() and before_end and local.weekday() in window["days"] and (
        window["holidays"] or not holiday
    )  # fmt: skip


@settings(
    max_examples=300 if os.environ.get("LONG") else 8,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(st.sampled_from(DAYS), st.integers(0, 30 * 60), st.lists(st.integers(5, 400), min_size=4, max_size=8))
def test_no_message_leaves_outside_its_window(app, day, minute, waits):
    now = datetime.combine(day, time(), UTC) - timedelta(hours=6) + timedelta(minutes=minute)
    clock.start_at(now)
    messages = [
        create_message(window=window, zone=zone, region=region, now=now, recipient=f"+336399{number:05}")
        for number, (window, (zone, region)) in enumerate((w, p) for w in WINDOWS for p in PLACES)
    ]
    provider = Noting()
    for wait in waits:  # the dispatcher looks again and again, in steps that no opening hour knows of
        dispatch(post_of(provider), QUICK)
        now += timedelta(minutes=wait)
        clock.start_at(now)
    # And once more for whatever was moved to its next moment, exactly then and a second later.
    due = db.session.scalars(db.select(OutboxMessage.not_before).filter_by(state="queued").distinct()).all()
    for moment in sorted(due):
        clock.start_at(max(moment, now))
        dispatch(post_of(provider), QUICK)
    db.session.rollback()
    left = {message.public_id: message for message in db.session.scalars(db.select(OutboxMessage))}
    wrong = [
        (message.window, message.zone, provider.left_at[public_id])
        for public_id, message in left.items()
        if public_id in provider.left_at and not is_lawful(message, provider.left_at[public_id])
    ]
    assert provider.left_at and wrong == []
    assert {message.state for message in messages} <= {"queued", "accepted"}
    db.session.execute(db.delete(OutboxEvent))
    db.session.execute(db.delete(OutboxMessage))
    db.session.commit()


@pytest.mark.parametrize("seconds, state", [(-91, "accepted"), (-89, "queued"), (0, "queued")])
def test_what_could_leave_after_closing_time_waits_for_the_next_opening(app, seconds, state):
    closing = datetime(2026, 11, 24, 19, tzinfo=UTC)  # 20:00 in Paris
    message = create_message(window=Window())
    clock.start_at(closing + timedelta(seconds=seconds))
    provider = Noting()
    dispatch(post_of(provider), QUICK)
    db.session.rollback()
    message = db.session.get_one(OutboxMessage, message.id)
    assert message.state == state
    if state == "queued":
        assert (message.held, message.not_before) == ("window", datetime(2026, 11, 25, 7, tzinfo=UTC))


def test_a_message_that_expired_in_the_night_is_not_sent_in_the_morning(app):
    evening = datetime(2026, 11, 23, 20, tzinfo=UTC)
    message = create_message(window=Window(), now=evening, expires_at=datetime(2026, 11, 24, 7, 30, tzinfo=UTC))
    assert message.state == "queued"
    clock.start_at(datetime(2026, 11, 24, 7, 31, tzinfo=UTC))
    provider = Noting()
    dispatch(post_of(provider), QUICK)
    db.session.rollback()
    assert (db.session.get_one(OutboxMessage, message.id).state, provider.left_at) == ("expired", {})
