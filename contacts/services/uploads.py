"""Files on their way to the log: received, begun, thrown away, forgotten, stopped."""

import hashlib
import io
from collections.abc import Iterator
from datetime import datetime
from typing import BinaryIO

from sqlalchemy import and_, delete, or_, select

from contacts.mapping import Mapping
from contacts.models import ImportBatch, ImportPiece
from contacts.opening import open_table
from contacts.services.sources import count_rows, refuse_rejects_of_another
from contacts.storage import keep_pieces
from foundation.database import db

#: The error of a batch whose file has not arrived whole.
CUT_OFF = "upload-cut-off"


def receive_log(
    principal_id: int,
    filename: str,
    source: BinaryIO | bytes,
    now: datetime,
    actor_id: int | None = None,
    site_ids: list[int] | None = None,
    *,
    sheet: str = "",
    mapping: Mapping | None = None,
) -> ImportBatch:
    """Take in a file that is to be mapped, without its bytes (``keep_file``).

    ``site_ids`` are the sites its contacts may be filed under, None for all; ``sheet`` names that of a workbook;
    ``mapping`` opens a file that is not a table. Raises UnreadableFile and BadMapping.
    """
    file = io.BytesIO(source) if isinstance(source, bytes) else source
    table = open_table(file, mapping, sheet)
    refuse_rejects_of_another(principal_id, table)
    file.seek(0)
    batch = ImportBatch(
        principal_id=principal_id,
        site_ids=site_ids,
        filename=filename[-255:],
        file_hash=hashlib.file_digest(file, "sha256").hexdigest(),  # type: ignore[arg-type]
        sheet=sheet,
        columns=table.columns,
        separator=table.separator,
        state="received",
        created_by=actor_id,
        created_at=now,
    )
    count_rows(batch, table)
    db.session.add(batch)
    db.session.flush()
    return batch


def keep_file(batch: ImportBatch, source: BinaryIO | bytes) -> Iterator[int]:
    """Store the bytes of a batch until it is imported; yields the bytes stored so far, for the caller to commit.

    A batch whose file has not arrived whole is failed (``upload-cut-off``): nobody maps half a file.
    """
    batch.state, batch.error = "failed", CUT_OFF
    yield from keep_pieces(batch.id, io.BytesIO(source) if isinstance(source, bytes) else source)
    batch.state, batch.error = "received", None


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
    if batch.state != "received" and batch.error != CUT_OFF:
        return False
    db.session.execute(delete(ImportPiece).where(ImportPiece.batch_id == batch.id))
    db.session.delete(batch)
    return True


def forget_uploads(before: datetime) -> int:
    """Delete the files sent before ``before`` that nobody went on to import; return their number."""
    waiting = or_(ImportBatch.state == "received", and_(ImportBatch.state == "failed", ImportBatch.error == CUT_OFF))
    old = select(ImportBatch).where(waiting, ImportBatch.created_at < before)
    return sum(discard_log(batch) for batch in db.session.scalars(old).all())


def note_import_failed(batch_id: int, code: str, now: datetime) -> None:
    """Record what stopped an import as a whole; rows that are in stay in."""
    batch = db.session.get_one(ImportBatch, batch_id)
    if batch.state != "done":
        batch.state, batch.error, batch.finished_at = "failed", code, now
