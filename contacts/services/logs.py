"""The rows of a log made into contacts, piece by piece, and its faults kept for the sender."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from zoneinfo import ZoneInfo

from sqlalchemy import delete, insert, select

from contacts.frames import span
from contacts.importing import Entry, Fault, ReadRow, Reject, Surroundings, read_contacts
from contacts.mapping import from_json
from contacts.models import Contact, ImportBatch, ImportFile, ImportNote, Period, Principal, Site
from contacts.models.log import new_public_id
from contacts.queries.entry_points import entry_points_of
from contacts.reading import Table, read_table
from contacts.services import gates
from contacts.services.people import CustomerBook
from foundation.database import db, insert_if_absent
from foundation.web.clock import stopwatch

# SQLite has one writer: whoever writes for long lets the others in this often.
SECONDS_AT_ONCE = 0.2
FIRST_ROWS = 100
FEWEST_ROWS, MOST_ROWS = 50, 2000
Outcome = ReadRow | Reject


@dataclass(frozen=True)
class Progress:
    """How far an import is, in rows."""

    read: int
    total: int


def import_log(batch_id: int, content: bytes, now: datetime) -> Iterator[Progress]:
    """Import the rows of a batch that are not in yet; the caller commits at every yield.

    May be begun again after a crash: it goes on behind the last row committed. Raises
    UnreadableFile. ``now`` is the moment the contacts are recorded at.
    """
    table = read_table(content)
    yield from _Importer(db.session.get_one(ImportBatch, batch_id), table, now).run()


class _Importer:
    """One batch on its way in. Between two chunks it holds no transaction."""

    def __init__(self, batch: ImportBatch, table: Table, now: datetime) -> None:
        self.batch_id = batch.id
        self.principal_id = batch.principal_id
        self.mapping = from_json(batch.mapping)
        self.total = batch.total_rows
        self.position = batch.read_rows
        self.now = now
        around = surroundings(batch.principal_id, batch.site_ids, now)
        self.outcomes = islice(read_contacts(table.rows(), table.columns, self.mapping, around), self.position, None)

    def run(self) -> Iterator[Progress]:
        rows = FIRST_ROWS
        while chunk := list(islice(self.outcomes, rows)):
            began = stopwatch()
            if not self._write(chunk):
                return
            yield Progress(self.position, self.total)
            rows = _rows_for_next(rows, stopwatch() - began)
        self._finish()
        yield Progress(self.position, self.total)

    def _write(self, chunk: list[Outcome]) -> bool:
        """Write one chunk; False if another worker has taken this batch over in the meantime."""
        gates.enter(self.principal_id)
        batch = db.session.get_one(ImportBatch, self.batch_id, populate_existing=True)
        if batch.read_rows != self.position:
            return False
        read = [outcome for outcome in chunk if isinstance(outcome, ReadRow)]
        added, late = self._add_contacts(self._unknown(read))
        _keep_notes(batch.id, chunk)
        batch.state = "running"
        batch.read_rows += len(chunk)
        batch.added += added
        batch.known += len(read) - added
        batch.rejected += len(chunk) - len(read)
        batch.warned += sum(1 for row in read if row.warnings)
        batch.late += late
        self.position = batch.read_rows
        return True

    def _unknown(self, read: list[ReadRow]) -> list[Entry]:
        """The entries that the log of this source does not have yet."""
        ids = [row.entry.external_id for row in read]
        known = set(
            db.session.scalars(
                select(Contact.external_id).where(
                    Contact.principal_id == self.principal_id,
                    Contact.source == self.mapping.source,
                    Contact.external_id.in_(ids),
                )
            )
        )
        return [row.entry for row in read if row.entry.external_id not in known]

    def _add_contacts(self, entries: list[Entry]) -> tuple[int, int]:
        """How many were added, and how many of them late."""
        book = CustomerBook(self.principal_id, entries, self.now)
        customers = [book.customer_of(entry) for entry in entries]
        db.session.flush()
        closed = closed_spans(self.principal_id)
        rows = [
            self._row(entry, customer.id if customer else None, _is_in(entry.started_at, closed))
            for entry, customer in zip(entries, customers, strict=True)
        ]
        added = insert_if_absent(Contact, rows, conflict=["principal_id", "source", "external_id"])
        return len(added), sum(row["late"] for row in rows)

    def _row(self, entry: Entry, customer_id: int | None, late: bool) -> dict[str, object]:
        return {
            "public_id": new_public_id(),
            "principal_id": self.principal_id,
            "site_id": entry.site_id,
            "customer_id": customer_id,
            "batch_id": self.batch_id,
            "source": self.mapping.source,
            "external_id": entry.external_id,
            "channel": entry.channel,
            "direction": entry.direction,
            "started_at": entry.started_at,
            "ended_at": entry.ended_at,
            "entry_point_id": entry.entry_point_id,
            "reason": entry.reason,
            "agent": entry.agent,
            "outcome": entry.outcome,
            "phone_state": entry.phone_state,
            "language": entry.language,
            "late": late,
            "recorded_at": self.now,
            "facts": entry.facts,
        }

    def _finish(self) -> None:
        batch = db.session.get_one(ImportBatch, self.batch_id, populate_existing=True)
        batch.state, batch.finished_at = "done", self.now
        db.session.execute(delete(ImportFile).where(ImportFile.batch_id == self.batch_id))


def surroundings(principal_id: int, site_ids: list[int] | None, now: datetime) -> Surroundings:
    """What the rows of a log of this principal are held against."""
    sites = db.session.execute(select(Site.id, Site.key, Site.name).order_by(Site.id))
    allowed = [site for site in sites if site_ids is None or site.id in site_ids]
    by_name = {site.name.lower(): site.id for site in allowed}
    by_key = {site.key.lower(): site.id for site in allowed}
    language = db.session.scalars(select(Principal.language).where(Principal.id == principal_id)).one()
    return Surroundings({**by_name, **by_key}, language, now, entry_points_of(principal_id))


def closed_spans(principal_id: int) -> list[tuple[datetime, datetime]]:
    """From when until when each closed period of the principal lasted; the second moment is outside it."""
    zone = ZoneInfo(db.session.scalars(select(Principal.zone).where(Principal.id == principal_id)).one())
    closed = select(Period.first_day, Period.last_day).where(
        Period.principal_id == principal_id, Period.closed_at.is_not(None)
    )
    return [span(first_day, last_day, zone) for first_day, last_day in db.session.execute(closed)]


def _is_in(at: datetime, spans: list[tuple[datetime, datetime]]) -> bool:
    return any(start <= at < end for start, end in spans)


def _keep_notes(batch_id: int, chunk: list[Outcome]) -> None:
    notes = [
        {"batch_id": batch_id, "kind": kind, "line": row.line, "cells": row.cells, "faults": _as_lists(faults)}
        for row in chunk
        for kind, faults in [("reject", row.faults) if isinstance(row, Reject) else ("warning", row.warnings)]
        if faults
    ]
    if notes:
        db.session.execute(insert(ImportNote), notes)


def _as_lists(faults: list[Fault]) -> list[list[str]]:
    return [[fault.field, fault.code] for fault in faults]


def _rows_for_next(rows: int, seconds: float) -> int:
    """How many rows to write at once so that it takes about as long as allowed."""
    wanted = int(rows * SECONDS_AT_ONCE / max(seconds, 0.001))
    return max(FEWEST_ROWS, min(MOST_ROWS, 2 * rows, wanted))
