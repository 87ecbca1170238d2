"""Entry points: the numbers, addresses and queues by which a principal's customers reach the centre, or it them."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from contacts.vocabulary import CHANNELS, DIRECTIONS
from foundation.database import UTCDateTime, db, one_of


class EntryPoint(db.Model):
    """One number, address or queue of one principal, on one channel in one direction, open on some days."""

    __tablename__ = "entry_points"
    __table_args__ = (
        UniqueConstraint("principal_id", "key"),
        UniqueConstraint("principal_id", "channel", "direction", "address"),
        one_of("channel", CHANNELS),
        one_of("direction", DIRECTIONS),
        CheckConstraint("last_day IS NULL OR first_day IS NULL OR first_day <= last_day", name="days_in_order"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    principal_id: Mapped[int] = mapped_column(ForeignKey("principals.id"))
    #: Where what comes in here is handled; None: at several sites.
    site_id: Mapped[int | None] = mapped_column(ForeignKey("sites.id"))
    key: Mapped[str] = mapped_column(String(60))
    name: Mapped[str] = mapped_column(String(200))
    channel: Mapped[str] = mapped_column(String(10))
    direction: Mapped[str] = mapped_column(String(3))
    #: As ``contacts.entry_points.normal_address`` writes it: a number in E.164, an e-mail address, the name of a queue.
    address: Mapped[str] = mapped_column(String(200))
    #: Both inclusive, in the principal's zone; None: without such an end.
    first_day: Mapped[date | None]
    last_day: Mapped[date | None]
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    version: Mapped[int] = mapped_column(default=1)

    def facts(self) -> dict[str, Any]:
        """What the ledger keeps of an entry point."""
        return {name: getattr(self, name) for name in ("key", "name", "channel", "direction", "address", "site_id")}
