"""The other side of the simulator: what a small SMS provider would keep. Nothing else may read or write it."""

from datetime import datetime

from sqlalchemy import Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from foundation.database import UTCDateTime, db, one_of


class SimulatedMessage(db.Model):
    """One SMS on the simulated network, to a customer's phone ("out") or from it ("in")."""

    __tablename__ = "simulated_messages"
    __table_args__ = (
        one_of("direction", ("out", "in"), "known_direction"),
        Index("ix_simulated_messages_phone", "phone"),
        Index("ix_simulated_messages_next_at", "next_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    sid: Mapped[str] = mapped_column(String(40), unique=True)
    direction: Mapped[str] = mapped_column(String(3))
    phone: Mapped[str] = mapped_column(String(320))
    number: Mapped[str] = mapped_column(String(320))
    body: Mapped[str] = mapped_column(Text)
    # Our id, echoed in receipts as a provider's callback address would carry it.
    reference: Mapped[str | None] = mapped_column(String(32))
    status: Mapped[str] = mapped_column(String(20))
    error_code: Mapped[str | None] = mapped_column(String(10))
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    # When the next receipt is due; None once the last one was given.
    next_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
