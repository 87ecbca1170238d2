"""Cells counted anew beside the database's own GROUP BY over the same current answers, and the report read from cells.

Both count the same answers in the same process and take turns. The GROUP BY only reads; the recount also finds what is
not counted yet, which events it saw, and writes the cells. The page is asked of the application in this process, by
somebody who is signed in.
"""

import argparse
import gc
import os
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

from flask import Flask, g

from benchmarks import product
from benchmarks.cells_made import QUESTIONS, interviews
from benchmarks.product import FIRST_DAY, LAST_DAY
from benchmarks.web_survey import Databases, postgresql_databases, sqlite_databases
from foundation.accounts import services as accounts
from foundation.database import db, reading
from foundation.web.clock import utc_now
from satisfaction.engines import roll_up_round
from satisfaction.queries import cells
from satisfaction.services import report, rolling_up

SUMMARY = "cells counted anew beside the database's own GROUP BY; the report and its page read from cells"
BAR, PAGE_MS = 1.3, 300.0


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--postgresql", metavar="URL", help="a server on which databases may be made; they are dropped")
    parser.add_argument("--databases", default="sqlite,postgresql", help="which of sqlite,postgresql (both)")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--answers", type=int, default=1_000_000, help="current answers to five questions (1000000)")


def run(arguments: argparse.Namespace) -> int:
    """Print a line for each database; 1 when a bar is missed or the cells are not what a recount says."""
    print(f"{os.cpu_count()} cores, load average before: {os.getloadavg()[0]:.1f}")
    missed = 0
    with tempfile.TemporaryDirectory(prefix="satisfecit-benchmark-") as name:
        for title, databases in _databases(Path(name), arguments):
            with databases as found:
                missed += _measured(title, found.product, Path(name), arguments)
    print(f"load average after: {os.getloadavg()[0]:.1f}")
    return 1 if missed else 0


def _databases(folder: Path, arguments: argparse.Namespace) -> Iterator[tuple[str, AbstractContextManager[Databases]]]:
    if "sqlite" in arguments.databases:
        yield "SQLite", sqlite_databases(folder)
    if "postgresql" in arguments.databases:
        yield "PostgreSQL", postgresql_databases(folder, arguments.postgresql)


def _measured(title: str, url: str, folder: Path, arguments: argparse.Namespace) -> int:
    with product.application(url, folder) as app:
        db.create_all()
        interviews(arguments.answers // len(QUESTIONS))
        db.session.remove()
        if title == "PostgreSQL":
            with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                connection.exec_driver_sql("VACUUM ANALYZE")
        grouped, anew = [], []
        for _ in range(arguments.rounds):
            grouped.append(_timed(_group_by))
            anew.append(_timed(lambda: rolling_up.recount(utc_now())))
        rolling_up_all()
        right = not rolling_up.check()
        reports = [_timed(_report) for _ in range(arguments.rounds)]
        began = time.process_time()
        _report()
        work = time.process_time() - began
        pages = _pages(app, arguments.rounds)
    ratio = statistics.median(one / other for one, other in zip(anew, grouped, strict=True))
    print(
        f"\n{title}, {arguments.answers:,} answers: GROUP BY {statistics.median(grouped):.2f} s, recount"
        f" {statistics.median(anew):.2f} s, ratio {ratio:.2f}; report {1000 * statistics.median(reports):.0f} ms"
        f" ({1000 * work:.0f} ms of CPU);"
        f" page {1000 * statistics.median(pages):.0f} ms (highest {1000 * max(pages):.0f});"
        f" {'cells are what a recount says' if right else 'THE CELLS DIFFER'}",
        flush=True,
    )
    return (not right) + (ratio > BAR) + (1000 * statistics.median(pages) > PAGE_MS)


def _timed(work: Callable[[], object]) -> float:
    gc.collect()
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def _group_by() -> None:
    with reading():
        db.session.execute(cells.grouped_answers(None)).all()


def rolling_up_all() -> None:
    """Take up the frame and the weeks of the log too, as the worker does."""
    roll_up_round(utc_now())


def _report() -> None:
    with reading():
        report(first_day=FIRST_DAY, last_day=LAST_DAY, now=utc_now(), by=("site", "channel"))


def _pages(app: Flask, rounds: int) -> list[float]:
    """Seconds of the page of figures, after one that warms what is kept in the process."""
    user = accounts.create_user("q@example.org", "Q", "quality", "a passphrase of some length", utc_now())
    db.session.commit()
    unique, seconds = user.fs_uniquifier, []
    db.session.remove()
    client = app.test_client()
    with client.session_transaction() as session:
        session |= {"_user_id": unique, "identity": unique, "_fresh": True, "fs_cc": "set"}
        session["fs_paa"] = utc_now().timestamp()
    for number in range(rounds + 1):
        for name in list(g):  # of one request, in the context that is open here
            g.pop(name)
        began = time.perf_counter()
        answer = client.get("/satisfaction/figures")
        if number:
            seconds.append(time.perf_counter() - began)
        assert answer.status_code == 200 and b"Benchmark" in answer.data, answer.headers
    return seconds
