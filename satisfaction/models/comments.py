"""What staff do about the words of customers. None of these rows holds the words: they stay where they can be erased.

``comment`` is the name of a comment (``satisfaction.comments.Comment.key``), and no foreign key: words are let go,
erased and purged without asking anybody here.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from foundation.database import UTCDateTime, db, one_of
from satisfaction.emergencies import KINDS


class EmergencyWord(db.Model):
    """A phrase that somebody put on the list of words of emergency, or struck off it."""

    __tablename__ = "emergency_words"
    __table_args__ = (one_of("kind", KINDS, "known_kind"),)

    phrase: Mapped[str] = mapped_column(String(64), primary_key=True)
    kind: Mapped[str] = mapped_column(String(10))
    is_on: Mapped[bool]
    changed_by: Mapped[int | None]
    changed_at: Mapped[datetime] = mapped_column(UTCDateTime)


class EmergencyRead(db.Model):
    """How far comments were read for words of emergency; one row, 1. See ``satisfaction.emergencies.settled``."""

    __tablename__ = "emergency_reads"
    __table_args__ = (CheckConstraint("id = 1", name="only_row"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    floor: Mapped[int]
    top: Mapped[int]
    since: Mapped[datetime] = mapped_column(UTCDateTime)


class Emergency(db.Model):
    """A comment with words of emergency, until a person has taken it in hand."""

    __tablename__ = "emergencies"
    __table_args__ = (
        CheckConstraint("(taken_by IS NULL) = (taken_at IS NULL)", name="taken_whole"),
        Index("ix_emergencies_waiting", "principal_id", "taken_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    comment: Mapped[str] = mapped_column(String(80), unique=True)
    principal_id: Mapped[int]
    site_id: Mapped[int | None]
    kinds: Mapped[list[Any]] = mapped_column(JSON)
    found_at: Mapped[datetime] = mapped_column(UTCDateTime)
    taken_by: Mapped[int | None]
    taken_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
