"""What somebody found who looked at a question of the integrity page."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from foundation.database import UTCDateTime, db


class IntegrityNote(db.Model):
    """A question of a draw that was looked at, with the numbers it stood on. Rows are only added.

    When its numbers change the question is another one, and open again.
    """

    __tablename__ = "integrity_notes"
    __table_args__ = (Index("ix_integrity_notes_draw", "draw_id", "question"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    draw_id: Mapped[int] = mapped_column(ForeignKey("draws.id"))
    question: Mapped[str] = mapped_column(String(200))
    part: Mapped[int]
    whole: Mapped[int]
    #: What was found, in the words of whoever looked.
    found: Mapped[str] = mapped_column(String(500))
    looked_at: Mapped[datetime] = mapped_column(UTCDateTime)
    looked_by: Mapped[int | None]

    def is_about(self, part: int, whole: int) -> bool:
        """Whether the question still stands on the same numbers."""
        return (self.part, self.whole) == (part, whole)
