"""That staff were informed of figures about them, and the figures while they are kept."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, Date, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from foundation.database import UTCDateTime, db


class AgentNotice(db.Model):
    """The staff of a site were told, on a day and in some way, that figures of each of them are drawn up."""

    __tablename__ = "agent_notices"
    __table_args__ = (
        CheckConstraint("(withdrawn_by IS NULL) = (withdrawn_at IS NULL)", name="withdrawn_whole"),
        Index("ix_agent_notices_site", "site_id", "withdrawn_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    site_id: Mapped[int] = mapped_column(ForeignKey("sites.id"))
    informed_on: Mapped[date] = mapped_column(Date)
    #: In which way, and who was consulted.
    how: Mapped[str] = mapped_column(String(300))
    recorded_by: Mapped[int]
    recorded_at: Mapped[datetime] = mapped_column(UTCDateTime)
    withdrawn_by: Mapped[int | None]
    withdrawn_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class AgentFigures(db.Model):
    """The figures of the agents of one site, of one programme and period; those under the floor are not among them.

    ``rows``: [[pseudonym, finding as docs/report.md has it], …]; ``few``: how many agents had too few answers.
    """

    __tablename__ = "agent_figures"

    programme_id: Mapped[int] = mapped_column(ForeignKey("programmes.id"), primary_key=True)
    first_day: Mapped[date] = mapped_column(Date, primary_key=True)
    site_id: Mapped[int] = mapped_column(ForeignKey("sites.id"), primary_key=True)
    last_day: Mapped[date] = mapped_column(Date, index=True)
    rows: Mapped[list[Any]] = mapped_column(JSON)
    few: Mapped[int]
    computed_at: Mapped[datetime] = mapped_column(UTCDateTime)
