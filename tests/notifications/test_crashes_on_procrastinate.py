"""Two workers on Procrastinate, killed without warning one after the other while they send."""

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest

from foundation.database import db, reading
from foundation.web.clock import utc_now
from notifications.models import OutboxEvent, OutboxMessage, SimulatedMessage
from notifications.services import enqueue

LONG = bool(os.environ.get("LONG"))
MESSAGES, KILLS = (600, 24) if LONG else (60, 2)
ROOT = Path(__file__).parent.parent.parent
COMMAND = [sys.executable, "-m", "flask", "--app", "tests.notifications.impatient_app", "jobs", "run"]


class Workers:
    """Processes of the real command; the next one is started before one is killed."""

    def __init__(self, app, folder):
        settings = {"DATABASE_URL": app.config["DATABASE_URL"], "ENGINE": "procrastinate"}
        settings |= {"SECRET_KEY": app.config["SECRET_KEY"], "INSTANCE": str(folder)}
        self.environment = os.environ | {f"SATISFECIT_{name}": value for name, value in settings.items()}
        self.environment["PYTHONPATH"] = str(ROOT)
        self.log = (folder / "workers.log").open("wb")
        self.living = []

    def start(self):
        self.living.append(subprocess.Popen(COMMAND, cwd=ROOT, env=self.environment, stdout=self.log, stderr=self.log))

    def kill(self, worker):
        self.living.remove(worker)
        os.kill(worker.pid, signal.SIGKILL)
        worker.wait()

    def end(self):
        for worker in list(self.living):
            self.kill(worker)
        self.log.close()


def enqueue_some(first, last):
    for number in range(first, last):
        enqueue(
            channel="sms",
            recipient=f"+3363998{1000 + number}9",
            body=f"Votre avis ? https://x.example/s/token{number:08}",
            purpose="survey",
            business_key=f"crash:{number}",
            now=utc_now(),
        )
    db.session.commit()


def count(model, **where):
    db.session.rollback()
    with reading():
        return db.session.scalar(db.select(db.func.count()).select_from(model).filter_by(**where))


def wait_until(condition, seconds):
    deadline = time.monotonic() + seconds
    while not condition() and time.monotonic() < deadline:
        time.sleep(0.05)
    return condition()


def kill_while_they_send(workers):
    """Ask for messages in portions; in the middle of each kill a worker. Return how many kills left work in hand.

    On a busy machine the few kills of every day may all come between two messages: then there are more.
    """
    chance, in_hand, portion = random.Random(9), 0, MESSAGES // KILLS
    for turn in range(4 * KILLS):
        if turn >= KILLS and in_hand:
            break
        workers.start()
        taken = count(SimulatedMessage, direction="out")
        enqueue_some(turn * portion, (turn + 1) * portion)
        assert wait_until(lambda taken=taken: count(SimulatedMessage, direction="out") > taken, 60), "nobody sends"
        time.sleep(chance.uniform(0.0, 0.3))
        workers.kill(chance.choice(workers.living[:2]))
        in_hand += bool(count(OutboxMessage, state="claimed"))
    return in_hand


@pytest.mark.postgresql
def test_killed_workers_lose_nothing_and_send_nothing_twice(procrastinate_app, set_clock, tmp_path):
    set_clock(None)
    workers = Workers(procrastinate_app, tmp_path)
    try:
        workers.start()
        in_hand = kill_while_they_send(workers)
        asked = count(OutboxMessage)
        wait_until(lambda: count(OutboxMessage, state="delivered") == asked, 300 if LONG else 120)
    finally:
        workers.end()
    taken = Counter(db.session.scalars(db.select(SimulatedMessage.reference).filter_by(direction="out")))
    states = Counter(db.session.scalars(db.select(OutboxMessage.state)))
    doubts, again = count(OutboxEvent, state="in_doubt"), count(OutboxEvent, code="not-sent")
    lost, twice = asked - len(taken), sum(number - 1 for number in taken.values())
    print(
        f"{asked} messages, {KILLS} kills or more, {in_hand} with work in hand: {lost} lost, {twice} sent twice;"
        f" {doubts} in doubt, {again} of them not found and sent again; {states}"
    )
    assert in_hand > 0, "no kill came in the middle of sending"
    assert (lost, twice, states) == (0, 0, Counter(delivered=asked))
