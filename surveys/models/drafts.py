"""Every state a draft was in: who wrote it, when, and what undoing it leads back to. Rows are only ever added."""

from datetime import datetime

from sqlalchemy import JSON, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from foundation.database import UTCDateTime, db, one_of

ACTS = (
    "began", "imported", "added", "changed", "moved", "duplicated", "deleted", "settings", "language",
    "undone", "redone", "restored", "discarded",
)  # fmt: skip


class DraftRevision(db.Model):
    """The whole definition after one act. ``number`` is that of the version it drafts.

    ``before_id`` is the state that undoing leads to, ``after_id`` the one that doing again leads to; both are rows of
    this table, so that undoing is an act like any other and can itself be undone. ``origin_id`` is the row whose act
    first made this state; None: this one.
    """

    __tablename__ = "draft_revisions"
    __table_args__ = (
        one_of("act", ACTS, "known_act"),
        Index("ix_draft_revisions_questionnaire", "questionnaire_id", "number", "id"),
        Index("ix_draft_revisions_content_hash", "content_hash"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    questionnaire_id: Mapped[int] = mapped_column(ForeignKey("questionnaires.id"))
    number: Mapped[int]
    act: Mapped[str] = mapped_column(String(12))
    subject: Mapped[str] = mapped_column(String(80), default="")
    definition: Mapped[dict] = mapped_column(JSON)
    content_hash: Mapped[str] = mapped_column(String(64))
    before_id: Mapped[int | None] = mapped_column(ForeignKey("draft_revisions.id"))
    after_id: Mapped[int | None] = mapped_column(ForeignKey("draft_revisions.id"))
    origin_id: Mapped[int | None] = mapped_column(ForeignKey("draft_revisions.id"))
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    by: Mapped[int | None]
