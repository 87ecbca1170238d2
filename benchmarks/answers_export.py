"""The export of answers beside a bare streamed export of the same columns, in one run on one database.

The bare export reads a table that has the columns of the file as they are, one row for each interview, by a streamed
cursor of SQLAlchemy core, and writes them with the csv module: whoever stores answers so knows no history of an answer,
no versions and no types. The two files are the same to the byte, and are compared. They take turns, so that whatever
else the machine does falls on both. CPU is that of this process, SQLite's in it, PostgreSQL's own left out.
"""

import argparse
import csv
import gc
import hashlib
import os
import statistics
import tempfile
import time
import tracemalloc
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from sqlalchemy import Column, Integer, MetaData, Table, Text, insert, select

from benchmarks import product
from benchmarks.answers_made import QUESTIONNAIRE, answered
from benchmarks.web_survey import Databases, postgresql_databases, sqlite_databases
from foundation.accounts.scope import EVERYTHING
from foundation.database import db, reading
from surveys.answer_csv import csv_pieces
from surveys.models import Programme
from surveys.queries.answers import answer_table

SUMMARY = "the export of answers beside a bare streamed export of the same columns: time, CPU, memory"
BAR = 2.5
ROWS_AT_ONCE = 2000
#: How much more memory ten times the rows may take: what is kept per process, the rows of one fetch being the same.
FLAT = 1.25


@dataclass
class Measured:
    """One way to export, round after round: seconds by the clock, seconds of CPU, and what was written."""

    name: str
    export: Callable[[Path], None]
    wall: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)
    digest: str = ""

    def timed(self, target: Path) -> None:
        gc.collect()
        began, cpu = time.perf_counter(), time.process_time()
        self.export(target)
        self.wall.append(time.perf_counter() - began)
        self.cpu.append(time.process_time() - cpu)
        self.digest = hashlib.sha256(target.read_bytes()).hexdigest()


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--postgresql", metavar="URL", help="a server on which databases may be made; they are dropped")
    parser.add_argument("--databases", default="sqlite,postgresql", help="which of sqlite,postgresql (both)")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--responses", type=int, default=100_000, help="completed interviews (100000)")


def run(arguments: argparse.Namespace) -> int:
    """Print a table for each database; 1 when the files differ, or the bar or the flatness is missed."""
    print(f"{os.cpu_count()} cores, load average before: {os.getloadavg()[0]:.1f}")
    missed = 0
    with tempfile.TemporaryDirectory(prefix="satisfecit-benchmark-") as name:
        for title, databases in _databases(Path(name), arguments):
            with databases as found:
                missed += _compared(title, found, Path(name) / title.lower(), arguments)
    print(f"load average after: {os.getloadavg()[0]:.1f}")
    return 1 if missed else 0


def _databases(folder: Path, arguments: argparse.Namespace) -> Iterator[tuple[str, AbstractContextManager[Databases]]]:
    if "sqlite" in arguments.databases:
        yield "SQLite", sqlite_databases(folder)
    if "postgresql" in arguments.databases:
        yield "PostgreSQL", postgresql_databases(folder, arguments.postgresql)


def _compared(title: str, databases: Databases, folder: Path, arguments: argparse.Namespace) -> int:
    """Measure both on a database of some interviews and on one of ten times as many; return what was missed."""
    few = max(1, arguments.responses // 10)
    peaks = []
    for url, responses in ((databases.bare, few), (databases.product, arguments.responses)):
        home = folder / str(responses)
        home.mkdir(parents=True)
        product.prepare(url, home, {QUESTIONNAIRE: responses})
        with product.application(url, home):
            answered(responses)
            with reading():
                peaks.append(_peak(home / "traced.csv"))
            if responses == arguments.responses:
                flat = _flat_table(home / "product.csv")
                ways = [Measured("bare streamed export", _bare(flat)), Measured("product", _product)]
                for _ in range(arguments.rounds):
                    for way in ways:
                        way.timed(home / "out.csv")
    print(f"\n{title}, {arguments.responses:,} interviews\n\n{_table(ways)}\n")
    print(f"traced peak: {peaks[0] / 1e6:.2f} MB for {few:,}, {peaks[1] / 1e6:.2f} MB for {arguments.responses:,}")
    same = ways[0].digest == ways[1].digest
    print("the files are the same" if same else "THE FILES DIFFER", flush=True)
    return (not same) + (_ratio(ways, "cpu") > BAR or _ratio(ways, "wall") > BAR) + (peaks[1] > FLAT * peaks[0])


def _product(target: Path) -> None:
    with reading(), target.open("w", encoding="utf-8") as file:
        programme = db.session.scalars(select(Programme)).one()
        file.writelines(csv_pieces(*answer_table(programme, EVERYTHING)))


def _bare(table: Table) -> Callable[[Path], None]:
    columns = [column for column in table.columns if column.name != "row"]

    def export(target: Path) -> None:
        with db.engine.connect() as connection, target.open("w", encoding="utf-8") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow([column.name for column in columns])
            statement = select(*columns).order_by(table.c.row)
            writer.writerows(connection.execution_options(yield_per=ROWS_AT_ONCE).execute(statement))

    return export


def _flat_table(written: Path) -> Table:
    """A table with the columns of the file, filled from it."""
    _product(written)
    with written.open(encoding="utf-8", newline="") as file:
        rows = csv.reader(file)
        names = next(rows)
        table = Table("flat", MetaData(), Column("row", Integer, primary_key=True), *(Column(n, Text) for n in names))
        table.create(db.engine)
        while piece := [dict(zip(names, row, strict=True)) for row in islice(rows, 5_000)]:
            with db.engine.begin() as connection:
                connection.execute(insert(table), piece)
    return table


def _peak(target: Path) -> int:
    """The most memory that Python held at once during an export, in bytes; the second, so that nothing is compiled."""
    _product(target)
    tracemalloc.start()
    try:
        _product(target)
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def _ratio(ways: Sequence[Measured], what: str) -> float:
    """How many times the bare export's, as the median of the rounds, in each of which both ran."""
    bare, ours = (getattr(way, what) for way in ways)
    return statistics.median(mine / theirs for mine, theirs in zip(ours, bare, strict=True))


def _table(ways: Sequence[Measured]) -> str:
    lines = ["| | wall s | CPU s |", "|---|---|---|"]
    for way in ways:
        lines.append(f"| {way.name} | {statistics.median(way.wall):.2f} | {statistics.median(way.cpu):.2f} |")
    lines.append(f"| factor | {_ratio(ways, 'wall'):.2f} | {_ratio(ways, 'cpu'):.2f} |")
    return "\n".join(lines)
