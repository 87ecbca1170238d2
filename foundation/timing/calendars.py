"""Days that count and days that do not, and the date on which a delay ends.

The day a delay starts from is never counted. Units:

``ouvrables``  Monday to Saturday, without public holidays
``ouvres``     Monday to Friday, without public holidays
``days``       every day
``months``     the same day of a later month, else that month's last day
"""

import calendar
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

SATURDAY, SUNDAY = 5, 6
REST_DAYS: dict[str, frozenset[int]] = {
    "ouvrables": frozenset({SUNDAY}),
    "ouvres": frozenset({SATURDAY, SUNDAY}),
    "days": frozenset(),
}
UNITS = (*REST_DAYS, "months")
REGIONS = ("metropole", "alsace-moselle", "guadeloupe", "martinique", "guyane", "la-reunion", "mayotte")

ZONE_REGIONS = {
    "America/Cayenne": "guyane",
    "America/Guadeloupe": "guadeloupe",
    "America/Martinique": "martinique",
    "Indian/Mayotte": "mayotte",
    "Indian/Reunion": "la-reunion",
}


def region_of_zone(zone: str) -> str:
    """Return the region whose holidays hold in ``zone`` where nobody named one; ``metropole`` by default."""
    return ZONE_REGIONS.get(zone, "metropole")


class CalendarExhausted(Exception):
    """A day outside the holiday list was asked about; guessing would move somebody's deadline."""

    code = "calendar-exhausted"

    def __init__(self, region: str, day: date) -> None:
        super().__init__(f"no holiday list of {region} for {day.isoformat()}")
        self.region = region
        self.day = day


@dataclass(frozen=True)
class WorkingCalendar:
    """The public holidays of a region from ``first_day`` to ``last_day``, both inclusive.

    ``holidays`` gives each holiday its name by language. ``version`` names the list the answers
    came from, so that a due date can be explained with the list it was promised on.
    """

    region: str
    first_day: date
    last_day: date
    holidays: Mapping[date, Mapping[str, str]] = field(default_factory=dict)
    version: str = ""

    def is_holiday(self, day: date) -> bool:
        """Whether ``day`` is a public holiday. Raises CalendarExhausted outside the list."""
        if not self.first_day <= day <= self.last_day:
            raise CalendarExhausted(self.region, day)
        return day in self.holidays

    def why_not_counted(self, day: date, unit: str) -> str | None:
        """Return ``sunday``, ``saturday`` or ``holiday``, or None where ``day`` counts in ``unit``."""
        rest = REST_DAYS[unit]
        if unit == "days":
            return None
        if self.is_holiday(day):
            return "holiday"
        if day.weekday() in rest:
            return "sunday" if day.weekday() == SUNDAY else "saturday"
        return None

    def counts(self, day: date, unit: str) -> bool:
        """Whether ``day`` is counted in ``unit``. Raises CalendarExhausted outside the list."""
        return self.why_not_counted(day, unit) is None


def add_months(start: date, months: int) -> date:
    """Return the same day ``months`` later, else that month's last day.

    Always count from the first date: one month after one month is not two months (31 January).
    """
    years, index = divmod(start.year * 12 + start.month - 1 + months, 12)
    last = calendar.monthrange(years, index + 1)[1]
    return date(years, index + 1, min(start.day, last))


def due_date(start: date, quantity: int, unit: str, working: WorkingCalendar) -> date:
    """Return the last day, inclusive, of a delay of ``quantity`` (1 or more) ``unit`` after ``start``.

    Raises CalendarExhausted if the holiday list ends before the delay does.
    """
    if quantity < 1:
        raise ValueError(f"quantity must be 1 or more, not {quantity}")
    if unit == "months":
        return add_months(start, quantity)
    day, counted = start, 0
    while counted < quantity:
        day += timedelta(days=1)
        counted += working.counts(day, unit)
    return day


def counted_days(after: date, until: date, unit: str, working: WorkingCalendar) -> int:
    """Return how many days of ``unit`` (not months) lie after ``after`` up to and including ``until``.

    Negative when ``until`` is earlier: the days counted after ``until`` up to ``after``.
    """
    if until < after:
        return -counted_days(until, after, unit, working)
    span = (after + timedelta(days=number) for number in range(1, (until - after).days + 1))
    return sum(working.counts(day, unit) for day in span)


def local_day(moment: datetime, zone: ZoneInfo) -> date:
    """Return the day people in ``zone`` have at ``moment``, which must be aware."""
    if moment.tzinfo is None:
        raise ValueError("a moment without zone has no local day")
    return moment.astimezone(zone).date()


def end_of_day(day: date, zone: ZoneInfo) -> datetime:
    """Return the first moment after ``day`` in ``zone``, in UTC: what happens before it is in time.

    The day may have 23 or 25 hours, and midnight itself may be skipped; the next day's beginning is the limit.
    """
    return datetime.combine(day + timedelta(days=1), time(), zone).astimezone(UTC)
