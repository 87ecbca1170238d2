"""Addresses of pages that somebody keeps under a name of their own."""

from datetime import datetime

from sqlalchemy import String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from foundation.database import UTCDateTime, db


class SavedView(db.Model):
    """A page with its filters, as one person left it. It opens nothing by itself: each page asks again who looks."""

    __tablename__ = "saved_views"
    __table_args__ = (UniqueConstraint("user_id", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int]
    name: Mapped[str] = mapped_column(String(80))
    address: Mapped[str] = mapped_column(String(500))
    saved_at: Mapped[datetime] = mapped_column(UTCDateTime)
