"""What people wrote: to each other, among themselves, and in letters. All of it can be erased by law."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from foundation.database import UTCDateTime, db, one_of

MESSAGE_KINDS = (
    "complaint",
    "receipt",
    "acknowledgement",
    "message",
    "decision",
    "appeal",
    "appeal_decision",
    "notice",
)
DELIVERIES = ("email", "sms", "follow")


class CaseMessage(db.Model):
    """Words between the complainant and us. Internal notes are in another table, not behind a flag."""

    __tablename__ = "case_messages"
    __table_args__ = (
        one_of("direction", ("in", "out")),
        one_of("kind", MESSAGE_KINDS),
        Index("ix_case_messages_case", "case_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"))
    direction: Mapped[str] = mapped_column(String(3))
    kind: Mapped[str] = mapped_column(String(16))
    body: Mapped[str] = mapped_column(Text)
    author_id: Mapped[int | None]
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    #: How it came or went; "follow": it waits for the complainant on their page.
    channel: Mapped[str] = mapped_column(String(10))
    #: Business key of the outbox message that carried it.
    outbox_key: Mapped[str | None] = mapped_column(String(120))


class InternalNote(db.Model):
    """A note among staff; no page or message for complainants reads this table."""

    __tablename__ = "internal_notes"
    __table_args__ = (Index("ix_internal_notes_case", "case_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"))
    body: Mapped[str] = mapped_column(Text)
    author_id: Mapped[int | None]
    at: Mapped[datetime] = mapped_column(UTCDateTime)


class Letter(db.Model):
    """A decision as it was written to the complainant: frozen with its hash when it was notified."""

    __tablename__ = "letters"
    __table_args__ = (one_of("kind", ("decision", "appeal_decision")), one_of("delivered_by", DELIVERIES))

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"))
    stage_id: Mapped[int] = mapped_column(ForeignKey("stages.id"), unique=True)
    kind: Mapped[str] = mapped_column(String(16))
    language: Mapped[str] = mapped_column(String(2))
    subject: Mapped[str] = mapped_column(String(200))
    body: Mapped[str] = mapped_column(Text)
    #: SHA-256 of the body in UTF-8.
    sha256: Mapped[str] = mapped_column(String(64))
    author_id: Mapped[int]
    frozen_at: Mapped[datetime] = mapped_column(UTCDateTime)
    delivered_by: Mapped[str] = mapped_column(String(10))
    outbox_key: Mapped[str | None] = mapped_column(String(120))
