"""The real client and dispatcher on a provider's bad days: too many requests, answers that are lost, and hanging."""

import os
import threading
from collections import Counter

import pytest
from sqlalchemy import event
from sqlalchemy.exc import SQLAlchemyError

from app import create_app
from foundation.database import db
from foundation.web import clock
from notifications.dispatcher.reconciling import reconcile
from notifications.dispatcher.sending import dispatch
from notifications.models import OutboxMessage, Sender
from notifications.providers import Accepted
from tests.conftest import SETTINGS
from tests.notifications.factories import QUICK, ScriptedProvider, create_message, later, post_of
from tests.notifications.test_twilio import ask, provider_for
from tests.notifications.twilio_fake import TwilioFake

LONG = bool(os.environ.get("LONG"))


@pytest.fixture
def fake():
    server = TwilioFake()
    yield server
    server.close()


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def any_app(request):
    app = request.getfixturevalue("app" if request.param == "sqlite" else "pg_app")
    clock.start_at(None)
    return app


def test_retry_after_is_obeyed_to_the_second_and_nothing_is_lost_or_sent_twice(any_app, fake):
    for number in range(120):
        ask(recipient=f"+33639980{number:04}")
    fake.script, fake.retry_after = ["ok"] * 5 + ["429"], "7"
    post = post_of(provider_for(fake))
    dispatch(post, QUICK)
    asked = db.session.scalars(db.select(Sender.paused_until)).one()
    # Those that were under way with the one refused may have arrived after it; nothing was begun after its answer.
    before = len(fake.requests)
    assert 6 <= before < 100
    for seconds in (-6.5, -3.0, -1.0):
        clock.start_at(None)
        later(seconds=(asked - clock.utc_now()).total_seconds() + seconds)
        dispatch(post, QUICK)
        assert len(fake.requests) == before
    clock.start_at(None)
    later(seconds=(asked - clock.utc_now()).total_seconds() + 0.05)
    dispatch(post, QUICK)
    assert Counter(row["to"] for row in fake.messages) == Counter(f"+33639980{number:04}" for number in range(120))
    attempts = Counter(db.session.scalars(db.select(OutboxMessage.attempt)))
    assert attempts == {1: 120}, "what was not begun does not count as tried, nor what was asked to wait"


def test_a_tenth_of_the_answers_lost_sends_nothing_twice_and_loses_nothing(any_app, fake):
    count = 600 if LONG else 80
    for number in range(count):
        ask(recipient=f"+33639980{number:04}")
    fake.chances = {"503-after": 0.06, "never-after": 0.02, "reset-after": 0.02}
    post = post_of(provider_for(fake))
    for _ in range(100):
        dispatch(post, QUICK)
        reconcile(post, clock.utc_now(), QUICK)
        states = set(db.session.scalars(db.select(OutboxMessage.state)))
        db.session.rollback()
        if states == {"accepted"}:
            break
    sent = Counter(row["to"] for row in fake.messages)
    assert (len(sent), max(sent.values()), states) == (count, 1, {"accepted"})
    assert len(fake.requests) - count < count / 10, "the bad day did not come"


class Hanging(ScriptedProvider):
    """A provider that does not answer until it is told to."""

    concurrency = 4

    def __init__(self):
        super().__init__()
        self.entered, self.go_on, self.lock = threading.Event(), threading.Event(), threading.Lock()

    def send(self, message):
        with self.lock:
            self.sent.append(message)
            number = len(self.sent)
        self.entered.set()
        assert self.go_on.wait(20)
        return Accepted(f"SM{number:032}")


def test_a_provider_that_hangs_holds_no_connection(any_app):
    """One connection in all: pages and other transactions have it while the requests hang."""
    pool = {"pool_size": 1, "max_overflow": 0, "pool_timeout": 3, "hide_parameters": True}
    url = any_app.config["DATABASE_URL"]
    for number in range(8):
        create_message(recipient=f"+336399800{number:02}", now=clock.utc_now())
    db.session.remove()
    narrow = create_app({**SETTINGS, "DATABASE_URL": url, "SQLALCHEMY_ENGINE_OPTIONS": pool})
    provider = Hanging()

    def run():
        with narrow.app_context():
            dispatch(post_of(provider), QUICK)

    sender = threading.Thread(target=run)
    sender.start()
    try:
        assert provider.entered.wait(10)
        for _ in range(3):
            assert narrow.test_client().get("/readyz").status_code in (200, 503)
            with narrow.app_context():
                create_message(recipient="+33639981111", now=clock.utc_now())
                assert len(db.session.scalars(db.select(OutboxMessage.id)).all()) > 8
                assert db.engine.pool.checkedout() == 1
                db.session.remove()
    finally:
        provider.go_on.set()
        sender.join()
    with narrow.app_context():
        assert Counter(db.session.scalars(db.select(OutboxMessage.state))) == Counter(accepted=11)
        db.session.remove()
        db.engine.dispose()


def test_what_was_sent_is_written_down_although_the_books_broke_meanwhile(any_app):
    """The database fails the thread that keeps the books while a request is under way, and is back soon after."""

    class BooksAway(ScriptedProvider):
        def send(self, message):
            answer = super().send(message)
            if len(self.sent) == 1:
                rename("senders", "away")
                assert failed.wait(20)
                rename("away", "senders")
            return answer

    def rename(old, new):
        with db.engine.begin() as connection:
            connection.exec_driver_sql(f"ALTER TABLE {old} RENAME TO {new}")

    def note(_context):
        failed.set()

    for _ in range(3):
        create_message(now=clock.utc_now())
    failed = threading.Event()
    event.listen(db.engine, "handle_error", note)
    try:
        with pytest.raises(SQLAlchemyError):
            dispatch(post_of(BooksAway()), QUICK)
    finally:
        event.remove(db.engine, "handle_error", note)
    states = list(db.session.scalars(db.select(OutboxMessage.state).order_by(OutboxMessage.id)))
    assert states == ["accepted", "queued", "queued"]
