"""Rows of files that were refused, or taken with something left out: kept for the sender, found by whom they name."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import Text, and_, cast, delete, insert, select, update

from contacts.entries import Fault, ReadRow, Reject
from contacts.looks import FIGURES, looks_of
from contacts.models import ImportBatch, ImportNote, ImportNoteLook
from contacts.queries.persons import addresses_typed
from contacts.services.bulk import insert_rows, next_ids
from foundation.database import db
from foundation.people import Person


def keep_notes(batch_id: int, rows: Iterable[ReadRow | Reject]) -> None:
    """Keep the rows that have a fault, and what each may be found by."""
    faulty = [
        (kind, row, faults)
        for row in rows
        for kind, faults in [("reject", row.faults) if isinstance(row, Reject) else ("warning", row.warnings)]
        if faults
    ]
    if not faulty:
        return
    ids = next_ids(ImportNote, len(faulty))
    notes = [
        {"id": one, "batch_id": batch_id, "kind": kind, "line": row.line, "cells": row.cells, "faults": _lists(faults)}
        for one, (kind, row, faults) in zip(ids, faulty, strict=True)
    ]
    db.session.execute(insert(ImportNote), notes)
    if looks := [(look, note["id"]) for note in notes for look in looks_of(note["cells"])]:
        insert_rows(ImportNoteLook, ("look", "note_id"), looks)


def notes_naming(person: Person) -> list[ImportNote]:
    """The rows that hold one of a person's addresses, however it is written there, oldest first."""
    looks = {address if "@" in address else address[-FIGURES:] for address in person.addresses}
    if not looks:
        return []
    found = select(ImportNoteLook.note_id).where(ImportNoteLook.look.in_(looks))
    rows = db.session.scalars(
        select(ImportNote)
        .join(ImportBatch, ImportBatch.id == ImportNote.batch_id)
        .where(ImportBatch.principal_id == person.principal_id, ImportNote.id.in_(found))
        .order_by(ImportNote.id)
    )
    return [row for row in rows if any(set(addresses_typed(cell)) & set(person.addresses) for cell in row.cells)]


def empty_notes(notes: Sequence[ImportNote]) -> None:
    """Empty the cells of these rows; their lines, fields and reasons stay."""
    for note in notes:
        note.cells = ["" for _cell in note.cells]
    db.session.execute(delete(ImportNoteLook).where(ImportNoteLook.note_id.in_([note.id for note in notes])))


def forget_cells(before: datetime) -> int:
    """Empty the rows of files sent before ``before``; return their number.

    They hold people's names and numbers as they were sent; line, field and reason stay.
    """
    old = select(ImportBatch.id).where(ImportBatch.created_at < before)
    kept = and_(ImportNote.batch_id.in_(old), cast(ImportNote.cells, Text) != "[]")
    db.session.execute(delete(ImportNoteLook).where(ImportNoteLook.note_id.in_(select(ImportNote.id).where(kept))))
    emptied = update(ImportNote).where(kept).values(cells=[])
    return int(db.session.execute(emptied, execution_options={"synchronize_session": False}).rowcount)


def _lists(faults: list[Fault]) -> list[list[str]]:
    return [[fault.field, fault.code] for fault in faults]
