"""Ledger entries in their chain, its head, and the access log."""

from datetime import datetime
from typing import Any

from sqlalchemy import DDL, JSON, CheckConstraint, ForeignKey, Index, String, Text, event, text
from sqlalchemy.orm import Mapped, mapped_column

from foundation.database import Model, UTCDateTime
from foundation.ledger.immutability import statements


class Entry(Model):
    """One fact that must not be rewritten, written in the transaction it records.

    It has no place in the chain until the sealer, after the commit, gives it one.
    A trigger refuses to change or delete it from then on.
    """

    __tablename__ = "ledger_entries"
    __table_args__ = (
        CheckConstraint("(number IS NULL) = (hash IS NULL)", name="sealed_whole"),
        CheckConstraint("(number IS NULL) = (previous IS NULL)", name="sealed_with_previous"),
        CheckConstraint("number >= 1", name="numbered_from_one"),
        Index(
            "ix_ledger_entries_unsealed",
            "id",
            sqlite_where=text("number IS NULL"),
            postgresql_where=text("number IS NULL"),
        ),
        Index("ix_ledger_entries_subject", "subject"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(80))
    subject: Mapped[str] = mapped_column(String(120))
    # A plain value: the ledger outlives accounts and does not know them.
    actor_id: Mapped[int | None]
    # Whose readers may see it; none is for those who see every principal.
    principal_id: Mapped[int | None]
    recorded_at: Mapped[datetime] = mapped_column(UTCDateTime)
    # Canonical JSON, kept as the very text that is hashed.
    facts: Mapped[str] = mapped_column(Text)
    # SHA-256 over the salt and the canonical personal payload, which is kept elsewhere and may be erased.
    commitment: Mapped[str | None] = mapped_column(String(64))

    # The place in the chain: gapless from 1, given by the sealer and never by the database.
    number: Mapped[int | None] = mapped_column(unique=True)
    previous: Mapped[str | None] = mapped_column(String(64))
    hash: Mapped[str | None] = mapped_column(String(64))


class Salt(Model):
    """What opens a commitment; erased together with the personal payload it belongs to."""

    __tablename__ = "ledger_salts"

    entry_id: Mapped[int] = mapped_column(ForeignKey("ledger_entries.id"), primary_key=True)
    salt: Mapped[str] = mapped_column(String(64))


class Head(Model):
    """The last sealed entry, one row: whoever seals locks it, and a cut tail shows against it."""

    __tablename__ = "ledger_head"
    __table_args__ = (CheckConstraint("id = 1", name="only_row"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    number: Mapped[int]
    hash: Mapped[str] = mapped_column(String(64))


class Access(Model):
    """Who looked at or took what, and when."""

    __tablename__ = "access_log"
    __table_args__ = (Index("ix_access_log_subject", "subject"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    subject: Mapped[str] = mapped_column(String(120))
    actor_id: Mapped[int | None]
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    facts: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)


for dialect in ("sqlite", "postgresql"):
    for statement in statements(dialect):
        event.listen(Entry.__table__, "after_create", DDL(statement.replace("%", "%%")).execute_if(dialect=dialect))
