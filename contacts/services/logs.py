"""The rows of a log made into contacts, piece by piece, and its faults kept for the sender."""

from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import BinaryIO

import structlog
from sqlalchemy import delete, select

from contacts.agents import Pseudonyms
from contacts.apart import read_apart, read_in_place
from contacts.entries import DOUBLED, Reading, ReadRow, Reject, Surroundings
from contacts.garbage import rarely_collected
from contacts.keys import agents_secret
from contacts.mapping import from_json
from contacts.models import Contact, Customer, EntryPoint, ImportBatch, ImportNote, ImportPiece, Principal, Site
from contacts.queries.entry_points import entry_points_of
from contacts.queries.reasons import reasons_in_force
from contacts.services import gates
from contacts.services.bulk import is_postgresql, look_anew, make_room
from contacts.services.entry_points import take_up
from contacts.services.notes import keep_notes
from contacts.services.reasons import resolve_open
from contacts.services.recording import ADDED, KNOWN, LATE, TWICE, record_entries
from foundation.database import db
from foundation.web.clock import stopwatch, utc_now

log = structlog.get_logger()

# SQLite has one writer: whoever writes for long lets the others in this often.
SECONDS_AT_ONCE = 0.2
FIRST_ROWS = 100
FEWEST_ROWS, MOST_ROWS = 50, 5000
# On PostgreSQL others write meanwhile, unless it is to the same principal: larger pieces ask less often.
ROWS_ON_POSTGRESQL = 10_000
# To start a process takes half a second, and it holds some 40 MB: a smaller file is read in place.
ROWS_APART = 20_000
PIECES_AT_ONCE = 20
FIRST_COUNT = 1000
Outcome = ReadRow | Reject


@dataclass(frozen=True)
class Progress:
    """How far an import is, in rows."""

    read: int
    total: int


def import_log(batch_id: int, source: BinaryIO | bytes, now: datetime) -> Iterator[Progress]:
    """Import the rows of a batch that are not in yet; the caller commits at every yield.

    May be begun again after a crash: it goes on behind the last row committed. ``source`` stays open meanwhile.
    Raises UnreadableFile, and BadMapping where a ready-made mapping cannot read it. ``now`` is the moment the
    contacts are recorded at.
    """
    batch = db.session.get_one(ImportBatch, batch_id)
    with rarely_collected():
        yield from _Importer(batch, source, now).run()


class _Importer:
    """One batch on its way in. Between two chunks it holds no transaction."""

    def __init__(self, batch: ImportBatch, source: BinaryIO | bytes, now: datetime) -> None:
        self.batch_id = batch.id
        self.principal_id = batch.principal_id
        self.mapping = from_json(batch.mapping)
        self.total = batch.total_rows
        self.position = batch.read_rows
        self.source = source
        self.now = now
        self.counted_at = FIRST_COUNT
        self.around = surroundings(batch.principal_id, batch.site_ids, now)
        self.is_resumed = batch.read_rows > 0
        # Rows that were in before are passed over unread; whether one of them has the same identifier, the log tells.
        self.reading = Reading(self.mapping, batch.sheet, self.around, batch.read_rows)

    def run(self) -> Iterator[Progress]:
        rows = FIRST_ROWS
        with ExitStack() as until:
            outcomes = self._apart(until)
            if outcomes is None:
                outcomes = read_in_place(self.source, self.reading)
            else:
                # The process needs half a second for its first row: no transaction waits for it.
                yield Progress(self.position, self.total)
            while chunk := list(islice(outcomes, rows)):
                began = stopwatch()
                if not self._write(chunk):
                    return
                self._look_anew()
                yield Progress(self.position, self.total)
                rows = _rows_for_next(len(chunk), stopwatch() - began)
        self._finish()
        yield Progress(self.position, self.total)
        while self._forget_some():
            yield Progress(self.position, self.total)

    def _apart(self, until: ExitStack) -> Iterator[Outcome] | None:
        """The rows of a large file from a process of their own, ended with ``until``; None for the others."""
        if self.total - self.position < ROWS_APART:
            return None
        try:
            return until.enter_context(read_apart(self.source, self.reading))
        except OSError as error:
            log.warning("no process could be started to read a log; it is read in place", error=str(error))
            return None

    def _write(self, chunk: list[Outcome]) -> bool:
        """Write one chunk; False if another worker has taken this batch over in the meantime."""
        make_room()
        gates.enter(self.principal_id)
        batch = db.session.get_one(ImportBatch, self.batch_id, populate_existing=True)
        if batch.read_rows != self.position:
            return False
        read = [outcome for outcome in chunk if isinstance(outcome, ReadRow)]
        became = record_entries(
            self.principal_id, self.mapping.source, [row.entry for row in read], self.now, batch_id=self.batch_id
        )
        # By the row itself: several records of a JSON file may stand on one line.
        if TWICE in became:
            doubled = {
                id(row): Reject(row.line, row.cells, DOUBLED)
                for row, outcome in zip(read, became, strict=True)
                if outcome == TWICE
            }
            chunk = [doubled.get(id(outcome), outcome) for outcome in chunk]
        keep_notes(batch.id, chunk)
        _count(batch, chunk, Counter(became), utc_now())
        self.position = batch.read_rows
        return True

    def _look_anew(self) -> None:
        """Have the tables counted after the first thousand rows, and whenever four times as many are in."""
        if self.position >= self.counted_at:
            look_anew(Contact, Customer, ImportNote)
            self.counted_at = 4 * self.position

    def _catch_up(self) -> None:
        """Give the rows read by an earlier list or tree what was added to it while they were being imported."""
        gates.enter(self.principal_id)
        points = entry_points_of(self.principal_id)
        added = points.keys() - (set() if self.is_resumed else self.around.entry_points.keys())
        for point_id in sorted(points[key] for key in added):
            take_up(db.session.get_one(EntryPoint, point_id))
        if self.is_resumed or reasons_in_force(self.principal_id) != self.around.reasons:
            resolve_open(self.principal_id, {self.mapping.source})

    def _finish(self) -> None:
        self._catch_up()
        batch = db.session.get_one(ImportBatch, self.batch_id, populate_existing=True)
        batch.state, batch.finished_at = "done", self.now

    def _forget_some(self) -> bool:
        """Delete some pieces of the file; False when there are none. What a crash leaves here goes with old uploads."""
        own = select(ImportPiece.place).where(ImportPiece.batch_id == self.batch_id)
        places = db.session.scalars(own.order_by(ImportPiece.place).limit(PIECES_AT_ONCE)).all()
        one = delete(ImportPiece).where(ImportPiece.batch_id == self.batch_id, ImportPiece.place.in_(places))
        db.session.execute(one)
        return bool(places)


def surroundings(principal_id: int, site_ids: list[int] | None, now: datetime) -> Surroundings:
    """What the rows of a log of this principal are held against."""
    sites = db.session.execute(select(Site.id, Site.key, Site.name).order_by(Site.id))
    allowed = [site for site in sites if site_ids is None or site.id in site_ids]
    by_name = {site.name.lower(): site.id for site in allowed}
    by_key = {site.key.lower(): site.id for site in allowed}
    language = db.session.scalars(select(Principal.language).where(Principal.id == principal_id)).one()
    return Surroundings(
        {**by_name, **by_key},
        language,
        now,
        Pseudonyms(agents_secret(), principal_id),
        entry_points_of(principal_id),
        reasons_in_force(principal_id),
    )


def _count(batch: ImportBatch, chunk: list[Outcome], became: Counter[str], at: datetime) -> None:
    batch.state, batch.written_at = "running", at
    batch.read_rows += len(chunk)
    batch.added += became[ADDED] + became[LATE]
    batch.late += became[LATE]
    batch.known += became[KNOWN]
    batch.rejected += sum(1 for outcome in chunk if isinstance(outcome, Reject))
    batch.warned += sum(1 for outcome in chunk if isinstance(outcome, ReadRow) and outcome.warnings)


def _rows_for_next(rows: int, seconds: float) -> int:
    """How many rows to write at once: on SQLite as many as take about as long as allowed."""
    if is_postgresql():
        return min(ROWS_ON_POSTGRESQL, 2 * rows)
    wanted = int(rows * SECONDS_AT_ONCE / max(seconds, 0.001))
    return max(FEWEST_ROWS, min(MOST_ROWS, 2 * rows, wanted))
