"""What a running continuous draw costs an import: the same contacts written with one and without, in one run.

Contacts come by the path of files and of the API (``record_entries``), in pieces, each committed. Two in three are of
customers who have called before, so that there are histories to read. By turns, the best of three: other work of the
machine slows single turns. The draw takes one in twenty, under a quarantine of thirty days.
"""

import argparse
import os
import random
import tempfile
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from time import perf_counter

import sqlalchemy
from sqlalchemy.engine import make_url

from app import create_app
from contacts.addresses import Phone
from contacts.entries import Entry
from contacts.models import Principal, Site
from contacts.services import record_entries
from foundation.database import db
from surveys.services.continuous import open_draw
from surveys.services.programmes import NewProgramme, create_programme
from surveys.services.questionnaires import publish, save_draft
from surveys.storage import model_definition
from surveys.terms import Terms

SUMMARY = "what a running continuous draw adds to the import of a contact"
START = datetime(2026, 12, 1, 6, 0, tzinfo=UTC)
TURNS = 3


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--contacts", type=int, default=50_000)
    parser.add_argument("--piece", type=int, default=2000, help="contacts written at once")
    parser.add_argument(
        "--database", help="URL of a PostgreSQL server, on which a database is made and dropped; SQLite by default"
    )


def run(arguments: argparse.Namespace) -> int:
    """Print seconds and milliseconds per contact of each turn, and what the draw adds."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ["SATISFECIT_INSTANCE"] = folder
        url, server, name = f"sqlite:///{Path(folder) / 'bench.sqlite3'}", None, f"bench_continuous_{os.getpid()}"
        if arguments.database:
            server = sqlalchemy.create_engine(arguments.database, isolation_level="AUTOCOMMIT")
            with server.connect() as connection:
                connection.execute(sqlalchemy.text(f"CREATE DATABASE {name}"))
            url = make_url(arguments.database).set(database=name).render_as_string(hide_password=False)
        try:
            _measured(url, arguments.contacts, arguments.piece)
        finally:
            if server is not None:
                with server.connect() as connection:
                    connection.execute(sqlalchemy.text(f"DROP DATABASE {name} WITH (FORCE)"))
    return 0


def _measured(url: str, contacts: int, piece: int) -> None:
    app = create_app({"DATABASE_URL": url, "SECRET_KEY": "a benchmark has no secrets at all", "TESTING": True})
    with app.app_context():
        db.create_all()
        without, with_draw = [], []
        for turn in range(TURNS):
            without.append(_seconds(turn, contacts, piece, drawing=False))
            with_draw.append(_seconds(turn, contacts, piece, drawing=True))
            print(f"turn {turn + 1}: without {without[-1]:.2f} s, with {with_draw[-1]:.2f} s", flush=True)
        added = (min(with_draw) - min(without)) / contacts * 1000
        print(f"{db.engine.dialect.name}, {contacts:,} contacts in pieces of {piece:,}")
        print(f"without a draw {min(without) / contacts * 1000:.3f} ms per contact")
        print(f"with one       {min(with_draw) / contacts * 1000:.3f} ms per contact; added {added:.3f} ms")
        db.session.remove()
        db.engine.dispose()


def _seconds(turn: int, contacts: int, piece: int, drawing: bool) -> float:
    principal_id, site_id = _centre(f"{'draw' if drawing else 'plain'}{turn}", drawing)
    pieces = [_entries(site_id, place, min(piece, contacts - place)) for place in range(0, contacts, piece)]
    began = perf_counter()
    for number, entries in enumerate(pieces):
        record_entries(principal_id, "log", entries, START + timedelta(minutes=number))
        db.session.commit()
    return perf_counter() - began


def _entries(site_id: int, first: int, count: int) -> list:
    rng = random.Random(first)
    return [
        Entry(
            f"c{first + place}",
            START + timedelta(seconds=first + place),
            site_id,
            rng.choice(("phone", "email", "chat")),
            "in",
            "answered",
            phone=Phone(f"+336{rng.randrange(20_000):08d}", True),
        )
        for place in range(count)
    ]


def _centre(key: str, drawing: bool) -> tuple[int, int]:
    """A principal and a site of its own for each turn, with a running draw or none."""
    now = START - timedelta(days=7)
    principal = Principal(key=key, name=key, brand=key, created_at=now)
    site = Site(key=key, name=key, created_at=now)
    db.session.add_all([principal, site])
    db.session.flush()
    if drawing:
        version = save_draft(model_definition("post_contact"), now)
        if version.published_at is None:
            version = publish(version.questionnaire_id, None, now)
        rates = {"rates": {"": "1/20"}}
        terms = Terms(
            version.id, "sms", draw_kind="continuous", design=rates, method="everyone", strata=("site", "channel"),
            quarantine_days=30,
        )  # fmt: skip
        programme = create_programme(NewProgramme(f"after-{key}", key, principal.id, terms), now)
        open_draw(programme, date(2026, 12, 1), date(2026, 12, 31), now)
    db.session.commit()
    return principal.id, site.id
