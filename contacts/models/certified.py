"""Which sites are in the certified scope, and since when."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from foundation.database import UTCDateTime, db


class CertifiedSpan(db.Model):
    """Days on which a site is in the certified scope, for one principal or for all of them."""

    __tablename__ = "certified_spans"
    __table_args__ = (
        CheckConstraint("last_day IS NULL OR first_day <= last_day", name="days_in_order"),
        Index("ix_certified_spans_site", "site_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    site_id: Mapped[int] = mapped_column(ForeignKey("sites.id"))
    #: None: whichever principal the contacts are of.
    principal_id: Mapped[int | None] = mapped_column(ForeignKey("principals.id"))
    #: Both inclusive; no last day: until further notice.
    first_day: Mapped[date]
    last_day: Mapped[date | None]
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
