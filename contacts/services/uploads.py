"""Files on their way to the log: received, begun, thrown away, forgotten, stopped."""

import hashlib
from datetime import datetime

from sqlalchemy import delete, select

from contacts.mapping import Mapping
from contacts.models import ImportBatch, ImportFile
from contacts.opening import open_table
from contacts.services.sources import count_rows
from foundation.database import db


def receive_log(
    principal_id: int,
    filename: str,
    content: bytes,
    now: datetime,
    actor_id: int | None = None,
    site_ids: list[int] | None = None,
    keep: bool = True,
    mapping: Mapping | None = None,
) -> ImportBatch:
    """Take in a file that is to be mapped; ``keep`` stores its bytes until it is imported.

    ``site_ids`` are the sites its contacts may be filed under, None for all; ``mapping`` opens a file that is
    not a table. Raises UnreadableFile and BadMapping.
    """
    table = open_table(content, mapping)
    batch = ImportBatch(
        principal_id=principal_id,
        site_ids=site_ids,
        filename=filename[-255:],
        file_hash=hashlib.sha256(content).hexdigest(),
        columns=table.columns,
        separator=table.separator,
        state="received",
        created_by=actor_id,
        created_at=now,
    )
    count_rows(batch, table)
    db.session.add(batch)
    db.session.flush()
    if keep:
        db.session.add(ImportFile(batch_id=batch.id, content=content))
    return batch


def start_import(batch: ImportBatch, mapping: Mapping) -> bool:
    """Fix the mapping a batch is read by; False if that was done before, by a second press of the button."""
    if batch.state != "received":
        return False
    batch.mapping = mapping.as_json()
    batch.source = mapping.source
    batch.state = "queued"
    return True


def discard_log(batch: ImportBatch) -> bool:
    """Delete a file that was sent but not imported; False if its import has begun."""
    if batch.state != "received":
        return False
    db.session.execute(delete(ImportFile).where(ImportFile.batch_id == batch.id))
    db.session.delete(batch)
    return True


def forget_uploads(before: datetime) -> int:
    """Delete the files sent before ``before`` that nobody went on to import; return their number."""
    old = select(ImportBatch).where(ImportBatch.state == "received", ImportBatch.created_at < before)
    return sum(discard_log(batch) for batch in db.session.scalars(old).all())


def note_import_failed(batch_id: int, code: str, now: datetime) -> None:
    """Record what stopped an import as a whole; rows that are in stay in."""
    batch = db.session.get_one(ImportBatch, batch_id)
    if batch.state != "done":
        batch.state, batch.error, batch.finished_at = "failed", code, now
