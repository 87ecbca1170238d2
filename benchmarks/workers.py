"""How much faster two workers send than one, on PostgreSQL, to a provider that takes 100 ms for each request.

Real processes of ``flask jobs run`` with the engine procrastinate, the real Twilio client, one sender, and a server on
loopback. All messages are asked for in one transaction while the workers wait; the rate is that of the provider, from
the first request to the last answer. One and two workers take turns, round after round, each on an empty database.
"""

import argparse
import json
import os
import signal
import statistics
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from urllib.request import urlopen

import sqlalchemy
from flask import Flask
from sqlalchemy.engine import make_url

from app import create_app
from benchmarks.servers import cpu_seconds, family, free_port, wait_until_up
from foundation.database import db
from foundation.jobs.queries import worker_health
from foundation.web.clock import utc_now
from notifications.services import enqueue_many

SUMMARY = "two workers beside one, sending through a provider that takes 100 ms"
LONGEST = 180.0  # seconds for the messages of one round
SECRET = "a secret for measurements that is long enough"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--postgresql", required=True, help="postgresql+psycopg://… of a server; a database is made on it"
    )
    parser.add_argument("--messages", type=int, default=1500)
    parser.add_argument("--latency", type=float, default=0.1, help="seconds (default: %(default)s)")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--workers", type=int, nargs="+", default=[1, 2])


def run(arguments: argparse.Namespace) -> int:
    """Print a table of rates; 0 when every message was taken exactly once."""
    measured: dict[int, list[tuple[float, float]]] = {count: [] for count in arguments.workers}
    for _ in range(arguments.rounds):
        for count in arguments.workers:
            measured[count].append(measure(arguments, count))
    one = statistics.median(rate for rate, _cpu in measured[arguments.workers[0]])
    print("| workers | messages /s | factor | CPU ms a message |")
    print("|---|---|---|---|")
    for count, rounds in measured.items():
        rate, cpu = (statistics.median(values) for values in zip(*rounds, strict=True))
        spread = f"{min(rates := [rate for rate, _ in rounds]):.0f} to {max(rates):.0f}"
        print(f"| {count} | {rate:.1f} ({spread}) | {rate / one:.2f} | {cpu:.2f} |")
    return 0


def measure(arguments: argparse.Namespace, count: int) -> tuple[float, float]:
    """Return messages per second at the provider and milliseconds of CPU of the workers for each."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        url = stack.enter_context(database(arguments.postgresql))
        port = stack.enter_context(provider(arguments.latency, folder))
        environment = settings(url, port, folder)
        subprocess.run(
            [sys.executable, "-m", "flask", "db", "upgrade"], env=environment, check=True, capture_output=True
        )
        app = create_app({"DATABASE_URL": url, "ENGINE": "procrastinate", "SECRET_KEY": SECRET})
        workers = [stack.enter_context(worker(environment, folder)) for _ in range(count)]
        with app.app_context():
            wait_until_ready(count)
            before = sum(spent(one) for one in workers)
            ask_for(app, arguments.messages)
            seconds = wait_until_sent(port, arguments.messages)
            cpu = sum(spent(one) for one in workers) - before
            db.session.remove()
            db.engine.dispose()
    return arguments.messages / seconds, 1000 * cpu / arguments.messages


@contextmanager
def database(server_url: str) -> Iterator[str]:
    """Make a database for one round, and drop it."""
    name = f"satisfecit_workers_{uuid.uuid4().hex[:8]}"
    server = sqlalchemy.create_engine(server_url, isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        connection.execute(sqlalchemy.text(f"CREATE DATABASE {name}"))
    yield make_url(server_url).set(database=name).render_as_string(hide_password=False)
    with server.connect() as connection:
        connection.execute(sqlalchemy.text(f"DROP DATABASE {name} WITH (FORCE)"))
    server.dispose()


@contextmanager
def provider(latency: float, folder: Path) -> Iterator[int]:
    port, log = free_port(), folder / "provider.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "benchmarks.slow_provider", str(port), str(latency)], stdout=output, stderr=output
        )
    try:
        wait_until_up(process, port, log)
        yield port
    finally:
        process.kill()
        process.wait()


@contextmanager
def worker(environment: dict[str, str], folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    with (folder / "worker.log").open("ab") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "flask", "jobs", "run"], env=environment, stdout=output, stderr=output
        )
    try:
        yield process
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            process.kill()


def settings(url: str, port: int, folder: Path) -> dict[str, str]:
    chosen = {
        "DATABASE_URL": url, "ENGINE": "procrastinate", "SECRET_KEY": SECRET, "INSTANCE": str(folder), "SMS": "twilio",
        "TWILIO_ACCOUNT_SID": "AC" + "0" * 32, "TWILIO_AUTH_TOKEN": "token", "TWILIO_FROM": "+33939000001",
        "TWILIO_API_BASE_URL": f"http://127.0.0.1:{port}", "SMS_RATE": "0",
    }  # fmt: skip
    return {**os.environ, "FLASK_APP": "app", **{f"SATISFECIT_{name}": value for name, value in chosen.items()}}


def spent(process: subprocess.Popen[bytes]) -> float:
    return sum(cpu_seconds(pid) for pid in family(process.pid))


def wait_until_ready(count: int) -> None:
    """Wait until every worker fetches (two queues each) and one leads."""
    deadline = time.monotonic() + LONGEST
    while time.monotonic() < deadline:
        db.session.rollback()
        fetching = db.session.scalar(sqlalchemy.text("SELECT count(*) FROM procrastinate_workers"))
        if fetching >= 2 * count and worker_health().owner:
            return
        time.sleep(0.1)
    raise RuntimeError("the workers did not start")


def ask_for(app: Flask, messages: int) -> None:
    enqueue_many(
        (
            {
                "channel": "sms", "recipient": f"+336{number:08}", "purpose": "survey",
                "body": f"Votre avis ? https://x.example/s/token{number:08}", "business_key": f"workers:{number}",
            }
            for number in range(messages)
        ),
        utc_now(),
    )  # fmt: skip
    db.session.commit()


def wait_until_sent(port: int, messages: int) -> float:
    """Return the seconds from the first request to the last answer; each message must have come once."""
    deadline = time.monotonic() + LONGEST
    while time.monotonic() < deadline:
        with urlopen(f"http://127.0.0.1:{port}/stats", timeout=5) as answer:
            stats = json.load(answer)
        if stats["taken"] >= messages:
            if stats["taken"] != stats["different"]:
                raise RuntimeError(f"sent twice: {stats}")
            return float(stats["seconds"])
        time.sleep(0.2)
    raise RuntimeError(f"not all was sent: {stats}")
