"""What the worker does for the contact log."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from contacts import services
from contacts.forms.wording import batch_words
from contacts.mapping import BadMapping
from contacts.models import ImportBatch, Principal
from contacts.reading import UnreadableFile
from contacts.rejects import rejects_csv
from contacts.services.merging import apply_rules
from contacts.services.notes import forget_cells
from contacts.services.purging import purge
from contacts.storage import stored_file
from contacts.views.imports import note_rows
from foundation.database import db
from foundation.jobs import services as jobs
from foundation.web.i18n import speaking

# A log that nobody mapped holds personal data for nothing.
UPLOADS_ARE_KEPT = timedelta(days=7)
# Refused rows go back to be put right; nobody does so after a month.
REJECTS_ARE_KEPT = timedelta(days=30)


def run_import(payload: dict[str, Any], now: datetime) -> None:
    """Import a batch, committing piece by piece; begun again after a crash it goes on where it was."""
    batch_id = payload["batch_id"]
    file = stored_file(batch_id)
    if file is None or db.session.get_one(ImportBatch, batch_id).state in ("done", "failed"):
        return
    db.session.commit()
    try:
        for _progress in services.import_log(batch_id, file, now):
            db.session.commit()
    except UnreadableFile as refusal:
        db.session.rollback()
        services.note_import_failed(batch_id, refusal.code, now)
    except BadMapping:
        db.session.rollback()
        services.note_import_failed(batch_id, "mapping-unusable", now)


def look_at_folders(now: datetime) -> None:
    """Look through the watched folders; each file that is whole becomes a job."""
    for file_id in services.look(now):
        jobs.enqueue("contacts.take-file", {"file_id": file_id}, f"watched:{file_id}", now)


def take_file(payload: dict[str, Any], now: datetime) -> None:
    """Import a file of a watched folder and put it away, committing piece by piece."""
    for _progress in services.take_file(payload["file_id"], now, written_beside):
        db.session.commit()


def written_beside(batch: ImportBatch | None, error: str | None, language: str) -> list[tuple[str, Iterable[str]]]:
    """What is to be put right in a file: its refused rows as CSV, or why it could not be read as a whole."""
    with speaking(language):
        beside: list[tuple[str, Iterable[str]]] = []
        if batch is not None and batch.rejected:
            notes = list(note_rows(batch.id, "reject"))
            beside.append((".rejects.csv", rejects_csv(batch.columns, batch.separator, notes, batch.id)))
        if error is not None:
            beside.append((".error.txt", [batch_words(error) + "\n"]))
        return beside


def forget_old_uploads(now: datetime) -> None:
    services.forget_uploads(now - UPLOADS_ARE_KEPT)
    forget_cells(now - REJECTS_ARE_KEPT)


def purge_round(now: datetime) -> None:
    """Let go of what the principals keep no longer, piece by piece."""
    for _done in purge(now):
        db.session.commit()


def duplicates_round(now: datetime) -> None:
    """Let the rules decide about new rows that have an address in common, principal by principal."""
    for principal_id in db.session.scalars(select(Principal.id).order_by(Principal.id)).all():
        for _decided in apply_rules(principal_id, now):
            db.session.commit()
        db.session.commit()
