"""What staff do about the words of customers. None of these rows holds the words: they stay where they can be erased.

``comment`` is the name of a comment (``satisfaction.comments.Comment.key``), and no foreign key: words are let go,
erased and purged without asking anybody here.
"""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, Date, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from foundation.database import UTCDateTime, db, one_of
from satisfaction.emergencies import KINDS
from satisfaction.masking import MASK_REASONS
from surveys.themes import THEMES


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


class CommentCode(db.Model):
    """One line of a principal's code frame: what comments speak of, in its own words, and the theme that belongs to."""

    __tablename__ = "comment_codes"
    __table_args__ = (UniqueConstraint("principal_id", "label"), one_of("theme", ("", *THEMES), "known_theme"))

    id: Mapped[int] = mapped_column(primary_key=True)
    principal_id: Mapped[int] = mapped_column(ForeignKey("principals.id"))
    label: Mapped[str] = mapped_column(String(60))
    #: Of ``surveys.themes``, or empty.
    theme: Mapped[str] = mapped_column(String(20), default="")
    #: When it is to be given, so that two people give it alike.
    meaning: Mapped[str] = mapped_column(String(300), default="")
    created_by: Mapped[int | None]
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    #: Not given any more; what it was given to keeps it.
    retired_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class CommentTag(db.Model):
    """A code that somebody gave to a comment. It stays when the words are erased: it is counted, and says no more."""

    __tablename__ = "comment_tags"
    __table_args__ = (Index("ix_comment_tags_code", "code_id", "draw_id"),)

    comment: Mapped[str] = mapped_column(String(80), primary_key=True)
    code_id: Mapped[int] = mapped_column(ForeignKey("comment_codes.id"), primary_key=True)
    draw_id: Mapped[int]
    site_id: Mapped[int | None]
    given_by: Mapped[int | None]
    given_at: Mapped[datetime] = mapped_column(UTCDateTime)


class CommentMasking(db.Model):
    """Words of a comment were masked, for good: who did it, when and why, and in how many places. Never the words.

    ``was`` is what the comment was called before, where its name comes from its words.
    """

    __tablename__ = "comment_maskings"
    __table_args__ = (one_of("reason", MASK_REASONS, "known_reason"), Index("ix_comment_maskings_comment", "comment"))

    id: Mapped[int] = mapped_column(primary_key=True)
    comment: Mapped[str] = mapped_column(String(80))
    was: Mapped[str] = mapped_column(String(80), index=True)
    reason: Mapped[str] = mapped_column(String(10))
    places: Mapped[int]
    masked_by: Mapped[int | None]
    masked_at: Mapped[datetime] = mapped_column(UTCDateTime)


class CommentAction(db.Model):
    """Something that somebody is to do because of a comment, by a day; and what came of it."""

    __tablename__ = "comment_actions"
    __table_args__ = (
        CheckConstraint("(done_by IS NULL) = (done_at IS NULL)", name="done_whole"),
        Index("ix_comment_actions_comment", "comment"),
        Index("ix_comment_actions_open", "principal_id", "done_at", "due_on"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    comment: Mapped[str] = mapped_column(String(80))
    principal_id: Mapped[int]
    site_id: Mapped[int | None]
    what: Mapped[str] = mapped_column(String(200))
    owner_id: Mapped[int]
    due_on: Mapped[date] = mapped_column(Date)
    opened_by: Mapped[int | None]
    opened_at: Mapped[datetime] = mapped_column(UTCDateTime)
    done_by: Mapped[int | None]
    done_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    result: Mapped[str] = mapped_column(String(300), default="")
