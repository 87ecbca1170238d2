"""Taking in what was collected elsewhere. It never enters a figure of our own."""

import hashlib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import select

from contacts.models import Principal, Site
from contacts.reading import Table, UnreadableFile, read_table
from contacts.rejects import own_columns
from foundation.database import db
from foundation.ledger import services as ledger
from satisfaction.elsewhere import (
    ANSWERS,
    COLUMNS,
    LONGEST_SOURCE,
    SCALES,
    AnswerLine,
    BadElsewhere,
    BadLine,
    FigureLine,
    Given,
    answer_line,
    cells_of,
    figure_line,
    places,
)
from satisfaction.models import ElsewhereAnswer, ElsewhereCount, ElsewhereFigure, ElsewhereFile

#: About a fifth of a second of work: SQLite has one writer.
LINES_IN_A_PIECE = 500
OUTCOMES = ("stored", "corrected", "unchanged", "rejected")


@dataclass(frozen=True)
class Reject:
    """A line that goes back: its number, its cells, the column that is wrong and why."""

    line: int
    cells: Sequence[str]
    column: str
    code: str


@dataclass(frozen=True)
class Opened:
    """A file whose columns are found. ``indicator`` is what its answers are; a file of figures names its own."""

    principal_id: int
    kind: str
    source: str
    indicator: str
    sha256: str
    table: Table
    places: dict[str, int]
    mapping: Given


@dataclass
class Tally:
    """What became of the lines of a file, each counted once."""

    stored: int = 0
    corrected: int = 0
    unchanged: int = 0
    rejected: int = 0
    rejects: list[Reject] = field(default_factory=list)


def open_file(
    principal: Principal, kind: str, source: str, content: bytes, mapping: Given, indicator: str = ""
) -> Opened:
    """Find the columns of a file. Raises BadElsewhere: no-source, no-indicator, unreadable-file, column-missing."""
    source = " ".join(source.split())
    if not 0 < len(source) <= LONGEST_SOURCE:
        raise BadElsewhere("no-source")
    if kind not in COLUMNS or (kind == ANSWERS and indicator not in SCALES):
        raise BadElsewhere("no-indicator")
    try:
        table = read_table(content)
    except UnreadableFile as fault:
        raise BadElsewhere("unreadable-file", fault.code) from fault
    digest = hashlib.sha256(content).hexdigest()
    found = places(kind, own_columns(table.columns), mapping)
    return Opened(principal.id, kind, source, indicator, digest, table, found, mapping)


def take_in(opened: Opened, tally: Tally, actor_id: int | None, now: datetime) -> Iterator[int]:
    """Take in the lines, counting into ``tally``; yields the lines done after each piece, for the caller to commit.

    The same line again changes nothing; one that says something else of the same answer, or of the same figure,
    corrects. Raises BadElsewhere (unreadable-file) where the file breaks off.
    """
    file = _file(opened, actor_id, now)
    sites: dict[str, int] = dict(db.session.execute(select(Site.key, Site.id)).tuples().all())
    done, piece = 0, []
    try:
        for numbered in opened.table.rows():
            piece.append(numbered)
            if len(piece) == LINES_IN_A_PIECE:
                _take_piece(opened, file.id, piece, sites, tally)
                done, piece = done + len(piece), []
                yield _noted(file, tally, done)
    except UnreadableFile as fault:
        raise BadElsewhere("unreadable-file", fault.code) from fault
    _take_piece(opened, file.id, piece, sites, tally)
    facts = {"principal_id": opened.principal_id, "source": opened.source, "kind": opened.kind, "sha256": opened.sha256}
    counted = {name: getattr(tally, name) for name in OUTCOMES}
    ledger.record("elsewhere.imported", f"elsewhere-file:{file.id}", facts | counted, now, actor_id)
    yield _noted(file, tally, done + len(piece))


def _file(opened: Opened, actor_id: int | None, now: datetime) -> ElsewhereFile:
    file = ElsewhereFile(
        principal_id=opened.principal_id, kind=opened.kind, source=opened.source, sha256=opened.sha256,
        stored=0, corrected=0, unchanged=0, rejected=0, imported_by=actor_id, imported_at=now,
    )  # fmt: skip
    db.session.add(file)
    db.session.flush()
    return file


def _noted(file: ElsewhereFile, tally: Tally, done: int) -> int:
    for name in OUTCOMES:
        setattr(file, name, getattr(tally, name))
    db.session.flush()
    return done


def _take_piece(opened: Opened, file_id: int, piece: list[Any], sites: dict[str, int], tally: Tally) -> None:
    # Whoever takes in for the same principal waits here: two files may speak of one answer.
    db.session.execute(select(Principal.id).filter_by(id=opened.principal_id).with_for_update())
    read: list[tuple[Any, int]] = []
    for number, cells in piece:
        try:
            read.append(_read(opened, cells, sites))
        except BadLine as bad:
            tally.rejected += 1
            tally.rejects.append(Reject(number, cells, bad.column, bad.code))
    take = _take_answers if opened.kind == ANSWERS else _take_figures
    for outcome, times in take(opened, file_id, read).items():
        setattr(tally, outcome, getattr(tally, outcome) + times)


def _read(opened: Opened, cells: Sequence[str], sites: dict[str, int]) -> tuple[Any, int]:
    row = cells_of(cells, opened.places, opened.mapping)
    dates = opened.mapping.dates
    line = answer_line(row, opened.indicator, dates) if opened.kind == ANSWERS else figure_line(row, dates)
    if line.site and line.site not in sites:
        raise BadLine("site", "unknown-site")
    return line, sites.get(line.site, 0)


def _take_answers(opened: Opened, file_id: int, lines: list[tuple[AnswerLine, int]]) -> Counter[str]:
    named = {_digest(opened, line.reference): (line, site_id) for line, site_id in lines}
    known = select(ElsewhereAnswer).where(ElsewhereAnswer.digest.in_(named))
    stored = {row.digest: row for row in db.session.scalars(known)}
    outcomes, changes = Counter({"unchanged": len(lines) - len(named)}), Counter[tuple[Any, ...]]()
    for digest, (line, site_id) in named.items():
        said = (site_id, line.month, line.value)
        row = stored.get(digest)
        before = (row.site_id, row.month, row.value) if row else None
        outcomes["stored" if row is None else "unchanged" if before == said else "corrected"] += 1
        if before == said:
            continue
        changes[said] += 1
        if before:
            changes[before] -= 1
        row = row or ElsewhereAnswer(digest=digest, indicator=opened.indicator)
        row.file_id, (row.site_id, row.month, row.value) = file_id, said
        db.session.add(row)
    _count(opened, changes)
    return outcomes


def _count(opened: Opened, changes: Counter[tuple[Any, ...]]) -> None:
    for (site_id, month, value), change in changes.items():
        key = (opened.principal_id, opened.source, opened.indicator, site_id, month, value)
        count = db.session.get(ElsewhereCount, key, populate_existing=True)
        if count is None:
            names = ("principal_id", "source", "indicator", "site_id", "month", "value")
            count = ElsewhereCount(answers=0, **dict(zip(names, key, strict=True)))
            db.session.add(count)
        count.answers += change
        db.session.flush()


def _digest(opened: Opened, reference: str) -> str:
    written = "\x1f".join([str(opened.principal_id), opened.source, opened.indicator, reference])
    return hashlib.sha256(written.encode()).hexdigest()


def _take_figures(opened: Opened, file_id: int, lines: list[tuple[FigureLine, int]]) -> Counter[str]:
    outcomes = Counter[str]()
    for line, site_id in lines:
        where = {
            "principal_id": opened.principal_id, "source": opened.source, "indicator": line.indicator,
            "site_id": site_id, "first_day": line.first_day, "last_day": line.last_day,
        }  # fmt: skip
        newest = select(ElsewhereFigure).filter_by(**where).order_by(ElsewhereFigure.id.desc()).limit(1)
        known = db.session.scalars(newest).first()
        said = {"estimate": line.estimate, "lower": line.lower, "upper": line.upper, "n": line.n}
        if known and all(getattr(known, name) == value for name, value in said.items()):
            outcomes["unchanged"] += 1
            continue
        outcomes["corrected" if known else "stored"] += 1
        db.session.add(ElsewhereFigure(file_id=file_id, **where, **said))
        db.session.flush()
    return outcomes
