"""What goes with overall satisfaction, computed behind the page from answers of one person at once."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, Date, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from foundation.database import UTCDateTime, db


class Explanation(db.Model):
    """One programme and period; ``result`` is what ``satisfaction.explaining.explanation`` gives.

    And ``answering``: what ``satisfaction.services.answering.how_answered`` gives; None of anonymous answers.
    """

    __tablename__ = "explanations"

    programme_id: Mapped[int] = mapped_column(ForeignKey("programmes.id"), primary_key=True)
    first_day: Mapped[date] = mapped_column(Date, primary_key=True)
    last_day: Mapped[date] = mapped_column(Date, primary_key=True)
    result: Mapped[dict[str, Any]] = mapped_column(JSON)
    computed_at: Mapped[datetime] = mapped_column(UTCDateTime)
