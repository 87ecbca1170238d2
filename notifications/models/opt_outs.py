"""Who asked not to be written to, kept without the address itself, and the links that let them ask."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from foundation.database import UTCDateTime, db, one_of

SOURCES = ("sms", "provider", "link", "person")


class OptOut(db.Model):
    """One person's stop, from when to when; the hash outlives the erasure of the address."""

    __tablename__ = "opt_outs"
    __table_args__ = (
        one_of("source", SOURCES, "known_source"),
        one_of("scope", ("principal", "all"), "known_scope"),
        CheckConstraint("(scope = 'all') = (principal_id IS NULL)", name="scope_names_principal"),
        Index("ix_opt_outs_address_hash", "address_hash"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    address_hash: Mapped[str] = mapped_column(String(64))
    scope: Mapped[str] = mapped_column(String(10))
    principal_id: Mapped[int | None]
    source: Mapped[str] = mapped_column(String(10))
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    lifted_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class OptOutLink(db.Model):
    """The page behind one /o/ link; the token is kept as a hash."""

    __tablename__ = "opt_out_links"

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    address: Mapped[str] = mapped_column(String(320))
    principal_id: Mapped[int | None]
    brand: Mapped[str] = mapped_column(String(200), default="")
    language: Mapped[str] = mapped_column(String(10))
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
