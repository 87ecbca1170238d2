"""That answers were withdrawn: which of them, why, when and by whom. What they said is not kept here."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from foundation.database import UTCDateTime, db, one_of

#: The customer asked; somebody else answered in their place; it was a test; it should never have been kept.
REASONS = ("asked", "not_theirs", "test", "unlawful")


class AnswerWithdrawal(db.Model):
    """One act on the answers of one interview. Rows are only added; ``questions`` are the ids that count no more."""

    __tablename__ = "answer_withdrawals"
    __table_args__ = (
        one_of("reason", REASONS, "known_reason"),
        CheckConstraint("answers > 0", name="some_answers"),
        Index("ix_answer_withdrawals_draw", "draw_id", "withdrawn_at"),
        Index("ix_answer_withdrawals_invitation", "invitation_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    invitation_id: Mapped[int] = mapped_column(ForeignKey("invitations.id"))
    draw_id: Mapped[int] = mapped_column(ForeignKey("draws.id"))
    principal_id: Mapped[int] = mapped_column(ForeignKey("principals.id"))
    questions: Mapped[list[Any]] = mapped_column(JSON)
    answers: Mapped[int]
    reason: Mapped[str] = mapped_column(String(12))
    #: In the words of whoever did it; erased with the person.
    note: Mapped[str] = mapped_column(String(500))
    withdrawn_at: Mapped[datetime] = mapped_column(UTCDateTime)
    withdrawn_by: Mapped[int | None]
