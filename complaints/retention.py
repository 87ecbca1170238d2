"""How long a case is kept after its end, with everything that could be needed to defend or prove it."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from foundation.timing.months import months_later

#: The general limitation of actions in French law is five years (article 2224 of the Code civil). A principal that
#: answers to another law says so in its own settings.
USUAL_MONTHS = 60


def ends_on(ended_at: datetime, months: int | None, zone: str) -> date:
    """The last day on which a case that ended then is kept: the same day of the month, or the last there is."""
    day = ended_at.astimezone(ZoneInfo(zone)).date()
    return months_later(day, USUAL_MONTHS if months is None else months)
