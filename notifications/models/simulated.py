"""The other side of the simulator: what a small SMS provider would keep. Nothing else may read or write it."""

from datetime import datetime

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from foundation.database import UTCDateTime, db, one_of
from notifications.networks import SHARES


class SimulatedMessage(db.Model):
    """One SMS on the simulated network, to a customer's phone ("out") or from it ("in")."""

    __tablename__ = "simulated_messages"
    __table_args__ = (
        one_of("direction", ("out", "in"), "known_direction"),
        Index("ix_simulated_messages_phone", "phone"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    sid: Mapped[str] = mapped_column(String(40), unique=True)
    direction: Mapped[str] = mapped_column(String(3))
    phone: Mapped[str] = mapped_column(String(320))
    number: Mapped[str] = mapped_column(String(320))
    body: Mapped[str] = mapped_column(Text)
    # Our id, echoed in receipts as a provider's callback address would carry it.
    reference: Mapped[str | None] = mapped_column(String(32))
    # The truth; what we have been told of it is in the outbox.
    status: Mapped[str] = mapped_column(String(20))
    error_code: Mapped[str | None] = mapped_column(String(10))
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)


class SimulatedHappening(db.Model):
    """Something yet to become of a message: it reaches a status, or (``tells``) we get the receipt that says so."""

    __tablename__ = "simulated_happenings"
    __table_args__ = (Index("ix_simulated_happenings_due_at", "due_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    message_id: Mapped[int] = mapped_column(ForeignKey("simulated_messages.id"))
    tells: Mapped[bool]
    status: Mapped[str] = mapped_column(String(20))
    code: Mapped[str | None] = mapped_column(String(10))
    due_at: Mapped[datetime] = mapped_column(UTCDateTime)


class SimulatedNetwork(db.Model):
    """The weather an operator has set, as ``networks.Network`` describes it; one row, none while it is calm."""

    __tablename__ = "simulated_network"
    __table_args__ = (
        CheckConstraint("id = 1", name="only_one"),
        CheckConstraint("0 <= quickest AND quickest <= slowest", name="quickest_first"),
        *(CheckConstraint(f"{share} BETWEEN 0 AND 100", name=f"{share}_is_a_share") for share in SHARES),
    )

    id: Mapped[int] = mapped_column(primary_key=True, default=1)
    quickest: Mapped[int]
    slowest: Mapped[int]
    # Per cent by code.
    failures: Mapped[dict[str, int]] = mapped_column(JSON)
    out_of_order: Mapped[int]
    repeated: Mapped[int]
    missing: Mapped[int]
    lost_answers: Mapped[int]
    own_stops: Mapped[bool]
    seed: Mapped[str] = mapped_column(String(40))
    refuses_until: Mapped[datetime | None] = mapped_column(UTCDateTime)
