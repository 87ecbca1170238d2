"""The contacts of closed periods by week and site, counted once: what complaints are set against."""

from datetime import date

from sqlalchemy.orm import Mapped, mapped_column

from foundation.database import db


class ContactWeek(db.Model):
    """Seven days of one closed period, or what is left of them, at one site. A closed population never changes."""

    __tablename__ = "contact_weeks"

    period_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    first_day: Mapped[date] = mapped_column(primary_key=True)
    site_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    contacts: Mapped[int]
