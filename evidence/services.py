"""Building a binder, asking for one and handing it out."""

import hashlib
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from evidence import contents, queries, verify
from evidence.archive import archive, json_file
from evidence.documents import documents
from evidence.models import Binder, BinderFile
from evidence.queries import DrawnSample
from evidence.subjects import BinderInconsistent, Subject
from foundation.database import db
from foundation.jobs import services as jobs
from foundation.ledger import queries as ledger_queries
from foundation.ledger import services as ledger
from satisfaction.services import report
from satisfaction.tables import report_csv
from surveys.anonymity import TOGETHER
from surveys.continuous import CONTINUOUS
from surveys.ladder import Rungs, by_code
from surveys.pages import words
from surveys.queries.continuous import continuous_file

JOB_KIND = "evidence.build"
STEPS = 4
# The whole, each pair of a site and a channel, each site, each channel.
BREAKDOWNS: tuple[tuple[str, ...], ...] = (("site", "channel"), ("site",), ("channel",))

Told = Callable[[int, int], None]


@dataclass(frozen=True)
class Built:
    """A finished ZIP."""

    content: bytes
    sha256: str


def one_snapshot() -> None:
    """Let the transaction that begins now see one state of the database, whatever others write meanwhile."""
    if db.engine.dialect.name == "postgresql":
        db.session.connection(execution_options={"isolation_level": "REPEATABLE READ"})


def compose(about: Subject, now: datetime, told: Told = lambda done, total: None) -> Built:
    """Return the binder of ``about`` as it stands; the same state at the same ``now`` gives the same bytes.

    Only reads. ``told(done, total)`` hears how far it is. Raises BinderInconsistent when its own verifier would
    find fault with it: screen and binder say the same, or there is no binder.
    """
    samples = list(queries.drawn_samples(about))
    told(1, STEPS)
    figures = contents.merged(_reports(about, now))
    told(2, STEPS)
    members = _data(about, samples, figures, now)
    _refuse_inconsistent(members)
    told(3, STEPS)
    members |= documents(_facts(about, samples, figures, members, now))
    content = archive(members, about.about())
    told(STEPS, STEPS)
    return Built(content, hashlib.sha256(content).hexdigest())


def _refuse_inconsistent(members: dict[str, bytes]) -> None:
    draws = json.loads(members["draw.json"])["draws"]
    faults = [
        *verify.draw_faults(members, draws),
        *verify.ledger_faults(members, draws),
        *verify.figure_faults(members, draws, say=lambda _: None),
    ]
    if faults:
        raise BinderInconsistent(faults)


def _reports(about: Subject, now: datetime) -> Iterator[dict[str, Any]]:
    for by in BREAKDOWNS:
        yield report(
            first_day=about.first_day,
            last_day=about.last_day,
            now=now,
            scope=queries.scope_of(about),
            survey_key=about.survey_key,
            principal_key=about.principal_key,
            by=by,
        )


def _data(about: Subject, samples: list[DrawnSample], figures: dict[str, Any], now: datetime) -> dict[str, bytes]:
    complaints, appeals = queries.complaints(about, now), queries.appeals(about, now)
    drawn = [(sample.draw, sample.version) for sample in samples]
    subjects = queries.ledger_subjects(drawn, queries.closed_periods(about), [*complaints, *appeals])
    links = map(ledger_queries.link_of, ledger_queries.entries_of(subjects))
    units = ((sample.draw.id, *row) for sample in samples for row in queries.frame_rows(sample.draw.id))
    arriving = [sample.draw for sample in samples if sample.draw.kind == CONTINUOUS]
    decided = contents.continuous_file((draw.id, continuous_file(draw)) for draw in arriving)
    singly = [one for sample in samples for one in sample.weighed]
    weights = {"weights.csv": contents.weights_file(singly)} if any(sample.weighing for sample in samples) else {}
    raked = _by_place(samples)
    places = {"places.csv": contents.places_file(one for sample in raked for one in sample.cells)} if raked else {}
    documents = [draw_document(sample, places=sample in raked) for sample in samples]
    return (
        ({"decisions.jsonl": decided} if arriving else {})
        | weights
        | places
        | {
            "report.json": json_file(figures),
            "results.csv": report_csv(figures).encode(),
            "draw.json": json_file({"draws": documents}),
            "frame.csv": contents.frame_file(units),
            "answers.csv": contents.answers_file(cell for sample in samples for cell in sample.cells),
            "indicators.json": contents.indicators_file(),
            "questionnaires.json": json_file(_questionnaires(samples)),
            "complaints.csv": contents.register_file(contents.COMPLAINT_COLUMNS, complaints, about.zone),
            "appeals.csv": contents.register_file(contents.APPEAL_COLUMNS, appeals, about.zone),
            "ledger.json": contents.ledger_file(links, ledger_queries.head()),
        }
    )


def _by_place(samples: list[DrawnSample]) -> list[DrawnSample]:
    """The draws of programmes that declare how answers are weighed; those that weigh singly have their weights."""
    declaring = {sample.draw.programme_id for sample in samples if sample.weighting}
    return [one for one in samples if one.draw.programme_id in declaring and not one.weighing]


def draw_document(sample: DrawnSample, places: bool = False) -> dict[str, Any]:
    """A draw as draw.json tells it: all it takes to draw again, and what became of those drawn."""
    draw, rungs = sample.draw, sample.ladder.overall
    return {
        "id": draw.id,
        "kind": draw.kind,
        "survey": draw.programme.key,
        "name": draw.programme.name,
        "collection": draw.terms.collection,
        "promise": draw.terms.promise,
        "withdrawn": {"interviews": sample.withdrawn.interviews, "answers": sample.withdrawn.answers},
        "period": {"from": sample.period.first_day.isoformat(), "to": sample.period.last_day.isoformat()},
        "period_closed_at": _iso(sample.period.closed_at),
        "questionnaire": _version(sample),
        "seed": draw.seed,
        "commitment": draw.seed_commitment,
        "committed_at": _iso(sample.seed.committed_at),
        "late": draw.late,
        "drawn_at": _iso(draw.drawn_at),
        "frame_hash": draw.frame_hash,
        "requested": draw.requested,
        "allocation": draw.allocation,
        "one_per_customer": draw.one_per_customer,
        "weighs_contacts": draw.weighs_contacts,
        "weighing": sample.weighing or None,
        "population_name": draw.population_name,
        "auditor_value": draw.auditor_value,
        "population": draw.population,
        "eligible": draw.eligible,
        "drawn": draw.drawn,
        "exclusions": draw.exclusions,
        "strata": [
            {
                "stratum": stratum.stratum,
                "values": stratum.field_values,
                "population": stratum.population,
                "eligible": stratum.eligible,
                "drawn": stratum.drawn,
            }
            for stratum in draw.strata
        ],
        "sent": rungs.sent,
        "delivered": rungs.delivered,
        "started": rungs.started,
        "completed": rungs.completed,
        "dispositions": _dispositions(rungs),
        "response_rate_rr1": {"completed": rungs.rr1.successes, "of": rungs.rr1.of, "rate": rungs.rr1.value},
        "modes": sample.modes,
        "together": list(sample.together),
        "told": _told(sample),
        "weighting": sample.weighting.to_json(),
        "places": _places(sample) if places else [],
    }


def _places(sample: DrawnSample) -> list[dict[str, Any]]:
    """Its contacts by stratum and place, in order."""
    return [
        {"stratum": row.stratum[1], "site": row.place.site, "channel": row.place.channel,
         "eligible": row.eligible, "drawn": row.drawn}
        for row in sorted(sample.frame)
    ]  # fmt: skip


def _told(sample: DrawnSample) -> list[dict[str, Any]]:
    """The strata as the answers of an anonymous draw name them; empty where each goes under its own name."""
    if not sample.together:
        return []
    alone = [stratum for stratum in sample.draw.strata if stratum.stratum not in sample.together]
    rows = [{"stratum": one.stratum, "values": one.field_values, "eligible": one.eligible} for one in alone]
    eligible = sum(stratum.eligible for stratum in sample.draw.strata if stratum.stratum in sample.together)
    return [*rows, {"stratum": TOGETHER, "values": [], "eligible": eligible}]


def _dispositions(rungs: Rungs) -> list[dict[str, Any]]:
    return [{"disposition": name, "aapor": code, "invitations": count} for name, code, count in by_code(rungs)]


def _version(sample: DrawnSample) -> dict[str, Any]:
    return {
        "key": sample.version.questionnaire.key,
        "number": sample.version.number,
        "sha256": sample.version.content_hash,
    }


def _questionnaires(samples: list[DrawnSample]) -> list[dict[str, Any]]:
    versions = {sample.version.id: sample for sample in samples}
    return [
        _version(sample) | {"published_at": _iso(sample.version.published_at), "definition": sample.version.definition}
        for sample in versions.values()
    ]


def _iso(at: datetime | None) -> str | None:
    return at.isoformat() if at else None


def _facts(
    about: Subject, samples: list[DrawnSample], figures: dict[str, Any], members: dict[str, bytes], now: datetime
) -> dict[str, Any]:
    """What the documents are written from."""
    return {
        "about": about,
        "as_of": now,
        "samples": samples,
        "report": figures,
        "surveys": sorted({row["survey"] or "" for row in figures["results"]}),
        "complaints": members["complaints.csv"].count(b"\r\n") - 1,
        "appeals": members["appeals.csv"].count(b"\r\n") - 1,
        "head": ledger_queries.head(),
        "by_code": by_code,
        "words": words,
    }


def ask(about: Subject, now: datetime, actor_id: int | None) -> Binder:
    """Ask for a binder; a job builds it as things stand then."""
    binder = Binder(
        principal_id=about.principal_id,
        first_day=about.first_day,
        last_day=about.last_day,
        survey_key=about.survey_key,
        asked_at=now,
        asked_by=actor_id,
    )
    db.session.add(binder)
    db.session.flush()
    jobs.enqueue(JOB_KIND, {"binder": binder.id}, str(binder.id), now)
    return binder


def keep(binder_id: int, built: Built, now: datetime) -> None:
    """Keep a binder that was built; one that is kept already stays as it is."""
    binder = db.session.get_one(Binder, binder_id, with_for_update=True)
    if binder.built_at is not None:
        return
    binder.built_at, binder.sha256, binder.size = now, built.sha256, len(built.content)
    db.session.add(BinderFile(binder_id=binder_id, content=built.content))


def note_export(about: Subject, sha256: str, now: datetime, actor_id: int | None, how: str) -> None:
    """Write into the ledger and the access log that a binder was handed out; ``how``: page or command."""
    facts = about.about() | {"sha256": sha256, "how": how}
    ledger.record("evidence.exported", f"binder:{sha256[:16]}", facts, now, actor_id, principal_id=about.principal_id)
    ledger.log_access(f"binder:{sha256[:16]}", now, actor_id, how=how)
