"""The files of a binder, from plain rows to bytes."""

import json
from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from evidence.archive import json_file
from foundation.cells import csv_file
from foundation.ledger.chain import Link, moment
from satisfaction.cells import Cell, Weighed
from satisfaction.indicators import SURVEY_INDICATORS

FRAME_COLUMNS = ("draw", "public_id", "stratum", "status", "reason", "cluster", "drawn")
ANSWER_COLUMNS = ("draw", "stratum", "question", "value")
PLACE_COLUMNS = ("draw", "stratum", "site", "channel", "question", "value", "answers")
WEIGHT_COLUMNS = (*ANSWER_COLUMNS, "weight", "customer")
COMPLAINT_COLUMNS = (
    "reference", "site", "channel", "origin", "language", "category", "sent_on", "received_on", "registered_on",
    "acknowledgement_due_on", "acknowledged_at", "acknowledgement", "answer_due_on", "answered_at", "answer",
    "legal_due_on", "legal", "outcome", "state", "level", "follows", "ended_at",
)  # fmt: skip
APPEAL_COLUMNS = (
    "reference", "site", "category", "first_outcome", "first_answered_at", "window_until", "appealed_on", "late",
    "answer_due_on", "answered_at", "answer", "outcome", "same_person",
)  # fmt: skip


def answer_rows(cells: Iterable[Cell]) -> list[tuple[int, str, str, int]]:
    """One row for each answer: draw, stratum, question and value, sorted, and nothing that ties two together."""
    rows = [
        (cell.stratum[0], cell.stratum[1], cell.question, cell.value) for cell in cells for _ in range(cell.answers)
    ]
    return sorted(rows)


def register_file(columns: tuple[str, ...], rows: Iterable[Any], zone: str) -> bytes:
    """A register as CSV; moments become days in ``zone``, yes and no are 1 and 0."""
    days = ZoneInfo(zone)
    return csv_file(columns, ([_plain(getattr(row, column), days) for column in columns] for row in rows))


def _plain(value: Any, zone: ZoneInfo) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(zone).date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    return int(value) if isinstance(value, bool) else value


def frame_file(rows: Iterable[tuple[Any, ...]]) -> bytes:
    """The frames of all draws."""
    return csv_file(FRAME_COLUMNS, rows)


def continuous_file(draws: Iterable[tuple[int, Iterable[bytes]]]) -> bytes:
    """The frame files of continuous draws, each line with the number of its draw before it."""
    return b"".join(b"%d\t%s" % (draw_id, line) for draw_id, lines in draws for line in lines)


def answers_file(cells: Iterable[Cell]) -> bytes:
    """The answers that figures count."""
    return csv_file(ANSWER_COLUMNS, answer_rows(cells))


def places_file(cells: Iterable[Cell]) -> bytes:
    """The same answers counted by place, where weights meet totals of sites or channels."""
    rows = ((*cell.stratum, *cell.place, cell.question, cell.value, cell.answers) for cell in cells if cell.answers)
    return csv_file(PLACE_COLUMNS, sorted(rows))


def weights_file(answers: Iterable[Weighed]) -> bytes:
    """The answers that weigh each for itself, with their base weights and whose of them are one customer's."""
    return csv_file(WEIGHT_COLUMNS, weight_rows(answers))


def weight_rows(answers: Iterable[Weighed]) -> Iterator[tuple[int, str, str, int, str, int]]:
    """One row for each answer, sorted; customers are numbered anew for each question, so that it ties no two."""
    numbers: dict[str, dict[Hashable, int]] = defaultdict(dict)
    for one in sorted(answers, key=lambda one: (one.question, *one.stratum, one.value, one.weight)):
        mine = numbers[one.question]
        person = mine.setdefault(one.person, len(mine) + 1)
        yield *one.stratum, one.question, one.value, repr(one.weight), person


def indicators_file() -> bytes:
    """Which answers each indicator counts as favourable."""
    return json_file({i.code: {"unit": i.unit, "values": sorted(i.favourable)} for i in SURVEY_INDICATORS})


def ledger_file(links: Iterable[Link], head: tuple[int, str]) -> bytes:
    """Entries of the ledger with the very values their hashes are made of, and the head of the whole chain."""
    return json_file({"head": {"number": head[0], "hash": head[1]}, "entries": [_entry(link) for link in links]})


def _entry(link: Link) -> dict[str, Any]:
    return {
        "number": link.number,
        "previous": link.previous,
        "hash": link.hash,
        "id": link.fact.id,
        "kind": link.fact.kind,
        "subject": link.fact.subject,
        "actor": link.fact.actor_id,
        "principal": link.fact.principal_id,
        "at": moment(link.fact.recorded_at),
        "facts": link.fact.facts,
        "commitment": link.fact.commitment,
    }


def merged(reports: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """One report of several that differ in how they are broken down; each figure once, in their order."""
    first, *others = reports
    return dict(first) | {"results": list(_once(row for report in (first, *others) for row in report["results"]))}


def _once(rows: Iterator[Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
    seen = set()
    for row in rows:
        name = (row["principal"], row["survey"], row["indicator"], json.dumps(row["by"], sort_keys=True))
        if name not in seen:
            seen.add(name)
            yield row
