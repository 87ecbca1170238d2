"""Which rows are one person, and who is remembered no more."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from foundation.database import UTCDateTime, db, one_of

#: merged: one person; apart: two, or nobody can tell, for the reason beside it.
VERDICTS = ("merged", "apart")
GROUNDS = ("asked", "retention")


class CustomerLink(db.Model):
    """What was decided about two rows of one principal that may be one person: by which rule, on what evidence."""

    __tablename__ = "customer_links"
    __table_args__ = (
        one_of("verdict", VERDICTS),
        CheckConstraint("kept_id <> other_id", name="two_rows"),
        CheckConstraint("(undone_at IS NULL) OR (verdict = 'merged')", name="only_a_merge_is_undone"),
        Index("ix_customer_links_kept", "kept_id"),
        Index("ix_customer_links_other", "other_id"),
        Index("ix_customer_links_principal", "principal_id", "verdict"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    principal_id: Mapped[int] = mapped_column(ForeignKey("principals.id"))
    #: The row that goes on, and the one that was, or was not, made part of it.
    kept_id: Mapped[int] = mapped_column(ForeignKey("customers.id"))
    other_id: Mapped[int] = mapped_column(ForeignKey("customers.id"))
    #: Name and version of the rule, such as "number-for-email@1"; "person@1" where somebody decided.
    rule: Mapped[str] = mapped_column(String(40))
    verdict: Mapped[str] = mapped_column(String(8))
    #: The code of why they stay apart.
    reason: Mapped[str] = mapped_column(String(40), default="")
    #: Keyed hash of what was compared: the same evidence has the same hash, and nothing can be read in it.
    evidence_hash: Mapped[str] = mapped_column(String(64))
    decided_at: Mapped[datetime] = mapped_column(UTCDateTime)
    decided_by: Mapped[int | None]
    #: What a merge moved, by table: what undoing it moves back.
    moved: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    undone_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    undone_by: Mapped[int | None]


class Erasure(db.Model):
    """That a person was erased: when, by whom, what went and what stays until when. Nothing tells who it was."""

    __tablename__ = "erasures"
    __table_args__ = (
        one_of("ground", GROUNDS),
        Index("ix_erasures_customer", "customer_id"),
        Index("ix_erasures_waiting", "look_on"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    principal_id: Mapped[int] = mapped_column(ForeignKey("principals.id"))
    #: The row nobody is behind any more.
    customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id"))
    ground: Mapped[str] = mapped_column(String(10))
    #: How and when the person asked; no name and no address.
    note: Mapped[str] = mapped_column(String(200), default="")
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    actor_id: Mapped[int | None]
    #: {kind: how many}
    gone: Mapped[dict[str, int]] = mapped_column(JSON)
    #: [{"kind", "count", "reason", "until"}]
    kept: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    #: When what is kept is looked at again; None once nothing is.
    look_on: Mapped[date | None]


class ErasedAddress(db.Model):
    """An address whose owner was erased: a log of before that moment does not bring them back."""

    __tablename__ = "erased_addresses"
    __table_args__ = (UniqueConstraint("principal_id", "address_hash"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    principal_id: Mapped[int] = mapped_column(ForeignKey("principals.id"))
    address_hash: Mapped[str] = mapped_column(String(64))
    #: Names the key of the hash, so that one nobody can recognise any more is shown.
    key_name: Mapped[str] = mapped_column(String(16))
    erased_at: Mapped[datetime] = mapped_column(UTCDateTime)
