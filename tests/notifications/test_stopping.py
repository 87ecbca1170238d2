"""A worker that is told to stop while it sends: what is under way is recorded, what is not begun goes back."""

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

from foundation.database import db, reading
from foundation.web import clock
from notifications.dispatcher.sending import dispatch
from notifications.models import OutboxMessage, SimulatedMessage
from notifications.services import enqueue_many
from tests.notifications.factories import QUICK, ScriptedProvider, create_message, post_of

ROOT = Path(__file__).parent.parent.parent
COMMAND = [sys.executable, "-m", "flask", "--app", "tests.notifications.impatient_app", "jobs", "run"]
MESSAGES = 90


def fill():
    row = {"channel": "sms", "body": "Votre avis ?", "purpose": "survey"}
    rows = [row | {"recipient": f"+336399{n:04}9", "business_key": f"stop:{n}"} for n in range(MESSAGES)]
    enqueue_many(rows, clock.utc_now())
    db.session.commit()


def taken():
    with reading():
        return Counter(db.session.scalars(db.select(SimulatedMessage.reference).filter_by(direction="out")))


def test_sigterm_leaves_nothing_claimed_nothing_in_doubt_and_nothing_counted_that_was_not_tried(app, tmp_path):
    clock.start_at(None)
    fill()
    settings = {"DATABASE_URL": app.config["DATABASE_URL"], "SECRET_KEY": app.config["SECRET_KEY"]}
    settings |= {"INSTANCE": str(tmp_path), "ENGINE": "embedded"}
    environment = os.environ | {f"SATISFECIT_{name}": value for name, value in settings.items()}
    worker = subprocess.Popen(COMMAND, cwd=ROOT, env=environment | {"PYTHONPATH": str(ROOT)}, stdout=subprocess.DEVNULL)
    deadline = time.monotonic() + 30
    while len(taken()) < 5 and time.monotonic() < deadline:
        time.sleep(0.02)
    worker.send_signal(signal.SIGTERM)
    assert worker.wait(10) == 0
    with reading():
        rows = db.session.execute(db.select(OutboxMessage.public_id, OutboxMessage.state, OutboxMessage.attempt)).all()
    sent = taken()
    assert 5 <= len(sent) < MESSAGES, "it was not stopped in the middle"
    assert set(sent.values()) == {1}
    assert {state for _, state, _ in rows} <= {"queued", "accepted", "sent", "delivered"}
    assert {public_id for public_id, state, _ in rows if state != "queued"} == set(sent)
    assert {attempt for _, state, attempt in rows if state == "queued"} == {0}


def test_a_round_that_is_told_to_stop_ends_after_what_is_under_way(app):
    messages = [create_message() for _ in range(5)]
    provider = ScriptedProvider()
    dispatch(post_of(provider), QUICK, stopping=lambda: len(provider.sent) >= 1)
    assert len(provider.sent) < 5
    assert {message.state for message in messages} == {"accepted", "queued"}
    assert [message.attempt for message in messages if message.state == "queued"][-1] == 0
