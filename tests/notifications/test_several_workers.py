"""Who is woken when there is something to send."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import text

from foundation.database import db
from foundation.web.clock import utc_now
from notifications.dispatcher.senders import pause
from notifications.dispatcher.sending import dispatch
from notifications.engines import dispatch_woken, senders_due
from notifications.rounds import DISPATCH, key_of, sender_of
from notifications.services import enqueue
from tests.notifications.factories import QUICK


def woken():
    """Return the keys for which the dispatcher waits to be begun."""
    rows = db.session.execute(text("SELECT args FROM procrastinate_jobs WHERE status = 'todo' ORDER BY id"))
    keys = [row.args["key"] for row in rows if row.args.get("name") == DISPATCH]
    db.session.rollback()
    return keys


def nobody_is_woken():
    db.session.execute(text("DELETE FROM procrastinate_jobs"))
    db.session.commit()


def ask(number, sender="38600"):
    enqueue(
        channel="sms", recipient=f"+3363998{number:04}", body=f"Votre avis ? {number}", purpose="survey",
        business_key=f"several:{number}:{sender}", sender=sender, now=utc_now(),
    )  # fmt: skip


@pytest.mark.postgresql
def test_each_sender_is_woken_once_for_what_one_transaction_asks_for(procrastinate_app):
    for number in range(3):
        ask(number)
    ask(9, sender="38601")
    db.session.commit()
    assert sorted(woken()) == ["sms:38600", "sms:38601"]


@pytest.mark.postgresql
def test_what_was_asked_for_before_wakes_nobody(procrastinate_app):
    ask(1)
    db.session.commit()
    nobody_is_woken()
    ask(1)
    db.session.commit()
    assert woken() == []


@pytest.mark.postgresql
def test_a_full_batch_wakes_the_next_worker_before_it_is_sent(procrastinate_app):
    post = procrastinate_app.extensions["notifications"]
    for number in range(5):
        ask(number)
    db.session.commit()
    nobody_is_woken()
    seen = []
    send = post.providers["sms"].send

    class Watching:
        def __getattr__(self, name):
            return getattr(post.providers["sms"], name)

        def send(self, message):
            with db.engine.connect() as connection:
                seen.append(connection.scalar(text("SELECT count(*) FROM procrastinate_jobs")))
            return send(message)

    assert dispatch(replace(post, providers={"sms": Watching()}), replace(QUICK, batch=4), only=("sms", "38600")) == 5
    assert seen == [1] * 5 and woken() == ["sms:38600"]


@pytest.mark.postgresql
def test_a_worker_woken_for_one_sender_leaves_the_others(procrastinate_app):
    ask(1)
    ask(2, sender="38601")
    db.session.commit()
    dispatch_woken(utc_now(), "sms:38601")
    states = db.session.execute(text("SELECT sender, state FROM outbox_messages ORDER BY sender")).all()
    assert [tuple(row) for row in states] == [("38600", "queued"), ("38601", "accepted")]


@pytest.mark.postgresql
def test_senders_with_something_to_send_are_found_and_paused_ones_are_not(procrastinate_app):
    ask(1)
    ask(2, sender="38601")
    ask(3, sender="38602")
    later = utc_now() + timedelta(hours=1)
    pause("sms", "38602", "20429", utc_now(), later)
    db.session.execute(text("UPDATE outbox_messages SET not_before = :later WHERE sender = '38601'"), {"later": later})
    db.session.commit()
    assert senders_due(utc_now()) == ["sms:38600"]


def test_the_embedded_worker_need_not_wait_for_its_next_round(app):
    woken = app.extensions["jobs_queue"].woken
    woken.clear()
    ask(1)
    assert woken == set()
    db.session.commit()
    assert woken == {DISPATCH}


def test_a_key_says_which_sender():
    assert [sender_of(key_of("sms", sender)) for sender in ("", "38600", "a:b")] == [
        ("sms", ""), ("sms", "38600"), ("sms", "a:b"),
    ]  # fmt: skip
