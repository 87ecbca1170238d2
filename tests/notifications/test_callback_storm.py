"""News of many messages at once, told to a real web process: shuffled, three times each, a fifth of it missing."""

import os
import random
import socket
import subprocess
import sys
import time
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import urllib3

from foundation.database import db
from foundation.web import clock
from notifications.dispatcher.sending import dispatch
from notifications.dispatcher.sweeping import sweep
from notifications.models import OutboxMessage
from notifications.twilio_codes import state_of
from notifications.twilio_sms import Account, TwilioSms
from tests.notifications.factories import QUICK, create_message, later, post_of
from tests.notifications.twilio_fake import SID, TOKEN, TwilioFake
from tests.notifications.twilio_network import carry_out, storm, tell

LONG = bool(os.environ.get("LONG"))
MESSAGES = 600 if LONG else 30
ROOT = Path(__file__).parent.parent.parent
PUBLIC, SERVICE = "https://centre.example", "MG" + "1" * 32
SENDERS = ("", "+33700000001", "+33700000002")
FATES = ("undelivered:30005", "undelivered:30007", "failed:30006", "sent")


@pytest.fixture
def fake():
    server = TwilioFake()
    yield server
    server.close()


@pytest.fixture
def web(tmp_path):
    """Start web processes on a database; all are ended afterwards."""
    started = []

    def start(url):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        settings = {
            "DATABASE_URL": url, "SECRET_KEY": "a secret for tests that is long enough", "PUBLIC_URL": PUBLIC,
            "SMS": "twilio", "TWILIO_ACCOUNT_SID": SID, "TWILIO_AUTH_TOKEN": TOKEN, "TWILIO_FROM": "+33700000000",
            "INSTANCE": str(tmp_path),
        }  # fmt: skip
        command = [
            sys.executable,
            "-m",
            "gunicorn",
            "--threads",
            "4",
            "--bind",
            f"127.0.0.1:{port}",
            "app:create_app()",
        ]
        with (tmp_path / "web.log").open("wb") as log:
            environment = os.environ | {f"SATISFECIT_{name}": value for name, value in settings.items()}
            started.append(subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=log))
        _wait_for(f"http://127.0.0.1:{port}/healthz", tmp_path / "web.log")
        return f"http://127.0.0.1:{port}"

    yield start
    for process in started:
        process.terminate()
        process.wait()


def _wait_for(url, log):
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            if urllib3.request("GET", url, retries=False).status == 200:
                return
        except urllib3.exceptions.HTTPError:
            time.sleep(0.05)
    raise AssertionError(log.read_text())


def send_all(fake, post):
    """Send messages of several senders, some of whose answers are lost after they were taken."""
    for number in range(MESSAGES):
        to = f"+33639{number:06}"
        create_message(
            recipient=to, body=f"Votre avis ? {number:06}", sender=SENDERS[number % 3], now=datetime.now(UTC)
        )
        if number % 4 == 0:
            fake.fates[to] = FATES[number // 4 % len(FATES)]
    fake.chances = {"503-after": 0.1}
    dispatch(post, QUICK)
    db.session.rollback()
    assert Counter(row["to"] for row in fake.messages) == Counter(
        {f"+33639{number:06}": 1 for number in range(MESSAGES)}
    )


def sweep_once(fake, post):
    """Sweep until each message that is owed news was asked after, and see that none was asked after twice."""
    moment = later(minutes=16)
    for _ in range(MESSAGES // 20 + 1):
        sweep(post, moment, QUICK)
    assert max(Counter(fake.asked).values(), default=1) == 1


def ours():
    rows = db.session.execute(db.select(OutboxMessage.provider_id, OutboxMessage.state, OutboxMessage.last_error)).all()
    db.session.rollback()
    return {row.provider_id: (row.state, row.last_error if row.state != "sent" else None) for row in rows}


def theirs(fake):
    return {
        row["sid"]: (state_of(row["status"]), str(row["error_code"]) if row["error_code"] else None)
        for row in fake.messages
    }


def check(app, fake, web):
    clock.start_at(None)  # the client and both servers know the real time only
    provider = TwilioSms(Account(SID, TOKEN, SERVICE, base_url=fake.url), PUBLIC)
    provider.lag = timedelta()
    post, dice = post_of(provider), random.Random(3)
    send_all(fake, post)
    address = web(app.config["DATABASE_URL"])
    told = storm(carry_out(fake), dice)
    late, told = told[: len(told) // 20], told[len(told) // 20 :]
    assert Counter(tell(told[:20], address, "somebody else's token")) == {403: 20}
    assert {state for state, _code in ours().values()} <= {"accepted", "in_doubt"}
    started = time.monotonic()
    assert Counter(tell(told, address, TOKEN)) == {204: len(told)}
    seconds = time.monotonic() - started
    before = sum(ours().get(sid) != state for sid, state in theirs(fake).items())
    sweep_once(fake, post)
    print(f"{MESSAGES} messages, {len(told)} callbacks in {seconds:.1f} s; {before} states wrong before the sweep")
    assert before > 0, "nothing was missing: the storm was too mild"
    assert ours() == theirs(fake)
    assert Counter(tell(late, address, TOKEN)) == {204: len(late)}
    assert ours() == theirs(fake)


def test_after_a_storm_of_callbacks_and_one_sweep_our_states_are_twilio_s(app, fake, web):
    check(app, fake, web)


@pytest.mark.postgresql
@pytest.mark.skipif(not LONG, reason="the everyday storm is on SQLite; LONG=1 adds PostgreSQL")
def test_after_a_storm_of_callbacks_and_one_sweep_our_states_are_twilio_s_on_postgresql(pg_app, fake, web):
    check(pg_app, fake, web)
