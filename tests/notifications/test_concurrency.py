"""Several dispatchers at once, on both databases."""

import threading
import time
from collections import Counter
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import text, update

from foundation.database import db
from foundation.web import clock
from notifications import services
from notifications.dispatcher.reconciling import _take_turns
from notifications.dispatcher.sending import dispatch
from notifications.models import OutboxEvent, OutboxMessage
from tests.conftest import NOW
from tests.notifications.factories import PHONE, QUICK, ScriptedProvider, create_message, post_of


class Shared(ScriptedProvider):
    """A provider that several threads may use."""

    def __init__(self, seconds=0.0):
        super().__init__()
        self.seconds, self.lock = seconds, threading.Lock()

    def send(self, message):
        time.sleep(self.seconds)
        with self.lock:
            return super().send(message)


def in_threads(app, count, work):
    def run():
        with app.app_context():
            work()

    threads = [threading.Thread(target=run) for _ in range(count)]
    for thread in threads:
        thread.start()
    return threads


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def any_app(request):
    return request.getfixturevalue("app" if request.param == "sqlite" else "pg_app")


def test_several_dispatchers_send_each_message_once(any_app):
    for number in range(60):
        create_message(recipient=f"+3363998{number:04}")
    provider = Shared(0.002)
    for thread in in_threads(any_app, 4, lambda: dispatch(post_of(provider), replace(QUICK, batch=5))):
        thread.join()
    db.session.rollback()
    assert set(Counter(message.recipient for message in provider.sent).values()) == {1}
    assert Counter(db.session.scalars(db.select(OutboxMessage.state))) == Counter(accepted=60)


def test_nothing_is_claimed_after_a_stop_is_committed(any_app):
    for _ in range(40):
        create_message()
    provider = Shared(0.01)
    (sender,) = in_threads(any_app, 1, lambda: dispatch(post_of(provider), replace(QUICK, batch=2)))
    while len(provider.sent) < 4:
        time.sleep(0.005)
    services.opt_out(PHONE, None, "sms", clock.utc_now())
    db.session.commit()
    stopped_at = clock.utc_now()
    sender.join()
    db.session.rollback()
    claims = db.session.scalars(db.select(OutboxEvent.at).filter_by(state="claimed")).all()
    states = Counter(db.session.scalars(db.select(OutboxMessage.state)))
    assert [at for at in claims if at > stopped_at] == []
    assert states["suppressed"] > 0 and set(states) == {"accepted", "suppressed"}
    assert len(provider.sent) == states["accepted"]


@pytest.mark.postgresql
def test_a_question_that_another_process_has_just_taken_is_not_asked_again(pg_app):
    """Two sweeps at once, as while one worker takes over from another: each message has one look, and then its wait."""
    message = create_message()
    db.session.execute(update(OutboxMessage).values(state="in_doubt", rank=2, look_at=NOW))
    db.session.commit()
    taken = []
    db.session.execute(update(OutboxMessage).values(look_at=NOW + timedelta(seconds=60)))  # the first takes its turn
    (second,) = in_threads(pg_app, 1, lambda: taken.extend(_take_turns(NOW, "in_doubt", NOW + timedelta(seconds=60))))
    waiting = text("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'")
    with db.engine.connect() as connection:
        while second.is_alive() and not connection.scalar(waiting):
            connection.rollback()
            time.sleep(0.005)
    db.session.commit()
    second.join()
    assert (taken, message.state) == ([], "in_doubt")


def test_two_callers_asking_for_the_same_message_get_one_row(any_app):
    rows = []

    def ask():
        rows.append(create_message(business_key="invitation:1:first").id)

    for thread in in_threads(any_app, 4, ask):
        thread.join()
    assert len(rows) == 4 and len(set(rows)) == 1
