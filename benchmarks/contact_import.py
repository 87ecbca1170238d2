"""``flask contacts import`` beside a bare loop that reads the same CSV and numbers and inserts them, in one run.

Each is a process of its own, from its start to its end: what the command needs to start, to look through the file and
to count its rows is in its time. They take turns. The bare loop (``benchmarks/bare_import.py``) parses with csv and
phonenumbers and inserts by executemany on SQLite, by COPY on PostgreSQL, into one table with one key; the command also
refuses and warns, finds customers, keeps every index, and commits every 0.2 s of writing. Memory is the most the
process ever held (VmHWM, looked at ten times a second); CPU is that of the process, PostgreSQL's own left out. The
log is made with a fixed seed: six of ten numbers are a customer's who called before,
written in the ways that switchboards do; one in twenty is missing and one in fifty wrong.
"""

import argparse
import csv
import json
import os
import random
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import func, select

from benchmarks import product
from benchmarks.web_survey import Databases, postgresql_databases, sqlite_databases
from contacts.models import Contact, Customer, Principal, Site
from foundation.database import db
from foundation.web.clock import utc_now

SUMMARY = "the import of a contact log beside a bare loop: rows per second, memory"
BAR = 0.5
LARGEST_MB = 300
SEED = 5
HEADER = ("id", "started", "site", "channel", "direction", "outcome", "reason", "agent", "phone", "email")
REASONS = ("Facture", "Panne", "Résiliation", "Déménagement", "Livraison", "Autre")
SHAPES = ("0{} {} {} {} {}", "0{}{}{}{}{}", "+33{}{}{}{}{}", "0033{}{}{}{}{}", "0{}.{}.{}.{}.{}", "+33 {} {} {} {} {}")
MAPPING = {
    "source": "benchmark",
    "fields": {
        **{name: {"column": name} for name in ("site", "channel", "direction", "outcome", "reason", "agent")},
        "external_id": {"column": "id"},
        "started_at": {"column": "started"},
        "phone": {"column": "phone"},
        "email": {"column": "email"},
    },
    "zone": "Europe/Paris",
}


@dataclass
class Way:
    """One way to import, round after round: seconds, seconds of CPU, and the largest memory in MB."""

    name: str
    seconds: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)
    memory: list[float] = field(default_factory=list)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--rows", type=int, default=100_000, help="rows of the log (100000)")
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--postgresql", metavar="URL", help="a server on which databases may be made; they are dropped")
    parser.add_argument("--databases", default="sqlite,postgresql", help="which of sqlite,postgresql (both)")


def run(arguments: argparse.Namespace) -> int:
    """Print the rates of each database; 1 where the bar or the memory is missed, or rows are missing."""
    print(f"{os.cpu_count()} cores, load average before: {os.getloadavg()[0]:.1f}")
    missed = 0
    with tempfile.TemporaryDirectory(prefix="satisfecit-benchmark-") as name:
        log = made_log(Path(name) / "log.csv", arguments.rows)
        print(f"{arguments.rows:,} rows, {log.stat().st_size / 1e6:.0f} MB", flush=True)
        for title in arguments.databases.split(","):
            missed += _compared(title, log, Path(name), arguments)
    print(f"load average after: {os.getloadavg()[0]:.1f}")
    return 1 if missed else 0


def made_log(path: Path, rows: int) -> Path:
    """A log of so many contacts within sixty days, always the same."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, delimiter=";")
        writer.writerow(HEADER)
        writer.writerows(_contacts(rows))
    return path


def _contacts(rows: int) -> Iterator[tuple[str, ...]]:
    chance = random.Random(SEED)
    start = datetime(2026, 9, 1)
    step = timedelta(days=60) / rows
    ranges = ("60", "61", "62", "64", "65", "66", "67", "68", "73", "74", "75", "76", "77", "78")
    numbers = [f"{chance.choice(ranges)}{chance.randrange(10**7):07d}" for _ in range(max(1, rows * 4 // 10))]
    for row in range(rows):
        number = chance.choice(numbers)
        pairs = [number[0], *(number[place : place + 2] for place in (1, 3, 5, 7))]
        yield (
            f"C{row:08d}",
            f"{start + step * row:%Y-%m-%d %H:%M:%S}",
            chance.choice(("lyon", "lille")),
            "phone",
            "in" if row % 5 else "out",
            chance.choice(("answered", "answered", "abandoned")),
            chance.choice(REASONS),
            f"conseiller {chance.randrange(400)}",
            "" if row % 20 == 0 else "06 99" if row % 50 == 1 else chance.choice(SHAPES).format(*pairs),
            f"client{number}@example.org" if row % 7 == 0 else "",
        )


def _compared(title: str, log: Path, folder: Path, arguments: argparse.Namespace) -> int:
    bare, ours = Way("bare loop"), Way("contacts import")
    missing = 0
    for number in range(arguments.rounds):
        home = folder / f"{title}-{number}"
        home.mkdir()
        databases = (
            postgresql_databases(home, arguments.postgresql) if title == "postgresql" else sqlite_databases(home)
        )
        with databases as found:
            missing += _round(log, home, found, bare, ours)
    ratio = statistics.median(bare.seconds) / statistics.median(ours.seconds)
    cpu = statistics.median(bare.cpu) / statistics.median(ours.cpu)
    print(f"\n{title}, {arguments.rounds} rounds\n")
    for way in (bare, ours):
        seconds, memory = statistics.median(way.seconds), max(way.memory)
        rate, used = arguments.rows / seconds, statistics.median(way.cpu)
        print(f"  {way.name:<16} {seconds:8.1f} s {used:8.1f} s CPU {rate:9,.0f} rows/s {memory:5.0f} MB")
    print(f"  ratio {ratio:.2f} by the clock (bar {BAR}), {cpu:.2f} by CPU; memory bar {LARGEST_MB} MB", flush=True)
    return missing + (ratio < BAR) + (max(ours.memory) > LARGEST_MB)


def _round(log: Path, home: Path, databases: Databases, bare: Way, ours: Way) -> int:
    _timed(bare, [sys.executable, "-m", "benchmarks.bare_import", str(log), databases.bare], {})
    with product.application(databases.product, home):
        db.create_all()
        for key in ("lyon", "lille"):
            db.session.add(Site(key=key, name=key, created_at=utc_now()))
        db.session.add(Principal(key="benchmark", name="Benchmark", brand="Benchmark", created_at=utc_now()))
        db.session.commit()
    mapping = home / "mapping.json"
    mapping.write_text(json.dumps(MAPPING))
    command = [sys.executable, "-m", "flask", "contacts", "import", str(log), "--map", str(mapping)]
    _timed(ours, command, product.environment(databases.product, home))
    with product.application(databases.product, home):
        contacts, customers = (db.session.scalar(select(func.count()).select_from(one)) for one in (Contact, Customer))
    print(f"  {contacts:,} contacts, {customers:,} customers", flush=True)
    with log.open("rb") as file:
        return int(contacts != sum(1 for _ in file) - 1)


def _timed(way: Way, command: list[str], environment: Mapping[str, str]) -> None:
    began = time.perf_counter()
    process = subprocess.Popen(
        command, env={**os.environ, **environment}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    memory, ended = 0.0, 0
    while not ended:
        memory = max(memory, _most_held(process.pid))
        time.sleep(0.1)
        ended, status, used = os.wait4(process.pid, os.WNOHANG)
    process.returncode = os.waitstatus_to_exitcode(status)
    way.seconds.append(time.perf_counter() - began)
    way.cpu.append(used.ru_utime + used.ru_stime)
    way.memory.append(memory)
    if process.returncode not in (0, 3):
        raise RuntimeError(f"{way.name} ended with {process.returncode}")


def _most_held(pid: int) -> float:
    """The most memory, in MB, that the process has held so far; what it was forked from is not counted."""
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except ProcessLookupError:
        return 0.0
    found = re.search(r"VmHWM:\s+(\d+) kB", status)
    return int(found[1]) / 1024 if found else 0.0
