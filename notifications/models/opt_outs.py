"""Who asked not to be written to, kept without the address itself, and the links that let them ask."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from foundation.database import UTCDateTime, db, one_of
from notifications.stops import LIFTINGS, MEANS, SOURCES, TOPICS


class OptOut(db.Model):
    """One person's stop, from when to when; the hash outlives the erasure of the address."""

    __tablename__ = "opt_outs"
    __table_args__ = (
        one_of("source", SOURCES, "known_source"),
        one_of("scope", ("principal", "all"), "known_scope"),
        one_of("topic", TOPICS, "known_topic"),
        one_of("means", MEANS, "known_means"),
        one_of("lifted_how", LIFTINGS, "known_lifting"),
        CheckConstraint("(scope = 'all') = (principal_id IS NULL)", name="scope_names_principal"),
        CheckConstraint("source <> 'person' OR means IS NOT NULL", name="person_says_how"),
        Index("ix_opt_outs_address_hash", "address_hash"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    address_hash: Mapped[str] = mapped_column(String(64))
    #: The name of the key of the hash, so that a changed key is noticed; None: from before it was noted.
    key_name: Mapped[str | None] = mapped_column(String(16))
    #: Enough of the address to recognise it in a list; empty once the person is erased.
    hint: Mapped[str] = mapped_column(String(80), default="", server_default="")
    scope: Mapped[str] = mapped_column(String(10))
    principal_id: Mapped[int | None]
    topic: Mapped[str] = mapped_column(String(10), default="all", server_default="all")
    source: Mapped[str] = mapped_column(String(10))
    #: The number or address the word was sent to; empty: the installation's own; None: not known.
    sender: Mapped[str | None] = mapped_column(String(320))
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    #: Who recorded it, how the person told them and what they noted.
    actor_id: Mapped[int | None]
    means: Mapped[str | None] = mapped_column(String(10))
    note: Mapped[str | None] = mapped_column(Text)
    lifted_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    lifted_how: Mapped[str | None] = mapped_column(String(10))
    lifted_by: Mapped[int | None]
    lift_note: Mapped[str | None] = mapped_column(Text)


class OptOutLink(db.Model):
    """The page behind one /o/ link; token and address are kept as hashes."""

    __tablename__ = "opt_out_links"

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    address_hash: Mapped[str] = mapped_column(String(64))
    hint: Mapped[str] = mapped_column(String(80), default="")
    principal_id: Mapped[int | None]
    brand: Mapped[str] = mapped_column(String(200), default="")
    language: Mapped[str] = mapped_column(String(10))
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
