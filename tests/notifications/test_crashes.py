"""Workers killed without warning, in the middle of sending, again and again."""

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pytest

from foundation.database import db, reading
from foundation.web import clock
from notifications.models import OutboxEvent, OutboxMessage, SimulatedMessage
from notifications.services import enqueue

LONG = bool(os.environ.get("LONG"))
MESSAGES, KILLS = (600, 24) if LONG else (60, 3)
ROOT = Path(__file__).parent.parent.parent


def start_worker(url, folder):
    environment = os.environ | {"PYTHONPATH": str(ROOT), "SATISFECIT_INSTANCE": str(folder)}
    script = str(Path(__file__).parent / "crash_worker.py")
    worker = subprocess.Popen(
        [sys.executable, script, url], cwd=ROOT, env=environment, stdout=subprocess.PIPE, start_new_session=True
    )
    assert worker.stdout.readline() == b"ready\n"
    return worker


def kill(worker):
    os.kill(worker.pid, signal.SIGKILL)
    worker.wait()
    worker.stdout.close()


def enqueue_all():
    for number in range(MESSAGES):
        enqueue(
            channel="sms",
            recipient=f"+3363998{1000 + number}9",
            body=f"Votre avis ? https://x.example/s/token{number:08}",
            purpose="survey",
            business_key=f"crash:{number}",
            now=datetime.now(UTC),
        )
    db.session.commit()


def settled():
    with reading():
        return db.session.scalar(db.select(db.func.count(OutboxMessage.id)).filter_by(state="delivered"))


def run_and_kill(url, folder):
    """Kill workers while they send, then let one finish; return how many were killed with work in hand.

    A busy machine may be too slow for any to have begun: then more are killed.
    """
    chance, in_hand = random.Random(9), 0
    for kills in range(5 * KILLS):
        if kills >= KILLS and in_hand:
            break
        worker = start_worker(url, folder)
        time.sleep(chance.uniform(0.02, 1.0 if LONG else 0.25))
        kill(worker)
        with reading():
            in_hand += bool(db.session.scalar(db.select(OutboxMessage.id).filter_by(state="claimed").limit(1)))
    worker = start_worker(url, folder)
    deadline = time.monotonic() + (300 if LONG else 120)
    while settled() < MESSAGES and time.monotonic() < deadline:
        time.sleep(0.2)
    kill(worker)
    return in_hand


def check(app, folder):
    clock.start_at(None)
    enqueue_all()
    in_hand = run_and_kill(app.config["DATABASE_URL"], folder)
    taken = Counter(db.session.scalars(db.select(SimulatedMessage.reference).filter_by(direction="out")))
    states = Counter(db.session.scalars(db.select(OutboxMessage.state)))
    doubts = db.session.scalar(db.select(db.func.count()).select_from(OutboxEvent).filter_by(state="in_doubt"))
    again = db.session.scalar(db.select(db.func.count()).select_from(OutboxEvent).filter_by(code="not-sent"))
    lost, twice = MESSAGES - len(taken), sum(count - 1 for count in taken.values())
    print(
        f"{MESSAGES} messages, {KILLS} kills, {in_hand} with work in hand:"
        f" {lost} lost, {twice} sent twice; {doubts} in doubt, {again} of them not found and sent again; {states}"
    )
    assert in_hand > 0, "no kill came in the middle of sending"
    assert (lost, twice, states) == (0, 0, Counter(delivered=MESSAGES))


def test_killed_workers_lose_nothing_and_send_nothing_twice(app, tmp_path):
    check(app, tmp_path)


@pytest.mark.postgresql
@pytest.mark.skipif(not LONG, reason="every day workers on PostgreSQL are killed under Procrastinate")
def test_killed_workers_lose_nothing_and_send_nothing_twice_on_postgresql(pg_app, tmp_path):
    check(pg_app, tmp_path)
