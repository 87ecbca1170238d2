"""When a message may go out: hours of the day, days of the week and holidays, as the recipient lives them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

IsHoliday = Callable[[date], bool]
# No window leaves a year without one open day; more would be a mistake in it.
_FARTHEST = 366
_MIDNIGHT = "24:00"


class NeverOpen(ValueError):
    """A window without any open day within a year."""

    code = "window-never-open"


@dataclass(frozen=True)
class Window:
    """The hours from ``opens`` (inclusive) to ``closes`` (exclusive) on ``weekdays`` (Monday is 0).

    The default is what a person may expect of a survey: 8:00 to 20:00, Monday to
    Saturday, no holidays. A message without a window may go out at any moment.
    ``time.max`` closes at midnight.
    """

    opens: time = time(8)
    closes: time = time(20)
    weekdays: frozenset[int] = frozenset(range(6))
    holidays: bool = False

    def __post_init__(self) -> None:
        if self.opens >= self.closes or not self.weekdays <= set(range(7)):
            raise ValueError(f"no such window: {self}")

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> "Window":
        """Read what ``document()`` wrote; missing keys keep their default, others are not looked at."""
        return cls(
            time.fromisoformat(document.get("from", "08:00")),
            closing_time(document.get("to", "20:00")),
            frozenset(document.get("days", range(6))),
            bool(document.get("holidays", False)),
        )

    def document(self) -> dict[str, Any]:
        """Return the window as plain values for a JSON column."""
        return {
            "from": self.opens.isoformat("minutes"),
            "to": _MIDNIGHT if self.closes == time.max else self.closes.isoformat("minutes"),
            "days": sorted(self.weekdays),
            "holidays": self.holidays,
        }

    def is_open(self, moment: datetime, zone: ZoneInfo, is_holiday: IsHoliday) -> bool:
        """Whether a message may leave at ``moment``, by the clock and the calendar of ``zone``."""
        local = moment.astimezone(zone)
        return self._open_on(local.date(), is_holiday) and self.opens <= local.time() < self.closes

    def next_moment(self, moment: datetime, zone: ZoneInfo, is_holiday: IsHoliday) -> datetime:
        """Return the first lawful moment at or after ``moment``, in UTC; ``moment`` itself when it is one.

        Raises NeverOpen where no day within a year is open.
        """
        if self.is_open(moment, zone, is_holiday):
            return moment.astimezone(UTC)
        first = moment.astimezone(zone).date()
        for ahead in range(_FARTHEST + 1):
            day = first + timedelta(days=ahead)
            if self._open_on(day, is_holiday):
                for opening in self._openings(day, zone):
                    if opening >= moment and self.is_open(opening, zone, is_holiday):
                        return opening
        raise NeverOpen(f"no open day within a year of {first.isoformat()}")

    def _openings(self, day: date, zone: ZoneInfo) -> list[datetime]:
        """The moments of ``day`` at which the wall clock may enter the hours, in UTC and in order.

        Where the clock is put back it enters them twice; where it is put over the opening, at the change.
        """
        begins, ends = (_midnight(day + timedelta(days=ahead), zone) for ahead in (0, 1))
        opening = datetime.combine(day, self.opens, zone)
        found = {opening.replace(fold=fold).astimezone(UTC) for fold in (0, 1)}
        if _offset(begins, zone) != _offset(ends, zone):
            found.add(_change(begins, ends, zone))
        return sorted(found)

    def _open_on(self, day: date, is_holiday: IsHoliday) -> bool:
        return day.weekday() in self.weekdays and (self.holidays or not is_holiday(day))


def closing_time(written: str) -> time:
    """Read "HH:MM", or "24:00" for the end of the day. Raises ValueError for anything else."""
    read = time.max if written == _MIDNIGHT else time.fromisoformat(written)
    if read.tzinfo is not None:
        raise ValueError(f"an hour of the wall clock has no zone: {written}")
    return read


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone).astimezone(UTC)


def _offset(moment: datetime, zone: ZoneInfo) -> timedelta | None:
    return moment.astimezone(zone).utcoffset()


def _change(before: datetime, after: datetime, zone: ZoneInfo) -> datetime:
    """Return the moment, on a full second, at which the clock of ``zone`` is changed between two moments."""
    offset = _offset(before, zone)
    while after - before > timedelta(seconds=1):
        middle = before + (after - before) / 2
        if _offset(middle, zone) == offset:
            before = middle
        else:
            after = middle
    return after.replace(microsecond=0)


def minutes_between(opens: time, closes: time) -> int:
    """Return how many minutes a window is open on a day of 24 hours, rounded up."""
    return 60 * (closes.hour - opens.hour) + closes.minute - opens.minute + (closes == time.max)
