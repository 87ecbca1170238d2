"""What people did to a sender."""

from datetime import datetime

from sqlalchemy import Double, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from foundation.database import UTCDateTime, db, one_of
from notifications.states import CHANNELS


class SenderChange(db.Model):
    """One thing a person did to a sender: let it wait, let it go on, or set its rate; never changed."""

    __tablename__ = "sender_changes"
    __table_args__ = (
        one_of("channel", CHANNELS, "known_channel"),
        one_of("kind", ("paused", "resumed", "rate"), "known_kind"),
        Index("ix_sender_changes_channel_sender", "channel", "sender"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    channel: Mapped[str] = mapped_column(String(10))
    sender: Mapped[str] = mapped_column(String(320))
    kind: Mapped[str] = mapped_column(String(10))
    # Parts a second from then on; None for as fast as the provider takes them.
    rate: Mapped[float | None] = mapped_column(Double)
    note: Mapped[str | None] = mapped_column(String(200))
    actor_id: Mapped[int | None]
    at: Mapped[datetime] = mapped_column(UTCDateTime)
