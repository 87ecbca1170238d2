"""What people write to us: stored first, then routed once."""

from datetime import datetime

from sqlalchemy import Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from foundation.database import UTCDateTime, db


class InboundMessage(db.Model):
    """One SMS as it came in, where it was routed, and what a person did with it."""

    __tablename__ = "inbound_messages"
    __table_args__ = (
        Index(
            "ix_inbound_messages_waiting", "retry_at",
            sqlite_where=text("routed_at IS NULL"), postgresql_where=text("routed_at IS NULL"),
        ),
        Index("ix_inbound_messages_routed_to", "routed_to"),
        Index("ix_inbound_messages_sender", "sender"),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    provider_id: Mapped[str] = mapped_column(String(80), unique=True)
    # Whose customer wrote, as far as the last message we sent that number tells.
    principal_id: Mapped[int | None]
    language: Mapped[str] = mapped_column(String(10))
    sender: Mapped[str] = mapped_column(String(320))
    recipient: Mapped[str] = mapped_column(String(320))
    body: Mapped[str] = mapped_column(Text)
    # STOP, START or HELP when the provider recognised it (and answers it) itself.
    provider_keyword: Mapped[str | None] = mapped_column(String(10))
    received_at: Mapped[datetime] = mapped_column(UTCDateTime)

    # The name of the route that took it: "stop", "start", one of those registered, or "person".
    routed_to: Mapped[str | None] = mapped_column(String(40))
    routed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    attempt: Mapped[int] = mapped_column(default=0)
    retry_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    last_error: Mapped[str | None] = mapped_column(String(200))

    handled_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    handled_by: Mapped[int | None]
    note: Mapped[str | None] = mapped_column(Text)
