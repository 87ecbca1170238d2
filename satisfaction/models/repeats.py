"""How often customers came back about the same thing, counted once the days in which they could are over."""

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from foundation.database import UTCDateTime, db


class RepeatCount(db.Model):
    """One closed period in one place. Kept, because customers are forgotten and counts are not."""

    __tablename__ = "repeat_counts"

    period_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    site_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    channel: Mapped[str] = mapped_column(String(20), primary_key=True)
    #: Made by customers; of these the customer is known; of these another followed about the same reason.
    contacts: Mapped[int]
    known: Mapped[int]
    followed: Mapped[int]
    counted_at: Mapped[datetime] = mapped_column(UTCDateTime)
