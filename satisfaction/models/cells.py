"""Answers counted once and for all, and how far the counting got.

No row here refers to another table by a foreign key: PostgreSQL would lock the invitation that a customer is answering
just then.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from foundation.database import UTCDateTime, db


class AnswerCell(db.Model):
    """How many of the drawn stand at ``value`` of a question, in one place of one stratum of one draw.

    ``site_id`` 0 and an empty channel: anonymous answers whose stratum does not tell them, and then the place is that
    of the stratum. Cells add: those of two draws, or of two databases, are the sums.
    """

    __tablename__ = "answer_cells"

    draw_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    stratum: Mapped[str] = mapped_column(String(400), primary_key=True)
    site_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    channel: Mapped[str] = mapped_column(String(20), primary_key=True)
    question_id: Mapped[str] = mapped_column(String(40), primary_key=True)
    value: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    answers: Mapped[int]


class Uncounted(db.Model):
    """An invitation whose answers were read by the roll-up and count in no cell, because it has not come so far.

    ``is_open``: it may begin to count without another event, as when its time runs out and it is partial.
    """

    __tablename__ = "uncounted_interviews"
    __table_args__ = (
        Index(
            "ix_uncounted_interviews_open",
            "draw_id",
            sqlite_where=text("is_open"),
            postgresql_where=text("is_open"),
        ),
    )

    invitation_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    draw_id: Mapped[int]
    is_open: Mapped[bool]


class RollUp(db.Model):
    """Which answer events are in the cells: all up to ``top`` but those in ``gaps``. One row, 1.

    ``gaps``: [[first, last], …], ids that nobody could see yet when a higher one was read: their transaction was still
    under way, or came to nothing (see ``rolling_up.retire_gaps``). ``version`` rises with every change of the cells.
    """

    __tablename__ = "roll_ups"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    top: Mapped[int] = mapped_column(BigInteger)
    gaps: Mapped[list[Any]] = mapped_column(JSON)
    version: Mapped[int]
    rolled_at: Mapped[datetime] = mapped_column(UTCDateTime)
    #: What the nightly check noted the last time: {"top": …, "xid": the next transaction then}. PostgreSQL only.
    horizon: Mapped[dict[str, int] | None] = mapped_column(JSON(none_as_null=True))
    #: While a recount is under way the roll-up rests.
    held_until: Mapped[datetime | None] = mapped_column(UTCDateTime)


class CountedDraw(db.Model):
    """A draw whose frame is in ``frame_cells``, and if it is anonymous, whose answers let go are in the cells."""

    __tablename__ = "counted_draws"

    draw_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    has_frame: Mapped[bool]
    has_anonymous: Mapped[bool]


class FrameCell(db.Model):
    """The contacts of one stratum and place of a draw's population, which no longer changes.

    ``stood_for``: those for whom another contact of their customer stands; ``lost``: suppressed for another reason.
    """

    __tablename__ = "frame_cells"

    draw_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    stratum: Mapped[str] = mapped_column(String(400), primary_key=True)
    site_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    channel: Mapped[str] = mapped_column(String(20), primary_key=True)
    contacts: Mapped[int]
    eligible: Mapped[int]
    stood_for: Mapped[int]
    drawn: Mapped[int]
    lost: Mapped[int]
