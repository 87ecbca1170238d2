"""When a message may go out: hours of the day, days of the week and holidays, as the recipient lives them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

IsHoliday = Callable[[date], bool]
# No window leaves a year without one open day; more would be a mistake in it.
_FARTHEST = 366


class NeverOpen(ValueError):
    """A window without any open day within a year."""

    code = "window-never-open"


@dataclass(frozen=True)
class Window:
    """The hours from ``opens`` (inclusive) to ``closes`` (exclusive) on ``weekdays`` (Monday is 0).

    The default is what a person may expect of a survey: 8:00 to 20:00, Monday to
    Saturday, no holidays. A message without a window may go out at any moment.
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
        """Read what ``document()`` wrote; missing keys keep their default."""
        return cls(
            time.fromisoformat(document.get("from", "08:00")),
            time.fromisoformat(document.get("to", "20:00")),
            frozenset(document.get("days", range(6))),
            bool(document.get("holidays", False)),
        )

    def document(self) -> dict[str, Any]:
        """Return the window as plain values for a JSON column."""
        return {
            "from": self.opens.isoformat("minutes"),
            "to": self.closes.isoformat("minutes"),
            "days": sorted(self.weekdays),
            "holidays": self.holidays,
        }

    def next_moment(self, moment: datetime, zone: ZoneInfo, is_holiday: IsHoliday) -> datetime:
        """Return the first lawful moment at or after ``moment``, in UTC; ``moment`` itself when it is one."""
        local = moment.astimezone(zone)
        day = local.date()
        if self._open_on(day, is_holiday) and local.time() < self.closes:
            if local.time() >= self.opens:
                return moment.astimezone(UTC)
        else:
            day = self._open_day_after(day, is_holiday)
        return datetime.combine(day, self.opens, zone).astimezone(UTC)

    def _open_on(self, day: date, is_holiday: IsHoliday) -> bool:
        return day.weekday() in self.weekdays and (self.holidays or not is_holiday(day))

    def _open_day_after(self, day: date, is_holiday: IsHoliday) -> date:
        for _ in range(_FARTHEST):
            day += timedelta(days=1)
            if self._open_on(day, is_holiday):
                return day
        raise NeverOpen(f"no open day within a year of {day.isoformat()}")
