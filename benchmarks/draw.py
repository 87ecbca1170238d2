"""The draw of a period of 100,000 contacts in 48 strata, from beginning to drawn, beside a bare loop.

The product reads the contacts, judges each by the rules, the holds, the stops and the quarantine, takes one of each
customer, allocates, ranks, hashes the frame, and writes a frame unit for each contact, the invitations and the ledger
entry, committing piece by piece. The bare loop reads ids, ranks by HMAC and writes one narrow row a contact: no rules,
no hash, no invitations, one transaction. They take turns on the same rows.
"""

import argparse
import cProfile
import gc
import hashlib
import hmac
import pstats
import statistics
import tempfile
import time
from collections import defaultdict
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, cast

from sqlalchemy import Table, insert, text

from benchmarks.product import application
from benchmarks.web_survey import postgresql_databases
from contacts.models import Contact, Customer, Hold, Period, Principal, Site
from foundation.database import db
from surveys.models import Draw, Programme
from surveys.queries.draws import kept_draw
from surveys.services.drawing import carry_out
from surveys.services.draws import request_draw
from surveys.services.frame_writing import write_rows
from surveys.services.programmes import NewProgramme, create_programme
from surveys.services.questionnaires import publish, save_draft
from surveys.storage import model_definition
from surveys.terms import Terms
from surveys.verification import differences

SUMMARY = "the draw of 100,000 contacts in 48 strata beside a bare loop, on SQLite and PostgreSQL"
NOW = datetime(2026, 11, 3, 9, tzinfo=UTC)
FIRST, LAST = date(2026, 10, 1), date(2026, 10, 31)
SITES, CHANNELS = 16, ("phone", "email", "chat")
DRAWN = (600, 10_000)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--contacts", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=3, help="of each size, on each database")
    parser.add_argument("--postgresql", metavar="URL", help="a server; by default one installed by pip")
    parser.add_argument("--sqlite-only", action="store_true")
    parser.add_argument("--profile", action="store_true", help="say where the time of one draw went")


def run(arguments: argparse.Namespace) -> int:
    with tempfile.TemporaryDirectory() as folder:
        _measure("SQLite", f"sqlite:///{folder}/draw.db", Path(folder), arguments)
        if not arguments.sqlite_only:
            with postgresql_databases(Path(folder), arguments.postgresql) as urls:
                _measure("PostgreSQL", urls[0], Path(folder), arguments)
    return 0


def _measure(name: str, url: str, folder: Path, arguments: argparse.Namespace) -> None:
    with application(url, folder):
        db.create_all()
        principal = _filled(arguments.contacts)
        db.session.execute(text("CREATE TABLE bare (draw_id INTEGER, contact_id INTEGER, stratum TEXT, drawn BOOLEAN)"))
        db.session.commit()
        print(f"{name}: {arguments.contacts:,} contacts, {SITES * len(CHANNELS)} strata, {arguments.rounds} rounds")
        for size in DRAWN:
            ours, bare = [], []
            for number in range(arguments.rounds):
                programme = _programme(principal, size, f"{size}-{number}")
                ours.append(_timed(lambda programme=programme: _drawn(programme)))
                bare.append(_timed(lambda size=size, number=number: _bare(size, number)))
            print(f"  {size:>6,} drawn: {_said(ours)}; bare loop {_said(bare)}")
        if arguments.profile:
            _profile(_programme(principal, DRAWN[0], "profile"))
        db.session.remove()


def _said(rounds: list[tuple[float, float]]) -> str:
    """Median, lowest and highest seconds, and the median of this process's own CPU."""
    wall, cpu = zip(*rounds, strict=True)
    return f"{statistics.median(wall):.2f} s ({min(wall):.2f} to {max(wall):.2f}), CPU {statistics.median(cpu):.2f} s"


def _timed(work: Any) -> tuple[float, float]:
    gc.collect()
    began, cpu = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - began, time.process_time() - cpu


def _profile(programme: Programme) -> None:
    profile = cProfile.Profile()
    profile.runcall(_drawn, programme)
    pstats.Stats(profile).sort_stats("tottime").print_stats(22)


def _drawn(programme: Programme) -> None:
    draw = db.session.query(Draw).filter_by(programme_id=programme.id).one()
    for _piece in carry_out(draw.id, NOW):
        db.session.commit()
    assert db.session.get_one(Draw, draw.id).state == "drawn"


def check(draw_id: int) -> bool:
    """Whether a second draw finds the same."""
    return not differences(kept_draw(db.session.get_one(Draw, draw_id)))


def _bare(size: int, number: int) -> None:
    rows = db.session.execute(
        text("SELECT c.id, c.public_id, s.key, c.channel FROM contacts c JOIN sites s ON s.id = c.site_id")
    ).all()
    seed, strata = hashlib.sha256(b"bare").digest(), defaultdict(list)
    for contact_id, public_id, site, channel in rows:
        strata[f"{site} · {channel}"].append((hmac.digest(seed, public_id.encode(), "sha256"), contact_id))
    made = []
    for stratum, ranked in strata.items():
        take = size * len(ranked) // len(rows)
        made += [(number, contact_id, stratum, place < take) for place, (_, contact_id) in enumerate(sorted(ranked))]
    table = db.Table("bare", db.MetaData())
    write_rows(cast(Table, table), ("draw_id", "contact_id", "stratum", "drawn"), made)
    db.session.commit()


def _programme(principal: Principal, size: int, key: str) -> Programme:
    version = save_draft(model_definition("post_contact"), NOW)
    if version.published_at is None:
        version = publish(version.questionnaire_id, None, NOW)
    terms = Terms(version.id, "sms", strata=["site", "channel"], sample_size=size)
    programme = create_programme(NewProgramme(f"benchmark-{key}", "Benchmark", principal.id, terms), NOW)
    request_draw(programme, FIRST, LAST, None, NOW)
    db.session.commit()
    return programme


def _filled(contacts: int) -> Principal:
    """A principal with a closed period; one contact in seven is of somebody who called before."""
    principal = Principal(key="benchmark", name="Benchmark", brand="Benchmark", created_at=NOW)
    db.session.add(principal)
    sites = [Site(key=f"site-{n:02d}", name=f"Site {n}", created_at=NOW) for n in range(SITES)]
    db.session.add_all(sites)
    db.session.flush()
    people = contacts * 6 // 7
    _insert(
        Customer,
        (
            {"id": n + 1, "principal_id": principal.id, "phone": f"+336{n:08d}", "created_at": NOW}
            for n in range(people)
        ),
    )
    _insert(Contact, (_contact(n, people, principal.id, sites) for n in range(contacts)))
    _insert(
        Hold,
        ({"customer_id": n + 1, "code": "staff", "key": f"staff:{n}", "starts_at": NOW} for n in range(0, people, 500)),
    )
    db.session.add(
        Period(
            principal_id=principal.id,
            first_day=FIRST,
            last_day=LAST,
            closed_at=NOW,
            population=contacts,
            frame_hash="0" * 64,
        )
    )
    db.session.commit()
    return principal


def _contact(n: int, people: int, principal_id: int, sites: list[Site]) -> dict[str, Any]:
    return {
        "public_id": hashlib.sha256(str(n).encode()).hexdigest()[:32],
        "principal_id": principal_id,
        "site_id": sites[n % SITES].id,
        "customer_id": n % people + 1,
        "source": "log",
        "external_id": str(n),
        "channel": CHANNELS[n // SITES % len(CHANNELS)],
        "direction": "in",
        "started_at": datetime(2026, 10, 2, tzinfo=UTC) + timedelta(seconds=n * 25),
        "outcome": "answered" if n % 20 else "abandoned",
        "language": "fr",
        "recorded_at": NOW,
    }


def _insert(model: Any, rows: Any) -> None:
    db.session.execute(insert(model), list(rows))
