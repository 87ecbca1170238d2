"""Who sends: how fast each may, and what holds it back."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Double, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from foundation.database import UTCDateTime, db, one_of
from notifications.states import CHANNELS


class Sender(db.Model):
    """One sender of one channel, as all processes know it; ``sender`` is empty for the account's own."""

    __tablename__ = "senders"
    __table_args__ = (
        UniqueConstraint("channel", "sender"),
        one_of("channel", CHANNELS, "known_channel"),
        CheckConstraint("rate > 0", name="rate_is_positive"),
        CheckConstraint("concurrency > 0", name="concurrency_is_positive"),
        CheckConstraint("(paused_until IS NULL) = (pause_code IS NULL)", name="pause_has_reason"),
        CheckConstraint("(paused_until IS NULL) = (paused_since IS NULL)", name="pause_has_beginning"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    channel: Mapped[str] = mapped_column(String(10))
    sender: Mapped[str] = mapped_column(String(320))

    # Parts per second; None: as fast as the provider takes them. Follows the setting until a person changes it.
    rate: Mapped[float | None] = mapped_column(Double)
    rate_set_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    rate_set_by: Mapped[int | None]
    # What is left of the rate, in parts, at refilled_at; below zero after a message of many parts.
    tokens: Mapped[float] = mapped_column(Double, default=0.0)
    refilled_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    # How many requests one process may have under way; None: as many as the provider allows.
    concurrency: Mapped[int | None]
    # Since when, while it is limited, the provider has not complained of too many.
    clean_since: Mapped[datetime | None] = mapped_column(UTCDateTime)

    # Nothing goes out before; then, why, and since when without a break. Stays after it is over, as the last pause.
    paused_until: Mapped[datetime | None] = mapped_column(UTCDateTime)
    pause_code: Mapped[str | None] = mapped_column(String(80))
    paused_since: Mapped[datetime | None] = mapped_column(UTCDateTime)
