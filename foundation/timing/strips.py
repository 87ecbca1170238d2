"""Why a delay ends on its date, day by day."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from foundation.timing.calendars import WorkingCalendar, due_date


@dataclass(frozen=True)
class StripDay:
    """One day of a delay: its rank where it counts, else why it does not.

    ``why`` is ``start``, ``saturday``, ``sunday``, ``holiday``, ``same-day`` or ``last-day-of-month``
    (the two ways a delay in months ends), or None. ``names`` are a holiday's names by language.
    """

    day: date
    rank: int | None
    why: str | None
    names: Mapping[str, str] | None = None


def strip(start: date, quantity: int, unit: str, working: WorkingCalendar) -> list[StripDay]:
    """Return each day from ``start`` to the due date, both inclusive.

    A delay in months has no days to count: its strip holds the start and the end only.
    Raises CalendarExhausted if the holiday list ends before the delay does.
    """
    due = due_date(start, quantity, unit, working)
    first = StripDay(start, None, "start")
    if unit == "months":
        return [first, StripDay(due, quantity, "same-day" if due.day == start.day else "last-day-of-month")]
    days, rank = [first], 0
    for number in range(1, (due - start).days + 1):
        day = start + timedelta(days=number)
        why = working.why_not_counted(day, unit)
        rank += why is None
        days.append(StripDay(day, rank if why is None else None, why, working.holidays.get(day)))
    return days
