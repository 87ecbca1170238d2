"""Files of other systems on their way to the log: received before anything is known of them, then opened."""

import hashlib
from datetime import datetime
from typing import BinaryIO

from contacts.mapping import Mapping
from contacts.models import ImportBatch
from contacts.opening import open_table
from contacts.reading import Table, UnreadableFile
from contacts.rejects import ADDED_COLUMNS, import_of
from contacts.sources.plain import SourceTable
from foundation.database import db


def receive_source(
    principal_id: int,
    filename: str,
    file: BinaryIO,
    ready: str,
    now: datetime,
    actor_id: int | None = None,
    site_ids: list[int] | None = None,
) -> ImportBatch:
    """Take in a file, without its bytes, that the ready-made mapping ``ready`` reads once its settings are known."""
    file.seek(0)
    batch = ImportBatch(
        principal_id=principal_id,
        site_ids=site_ids,
        filename=filename[-255:],
        file_hash=hashlib.file_digest(file, "sha256").hexdigest(),
        source=ready,
        columns=[],
        separator=",",
        state="received",
        total_rows=0,
        created_by=actor_id,
        created_at=now,
    )
    db.session.add(batch)
    db.session.flush()
    return batch


def open_source(batch: ImportBatch, file: BinaryIO, mapping: Mapping) -> Table:
    """The table of a batch by its ready-made mapping; its rows are counted. Raises UnreadableFile and BadMapping."""
    table = open_table(file, mapping)
    refuse_rejects_of_another(batch.principal_id, table)
    batch.columns, batch.separator = table.columns, table.separator
    count_rows(batch, table)
    return table


def refuse_rejects_of_another(principal_id: int, table: Table) -> None:
    """Raise UnreadableFile for rows that were refused from a file of another principal: a principal is a border."""
    if ADDED_COLUMNS[-1] not in table.columns:
        return
    _line, cells = next(iter(table.rows()), (0, []))
    refused_by = import_of(table.columns, cells)
    batch = None if refused_by is None else db.session.get(ImportBatch, refused_by)
    if batch is not None and batch.principal_id != principal_id:
        raise UnreadableFile("rejects-of-another")


def count_rows(batch: ImportBatch, table: Table) -> None:
    """Note how many rows ``table`` has, and what was left out of it because it is no contact with a customer."""
    batch.total_rows = sum(1 for _ in table.rows())
    batch.left_out = dict(table.counted.left_out) if isinstance(table, SourceTable) else {}
