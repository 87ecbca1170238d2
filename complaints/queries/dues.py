"""A due date as people read it: how far, then when, then why."""

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from complaints.clocks import explanation, rule_of, standing
from complaints.models import Clock
from complaints.models.columns import Delay
from foundation.timing.calendars import counted_days, local_day
from foundation.timing.storage import holiday_calendar
from foundation.timing.strips import StripDay


@dataclass(frozen=True)
class Due:
    """A date somebody owes something on.

    ``left`` counts days of ``unit`` (calendar days for a delay in months) from today to the date:
    0 on the day itself, negative after it.
    """

    kind: str
    on: date
    unit: str
    quantity: int
    left: int
    standing: str
    bond: str
    source: dict[str, str]
    started_on: date
    met_at: datetime | None


def due_of(delay: Delay, kind: str, zone: str, now: datetime) -> Due:
    """Return how a delay stands at ``now``, read in ``zone``."""
    rule = rule_of(delay.profile, kind)
    met_at, void_at = (delay.met_at, delay.void_at) if isinstance(delay, Clock) else (None, None)
    return Due(
        kind=kind,
        on=delay.due_on,
        unit=delay.unit,
        quantity=delay.quantity,
        left=_left(delay, local_day(now, ZoneInfo(zone))),
        standing=standing(delay.due_at, met_at, void_at, now),
        bond=rule.bond,
        source=rule.source,
        started_on=delay.started_on,
        met_at=met_at,
    )


def days_of(delay: Delay) -> list[StripDay]:
    """Return the delay day by day, counted on the list of its region."""
    return explanation(delay.started_on, delay.quantity, delay.unit, holiday_calendar(delay.region))


def _left(delay: Delay, today: date) -> int:
    if delay.unit == "months":
        return (delay.due_on - today).days
    return counted_days(today, delay.due_on, delay.unit, holiday_calendar(delay.region))
