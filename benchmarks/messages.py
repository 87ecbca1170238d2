"""The dispatcher beside a plain loop of Twilio's own client, and the outbox filled in bulk.

Both send the same messages with the same client and the same number of threads to the same
server: raw HTTP over kept connections on loopback, in a process of its own. They take turns,
so that whatever else the machine does falls on both. CPU is that of this process, user and
system; the server's and PostgreSQL's are not in it.
"""

import argparse
import gc
import os
import statistics
import subprocess
import sys
import tempfile
import time
import tracemalloc
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

from flask import Flask

from app import create_app
from benchmarks.servers import free_port, wait_until_up
from benchmarks.web_survey import postgresql_databases
from foundation.database import db
from notifications.dispatcher.claims import outgoing
from notifications.dispatcher.sending import dispatch
from notifications.models import OutboxMessage
from notifications.providers import Outgoing, Post
from notifications.retries import Rules
from notifications.services import enqueue_many
from notifications.twilio_sms import Account, TwilioSms

SUMMARY = "the dispatcher beside a plain loop of Twilio's client: rate and CPU of a message; the outbox in bulk"
PUBLIC_URL = "https://centre.example"
BODY = "Énergie du Rhône : votre avis sur votre appel du 12 octobre ? https://avis.example/s/{:012d} STOP: 36111"


@dataclass
class Measured:
    """One way to send, round after round: messages per second, and CPU milliseconds for each."""

    name: str
    rates: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)

    def timed(self, count: int, work: Callable[[], object]) -> None:
        """Do ``work``, which sends ``count`` messages, and add a round."""
        gc.collect()
        began, cpu = time.perf_counter(), time.process_time()
        work()
        self.rates.append(count / (time.perf_counter() - began))
        self.cpu.append(1000 * (time.process_time() - cpu) / count)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--postgresql", metavar="URL", help="a server on which databases may be made; they are dropped")
    parser.add_argument("--databases", default="sqlite,postgresql", help="which of sqlite,postgresql (both)")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--messages", type=int, default=2000, help="messages of a way to send in a round (2000)")
    parser.add_argument("--threads", type=int, default=8, help="requests at a time (8)")
    parser.add_argument("--latency", type=float, default=0.0, help="milliseconds the server takes (0)")
    parser.add_argument(
        "--bulk", type=int, default=100_000, help="messages put into the outbox at once (100000; 0: none)"
    )


def run(arguments: argparse.Namespace) -> int:
    """Print a table for each database; 1 when a message was not sent exactly once."""
    print(f"{os.cpu_count()} cores, load average before: {os.getloadavg()[0]:.1f}")
    missing = 0
    with tempfile.TemporaryDirectory(prefix="satisfecit-benchmark-") as name:
        for database in arguments.databases.split(","):
            with ExitStack() as stack:
                url = f"sqlite:///{Path(name) / 'outbox.sqlite3'}"
                if database == "postgresql":
                    url = stack.enter_context(postgresql_databases(Path(name), arguments.postgresql)).product
                app = stack.enter_context(outbox(url, Path(name)))
                missing += sent(database, app, Path(name), arguments)
                filled(database, app, arguments.bulk)
    return 1 if missing else 0


@contextmanager
def outbox(url: str, folder: Path) -> Iterator[Flask]:
    """The application on an empty database, inside its context."""
    with environment(SATISFECIT_INSTANCE=str(folder)):
        app = create_app({"DATABASE_URL": url, "SECRET_KEY": "a secret for a benchmark on loopback"})
    with app.app_context():
        db.create_all()
        yield app
        db.session.remove()
        db.engine.dispose()


@contextmanager
def environment(**changes: str) -> Iterator[None]:
    """Set variables of the environment until the block ends."""
    before = {name: os.environ.get(name) for name in changes}
    os.environ.update(changes)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


@contextmanager
def provider(folder: Path, threads: int, latency: float) -> Iterator[TwilioSms]:
    """The real client, pointed at a server on loopback that only answers."""
    port, log = free_port(), folder / "provider.log"
    command = [sys.executable, "-m", "benchmarks.sms_server", str(port), str(latency)]
    with log.open("wb") as output:
        process = subprocess.Popen(command, stdout=output, stderr=output)
    try:
        wait_until_up(process, port, log)
        account = Account("AC" + "0" * 32, "token", "MG" + "1" * 32, base_url=f"http://127.0.0.1:{port}")
        client = TwilioSms(account, PUBLIC_URL)
        client.concurrency = threads
        yield client
    finally:
        process.terminate()
        process.wait(timeout=15)


def sent(database: str, app: Flask, folder: Path, arguments: argparse.Namespace) -> int:
    """Measure both ways of sending and print them; return how many messages did not go out."""
    ways = [Measured("plain client loop"), Measured("dispatcher")]
    with provider(folder, arguments.threads, arguments.latency) as client:
        for number in range(arguments.rounds + 1):
            messages = [outgoing(message) for message in queued(f"{database}:{number}", arguments.messages)]
            plain, ours = [Measured(""), Measured("")] if number == 0 else ways  # the first round warms up
            plain.timed(len(messages), partial(plainly, client, messages, arguments.threads))
            post = Post({"sms": client}, PUBLIC_URL)
            ours.timed(len(messages), partial(dispatch, post, Rules(round_seconds=600.0)))
    left = db.session.scalar(db.select(db.func.count(OutboxMessage.id)).where(OutboxMessage.state != "accepted")) or 0
    db.session.rollback()
    print_table(database, ways, arguments)
    return left


def queued(name: str, count: int) -> list[OutboxMessage]:
    """Put messages into the outbox and return them."""
    list(enqueue_many(rows(name, count), datetime.now(UTC)))
    db.session.commit()
    found = list(db.session.scalars(db.select(OutboxMessage).filter_by(state="queued")))
    db.session.expunge_all()
    db.session.rollback()
    return found


def rows(name: str, count: int) -> Iterator[dict[str, Any]]:
    """What an invitation by SMS looks like to the outbox."""
    for number in range(count):
        yield {
            "channel": "sms",
            "recipient": f"+336{number:08d}",
            "body": BODY.format(number),
            "purpose": "survey",
            "business_key": f"{name}:{number}",
            "principal_id": 1,
            "window": {"from": "00:00", "to": "23:59", "days": [0, 1, 2, 3, 4, 5, 6], "holidays": True},
            "expires_at": datetime.now(UTC) + timedelta(days=7),
            "secrets": [f"{number:012d}"],
        }


def plainly(client: TwilioSms, messages: list[Outgoing], threads: int) -> None:
    """Send with Twilio's client and nothing else."""

    def create(message: Outgoing) -> None:
        client.client.messages.create(
            to=message.recipient,
            body=message.body,
            messaging_service_sid=client.account.messaging_service_sid,
            status_callback=f"{client.callback}?id={message.public_id}",
            validity_period=36_000,
        )

    with ThreadPoolExecutor(threads) as pool:
        for _sent in pool.map(create, messages):
            pass


def print_table(database: str, ways: list[Measured], arguments: argparse.Namespace) -> None:
    print(f"\n{database}: {arguments.messages} messages, {arguments.threads} threads, {arguments.latency:g} ms latency")
    print("\n| | messages/s | CPU ms a message |\n|---|---|---|")
    for way in ways:
        print(f"| {way.name} | {statistics.median(way.rates):.0f} | {statistics.median(way.cpu):.3f} |")
    plain, ours = ways
    ratios = [mine / theirs for mine, theirs in zip(ours.rates, plain.rates, strict=True)]
    added = [mine - theirs for mine, theirs in zip(ours.cpu, plain.cpu, strict=True)]
    print(f"\nratio {statistics.median(ratios):.2f} ({', '.join(f'{ratio:.2f}' for ratio in ratios)});", end=" ")
    print(f"CPU added {statistics.median(added):.3f} ms ({', '.join(f'{one:.3f}' for one in added)})")


def filled(database: str, app: Flask, count: int) -> None:
    """Measure how long the outbox takes for ``count`` messages, and what memory for them and a tenth of them."""
    if not count:
        return
    before = db.session.scalar(db.select(db.func.count(OutboxMessage.id)))
    db.session.rollback()
    measured, peaks = Measured("bulk"), []
    # Timed first: indexes grow, so the same again is slower.
    measured.timed(count, lambda: fill(f"{database}:timed", count))
    for size in (count // 10, count):
        tracemalloc.start()
        fill(f"{database}:traced:{size}", size)
        peaks.append(tracemalloc.get_traced_memory()[1] / 1e6)
        tracemalloc.stop()
    seconds = count / measured.rates[0]
    print(f"\nbulk: {count} messages beside {before} in {seconds:.1f} s, {measured.cpu[0]:.3f} ms CPU each;", end=" ")
    print(f"peak memory {peaks[0]:.1f} MB for {count // 10}, {peaks[1]:.1f} MB for {count}")


def fill(name: str, count: int) -> None:
    """Put messages into the outbox, with a commit for each fifth of a second or so, as every long writer does."""
    pieces = iter(rows(name, count))
    while piece := list(islice(pieces, 2000)):
        enqueue_many(piece, datetime.now(UTC))
        db.session.commit()
