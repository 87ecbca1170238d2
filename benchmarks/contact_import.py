"""``flask contacts import`` beside two bare loops that read the same CSV and numbers and insert them, in one run.

Each is a process of its own, from its start to its end: what the command needs to start, to look through the file and
to count its rows is in its time. They take turns. The bare loop (``benchmarks/bare_import.py``) parses with csv and
phonenumbers and inserts by executemany on SQLite, by COPY on PostgreSQL, into one table with one key; the bar is about
this one. The bare tables (``benchmarks/bare_tables.py``) are the same loop into the product's own two tables with all
their keys, indexes and foreign keys: what of the difference is the tables' and what the command's. The command also
refuses and warns, finds customers, and commits every 0.2 s of writing (10,000 rows on PostgreSQL). Memory is the most
that the process and those it started ever held (VmHWM, looked at ten times a second, added up); CPU is theirs too,
PostgreSQL's own left out. The log is made with a fixed seed: six of ten numbers are a customer's who called before,
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
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import func, select

from benchmarks import product
from benchmarks.web_survey import Databases, postgresql_databases, sqlite_databases
from contacts.models import Contact, Customer, Principal, Site
from foundation.database import db
from foundation.web.clock import utc_now

SUMMARY = "the import of a contact log beside two bare loops: rows per second, memory"
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
    ways = bare, tables, ours = Way("bare loop"), Way("bare tables"), Way("contacts import")
    missing = 0
    for number in range(arguments.rounds):
        home = folder / f"{title}-{number}"
        with _databases(title, home, arguments) as found:
            _timed(bare, [sys.executable, "-m", "benchmarks.bare_import", str(log), found.bare], {})
            missing += _command(log, home, found.product, ours)
        with _databases(title, home / "tables", arguments) as found:
            missing += _bare_tables(log, home / "tables", found.product, tables)
    print(f"\n{title}, {arguments.rounds} rounds\n")
    for way in ways:
        seconds, memory = statistics.median(way.seconds), max(way.memory)
        rate, used = arguments.rows / seconds, statistics.median(way.cpu)
        print(f"  {way.name:<16} {seconds:8.1f} s {used:8.1f} s CPU {rate:9,.0f} rows/s {memory:5.0f} MB")
    for way in (bare, tables):
        told = f" (bar {BAR})" if way is bare else ""
        clock, cpu = _ratio(way.seconds, ours.seconds), _ratio(way.cpu, ours.cpu)
        print(f"  ratio to the {way.name}: {clock:.2f} by the clock{told}, {cpu:.2f} by CPU", flush=True)
    print(f"  memory bar {LARGEST_MB} MB", flush=True)
    return missing + (_ratio(bare.seconds, ours.seconds) < BAR) + (max(ours.memory) > LARGEST_MB)


def _ratio(theirs: list[float], ours: list[float]) -> float:
    return statistics.median(theirs) / statistics.median(ours)


def _databases(title: str, home: Path, arguments: argparse.Namespace) -> AbstractContextManager[Databases]:
    home.mkdir()
    return postgresql_databases(home, arguments.postgresql) if title == "postgresql" else sqlite_databases(home)


def _prepared(url: str, home: Path) -> None:
    """The tables of the product, with a principal and two sites."""
    with product.application(url, home):
        db.create_all()
        for key in ("lyon", "lille"):
            db.session.add(Site(key=key, name=key, created_at=utc_now()))
        db.session.add(Principal(key="benchmark", name="Benchmark", brand="Benchmark", created_at=utc_now()))
        db.session.commit()


def _command(log: Path, home: Path, url: str, ours: Way) -> int:
    _prepared(url, home)
    mapping = home / "mapping.json"
    mapping.write_text(json.dumps(MAPPING))
    command = [sys.executable, "-m", "flask", "contacts", "import", str(log), "--map", str(mapping)]
    _timed(ours, command, product.environment(url, home))
    return _missing(log, home, url, ours)


def _bare_tables(log: Path, home: Path, url: str, tables: Way) -> int:
    _prepared(url, home)
    _timed(tables, [sys.executable, "-m", "benchmarks.bare_tables", str(log), url], {})
    return _missing(log, home, url, tables)


def _missing(log: Path, home: Path, url: str, way: Way) -> int:
    """1 where not every row of the file is a contact."""
    with product.application(url, home):
        contacts, customers = (db.session.scalar(select(func.count()).select_from(one)) for one in (Contact, Customer))
    print(f"  {way.name}: {contacts:,} contacts, {customers:,} customers", flush=True)
    with log.open("rb") as file:
        return int(contacts != sum(1 for _ in file) - 1)


def _timed(way: Way, command: list[str], environment: Mapping[str, str]) -> None:
    began = time.perf_counter()
    process = subprocess.Popen(
        command, env={**os.environ, **environment}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    memory, ended = 0.0, 0
    while not ended:
        memory = max(memory, sum(map(_most_held, _family(process.pid))))
        time.sleep(0.1)
        ended, status, used = os.wait4(process.pid, os.WNOHANG)
    process.returncode = os.waitstatus_to_exitcode(status)
    way.seconds.append(time.perf_counter() - began)
    way.cpu.append(used.ru_utime + used.ru_stime)
    way.memory.append(memory)
    if process.returncode not in (0, 3):
        raise RuntimeError(f"{way.name} ended with {process.returncode}")


def _family(pid: int) -> list[int]:
    """A process and those it started."""
    try:
        started = Path(f"/proc/{pid}/task/{pid}/children").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return [pid]
    return [pid, *map(int, started.split())]


def _most_held(pid: int) -> float:
    """The most memory, in MB, that the process has held so far; what it was forked from is not counted."""
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return 0.0
    found = re.search(r"VmHWM:\s+(\d+) kB", status)
    return int(found[1]) / 1024 if found else 0.0
