"""What was refused at the provider's door."""

from datetime import date

from sqlalchemy import String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from foundation.database import db


class WebhookRefusal(db.Model):
    """How many requests without a valid signature came to one address on one day (UTC)."""

    __tablename__ = "webhook_refusals"
    __table_args__ = (UniqueConstraint("day", "path"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    day: Mapped[date]
    path: Mapped[str] = mapped_column(String(80))
    count: Mapped[int] = mapped_column(default=0)
