"""What several tables of complaints share."""

from datetime import date, datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from foundation.database import UTCDateTime


class Delay:
    """A delay as it was promised, with all it takes to count it again."""

    #: Key and number of the profile that set it, such as "service@1".
    profile: Mapped[str] = mapped_column(String(40))
    #: Not counted itself.
    started_on: Mapped[date]
    quantity: Mapped[int]
    unit: Mapped[str] = mapped_column(String(10))
    region: Mapped[str] = mapped_column(String(20))
    calendar_version: Mapped[str] = mapped_column(String(12))
    #: Stored, not recomputed: a new rule or holiday must not move a date already promised.
    due_on: Mapped[date]
    #: The end of ``due_on`` in the zone of the handling site; what happens before it is in time.
    due_at: Mapped[datetime] = mapped_column(UTCDateTime)
