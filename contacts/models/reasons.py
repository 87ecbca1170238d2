"""Trees of reasons, version by version, and the words of the logs that stand for their leaves."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from foundation.database import UTCDateTime, db, one_of

REASON_STATES = ("draft", "published", "replaced")


class ReasonVersion(db.Model):
    """One version of the tree of reasons of a principal; once published it never changes."""

    __tablename__ = "reason_versions"
    __table_args__ = (
        UniqueConstraint("principal_id", "number"),
        one_of("state", REASON_STATES),
        CheckConstraint("(state = 'draft') = (published_at IS NULL)", name="published_at"),
        CheckConstraint("(state = 'replaced') = (replaced_at IS NOT NULL)", name="replaced_at"),
        Index(
            "uq_reason_versions_published",
            "principal_id",
            unique=True,
            sqlite_where=text("state = 'published'"),
            postgresql_where=text("state = 'published'"),
        ),
        Index(
            "uq_reason_versions_draft",
            "principal_id",
            unique=True,
            sqlite_where=text("state = 'draft'"),
            postgresql_where=text("state = 'draft'"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    principal_id: Mapped[int] = mapped_column(ForeignKey("principals.id"))
    number: Mapped[int]
    state: Mapped[str] = mapped_column(String(10), default="draft")
    #: The JSON form of ``contacts.reason_trees.Node``, in the order of the tree.
    nodes: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    created_by: Mapped[int | None]
    published_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    published_by: Mapped[int | None]
    replaced_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    #: Counts the changes of a draft.
    version: Mapped[int] = mapped_column(default=1)


class ReasonWord(db.Model):
    """A word of one log and the leaf it stands for."""

    __tablename__ = "reason_words"
    __table_args__ = (UniqueConstraint("principal_id", "source", "word"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    principal_id: Mapped[int] = mapped_column(ForeignKey("principals.id"))
    source: Mapped[str] = mapped_column(String(60))
    #: As ``contacts.reasons.word_key`` writes it.
    word: Mapped[str] = mapped_column(String(400))
    #: A code of the tree; where the version in force has no such leaf, the word counts as not mapped.
    code: Mapped[str] = mapped_column(String(60))
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    created_by: Mapped[int | None]
