"""What the worker does for the contact log."""

from datetime import datetime, timedelta
from typing import Any

from contacts import services
from contacts.mapping import BadMapping
from contacts.models import ImportBatch
from contacts.reading import UnreadableFile
from contacts.storage import stored_file
from foundation.database import db

# A log that nobody mapped holds personal data for nothing.
UPLOADS_ARE_KEPT = timedelta(days=7)


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


def forget_old_uploads(now: datetime) -> None:
    services.forget_uploads(now - UPLOADS_ARE_KEPT)
