"""What the sources say they sent, and what people said of days that do not agree."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from contacts.vocabulary import CHANNELS
from foundation.database import UTCDateTime, db, one_of

GAP_KINDS = ("count", "silent")


class SourceCount(db.Model):
    """How many contacts a source says it had on one day at one site on one channel."""

    __tablename__ = "source_counts"
    __table_args__ = (
        UniqueConstraint("principal_id", "source", "site_id", "channel", "day"),
        one_of("channel", CHANNELS),
        CheckConstraint("contacts >= 0", name="contacts"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    principal_id: Mapped[int] = mapped_column(ForeignKey("principals.id"))
    source: Mapped[str] = mapped_column(String(60))
    site_id: Mapped[int] = mapped_column(ForeignKey("sites.id"))
    channel: Mapped[str] = mapped_column(String(10))
    #: In the principal's zone.
    day: Mapped[date]
    contacts: Mapped[int]
    told_at: Mapped[datetime] = mapped_column(UTCDateTime)
    told_by: Mapped[int | None]


class Explanation(db.Model):
    """Why what was counted is not what the source says, or why there was no contact: of these two numbers.

    When one of them changes, the gap is another one, and waits for an explanation of its own.
    """

    __tablename__ = "gap_explanations"
    __table_args__ = (
        UniqueConstraint(
            *("principal_id", "kind", "source", "site_id", "channel", "day", "expected", "counted"),
            name="uq_gap_explanations_gap",
        ),
        one_of("kind", GAP_KINDS),
        one_of("channel", CHANNELS),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    principal_id: Mapped[int] = mapped_column(ForeignKey("principals.id"))
    #: ``count``: another number than the source's. ``silent``: no contact where comparable days have many.
    kind: Mapped[str] = mapped_column(String(10))
    #: Empty for silent days.
    source: Mapped[str] = mapped_column(String(60), default="")
    site_id: Mapped[int] = mapped_column(ForeignKey("sites.id"))
    channel: Mapped[str] = mapped_column(String(10))
    day: Mapped[date]
    expected: Mapped[int]
    counted: Mapped[int]
    reason: Mapped[str] = mapped_column(String(500))
    explained_at: Mapped[datetime] = mapped_column(UTCDateTime)
    explained_by: Mapped[int | None]
