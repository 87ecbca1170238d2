"""Files sent in, saved mappings, and the rows that go back."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import and_, exists, or_, select

from contacts.models import ImportBatch, ImportNote, ImportPiece, Mapping, Principal
from contacts.rejects import own_columns
from foundation.accounts.queries import scoped
from foundation.accounts.scope import Scope
from foundation.database import db

# Which sites a batch may hold is a list in JSON, so the narrow scope of a reader is applied to rows already read.
LOOKED_THROUGH = 500


def batches(scope: Scope, limit: int) -> list[tuple[ImportBatch, str]]:
    """The latest batches that ``scope`` sees, each with the name of its principal."""
    statement = select(ImportBatch, Principal.name).join(Principal, Principal.id == ImportBatch.principal_id)
    statement = scoped(statement, scope, principal=ImportBatch.principal_id).order_by(ImportBatch.id.desc())
    latest = db.session.execute(statement.limit(limit if scope.site_ids is None else LOOKED_THROUGH))
    return [(batch, name) for batch, name in latest if _is_within(batch, scope)][:limit]


def batch_seen(batch_id: int, scope: Scope) -> ImportBatch | None:
    """The batch, if ``scope`` sees its principal and every site it could be filed under."""
    statement = scoped(select(ImportBatch), scope, principal=ImportBatch.principal_id)
    batch = db.session.scalars(statement.where(ImportBatch.id == batch_id)).one_or_none()
    return batch if batch is not None and _is_within(batch, scope) else None


def _is_within(batch: ImportBatch, scope: Scope) -> bool:
    return scope.site_ids is None or (batch.site_ids is not None and set(batch.site_ids) <= scope.site_ids)


def cut_off(principal_id: int, file_hash: str, mapping: dict[str, Any]) -> ImportBatch | None:
    """The import of just this file by this mapping that a command began and did not end, the latest of them."""
    begun = select(ImportBatch).where(
        ImportBatch.principal_id == principal_id,
        ImportBatch.file_hash == file_hash,
        or_(ImportBatch.state == "running", and_(ImportBatch.state == "failed", ImportBatch.error == "interrupted")),
        ~exists().where(ImportPiece.batch_id == ImportBatch.id),
    )
    found = db.session.scalars(begun.order_by(ImportBatch.id.desc()))
    return next((batch for batch in found if batch.mapping == mapping), None)


def notes_of(batch_id: int, kind: str) -> Iterator[ImportNote]:
    """The rejects or warnings of a batch, by line."""
    statement = select(ImportNote).where(ImportNote.batch_id == batch_id, ImportNote.kind == kind)
    yield from db.session.scalars(statement.order_by(ImportNote.line).execution_options(yield_per=500))


def first_notes(batch_id: int, kind: str, limit: int) -> list[ImportNote]:
    """The first of them, for the page."""
    statement = select(ImportNote).where(ImportNote.batch_id == batch_id, ImportNote.kind == kind)
    return list(db.session.scalars(statement.order_by(ImportNote.line).limit(limit)))


def saved_mapping(principal_id: int, source: str) -> Mapping | None:
    """The mapping saved for a source of this principal."""
    return db.session.scalars(select(Mapping).filter_by(principal_id=principal_id, source=source)).one_or_none()


def saved_ready(principal_id: int, ready: str) -> Mapping | None:
    """The latest settings saved for files that the ready-made mapping ``ready`` reads."""
    saved = db.session.scalars(select(Mapping).filter_by(principal_id=principal_id).order_by(Mapping.updated_at.desc()))
    return next((mapping for mapping in saved if mapping.definition.get("ready") == ready), None)


def mapping_for(principal_id: int, columns: list[str]) -> Mapping | None:
    """The latest mapping of this principal that was made on just these columns; those added to rejects do not count."""
    saved = db.session.scalars(select(Mapping).filter_by(principal_id=principal_id).order_by(Mapping.updated_at.desc()))
    return next((mapping for mapping in saved if own_columns(mapping.columns) == own_columns(columns)), None)
