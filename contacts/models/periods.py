"""Periods: the span of days whose contacts are one fixed population."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from foundation.database import UTCDateTime, db


class Period(db.Model):
    """Days of one principal, both ends inclusive, in the principal's zone.

    Closing fixes its population; a contact that comes later is kept and marked late.
    """

    __tablename__ = "periods"
    __table_args__ = (
        UniqueConstraint("principal_id", "first_day"),
        UniqueConstraint("principal_id", "last_day"),
        CheckConstraint("first_day <= last_day", name="days_in_order"),
        CheckConstraint("(closed_at IS NULL) = (frame_hash IS NULL)", name="hash_on_closing"),
        CheckConstraint("(closed_at IS NULL) = (population IS NULL)", name="population_on_closing"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    principal_id: Mapped[int] = mapped_column(ForeignKey("principals.id"))
    first_day: Mapped[date]
    last_day: Mapped[date]
    closed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    #: The account that closed it; None when a command did.
    closed_by: Mapped[int | None]
    population: Mapped[int | None]
    #: SHA-256 over the canonical rows, see ``contacts.frames``.
    frame_hash: Mapped[str | None] = mapped_column(String(64))
