"""Where what was counted is not what a source says, and days that are silent where comparable ones are not."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from statistics import median
from typing import NamedTuple

#: The rule of silent days, as it is printed: so many of the same weekday before, of which so many had contacts known …
WEEKS_BEFORE = 8
FEWEST_COMPARABLE = 4
#: … and at least so many contacts in the middle one.
MANY = 10
#: A day behind the end of the log may still be sent in so many days; then it is silent like any other.
DAYS_TO_SEND = 2


class Cell(NamedTuple):
    """What is counted together: the contacts of one day at one site on one channel, of one source ("": of all)."""

    source: str
    site_id: int
    channel: str
    day: date


@dataclass(frozen=True)
class Said:
    """Why a gap is none to worry about: who said so, and when."""

    reason: str
    at: datetime
    by: int | None


@dataclass(frozen=True)
class Gap:
    """A cell where the numbers do not agree; ``expected`` is what the source says, or what comparable days have."""

    kind: str  # count or silent
    cell: Cell
    expected: int
    counted: int
    said: Said | None = None

    @property
    def difference(self) -> int:
        return self.counted - self.expected


def count_gaps(told: Mapping[Cell, int], counted: Mapping[Cell, int]) -> list[Gap]:
    """The cells of which a source says another number than was counted, by day."""
    found = [
        Gap("count", cell, expected, counted.get(cell, 0))
        for cell, expected in told.items()
        if counted.get(cell, 0) != expected
    ]
    return sorted(found, key=_order)


def silent_days(
    counted: Mapping[tuple[int, str, date], int],
    first_day: date,
    last_day: date,
    known_since: date,
    closed: Collection[tuple[int, date]],
) -> list[Gap]:
    """Days from ``first_day`` to ``last_day``, both inclusive, without any contact where comparable days have many.

    ``counted`` holds contacts per (site id, channel, day) of these days and the 8 weeks before; the log begins on
    ``known_since``. Comparable are the same weekdays of the 8 weeks before, without public holidays (``closed``, per
    site); there must be 4 of them, with 10 contacts or more in the middle one. Public holidays are never silent.
    """
    places = sorted({(site_id, channel) for site_id, channel, _day in counted})
    days = [first_day + timedelta(days=n) for n in range((last_day - first_day).days + 1)]
    found = [_silent(counted, place, day, known_since, closed) for place in places for day in days]
    return sorted((gap for gap in found if gap is not None), key=_order)


def _silent(
    counted: Mapping[tuple[int, str, date], int],
    place: tuple[int, str],
    day: date,
    known_since: date,
    closed: Collection[tuple[int, date]],
) -> Gap | None:
    site_id, channel = place
    if counted.get((site_id, channel, day)) or (site_id, day) in closed:
        return None
    before = [
        counted.get((site_id, channel, earlier), 0)
        for earlier in _same_weekdays(day)
        if earlier >= known_since and (site_id, earlier) not in closed
    ]
    if len(before) < FEWEST_COMPARABLE or median(before) < MANY:
        return None
    return Gap("silent", Cell("", site_id, channel, day), int(median(before)), 0)


def _same_weekdays(day: date) -> Iterator[date]:
    return (day - timedelta(weeks=week) for week in range(1, WEEKS_BEFORE + 1))


def _order(gap: Gap) -> tuple[date, str, int, str]:
    return gap.cell.day, gap.cell.source, gap.cell.site_id, gap.cell.channel
