"""Who gets which mail about the figures by itself."""

from datetime import datetime

from sqlalchemy import String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from foundation.database import UTCDateTime, db, one_of
from satisfaction.regular_mails import KINDS, RHYTHMS


class RegularMail(db.Model):
    """Somebody's week, or the pack of a principal. Without a row the default of their role holds.

    ``principal_id`` 0: it is about no principal alone.
    """

    __tablename__ = "regular_mails"
    __table_args__ = (
        UniqueConstraint("user_id", "kind", "principal_id"),
        one_of("kind", KINDS, "known_kind"),
        one_of("rhythm", RHYTHMS, "known_rhythm"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int]
    kind: Mapped[str] = mapped_column(String(10))
    principal_id: Mapped[int] = mapped_column(default=0)
    rhythm: Mapped[str] = mapped_column(String(10))
    is_on: Mapped[bool]
    # Nothing of before is sent afterwards.
    since: Mapped[datetime] = mapped_column(UTCDateTime)
    changed_by: Mapped[int | None]
