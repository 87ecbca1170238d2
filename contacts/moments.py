"""Dates and times as logs write them, made into moments of UTC."""

import re
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

DATE_ORDERS = ("day-first", "month-first")

# Either side of the date and the time; a date alone is not a moment.
ISO_DATE = re.compile(r"(?P<year>\d{4})[-/.](?P<month>\d{1,2})[-/.](?P<day>\d{1,2})")
COMPACT_DATE = re.compile(r"(?P<year>\d{4})(?P<month>\d{2})(?P<day>\d{2})")
SHORT_DATE = re.compile(r"(?P<first>\d{1,2})[-/.](?P<second>\d{1,2})[-/.](?P<year>\d{4}|\d{2})(?!\d)")
TIME = re.compile(
    r"(?P<hour>\d{1,2})\s*[:hH]\s*(?P<minute>\d{2})(?::(?P<second>\d{2})(?:[.,](?P<fraction>\d{1,9}))?)?"
    r"\s*(?P<half>[AaPp]\.?[Mm]\.?)?"
    r"\s*(?P<offset>Z|z|UTC|GMT|[+-]\d{2}:?\d{2}|[+-]\d{2})?"
)
PLAIN_ISO = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}[ T][0-9]{2}:[0-9]{2}(?::[0-9]{2})?")
# Some logs write 9999-12-31 for "never", which is no moment, and no zone could be held against it.
FIRST_YEAR, LAST_YEAR = 1990, 2999


class BadMoment(Exception):
    """A text that is no moment; ``code`` says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def zone_named(name: str) -> ZoneInfo | None:
    """The time zone called ``name`` ("Europe/Paris"), or None if there is no such zone."""
    try:
        return ZoneInfo(name) if re.fullmatch(r"[A-Za-z0-9_+/-]{1,60}", name) else None
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def moment(text: str, date_order: str, zone: ZoneInfo | None) -> tuple[datetime, bool]:
    """The moment ``text`` names, in UTC, and whether the clock showed that time twice.

    ISO dates are understood always; ``date_order`` decides between 3/4 and 4/3. ``zone`` is
    used where the text has no offset. An hour that was shown twice, when summer time ends, is
    read as the first. Raises BadMoment with ``time-missing``, ``date-unreadable``,
    ``zone-missing`` or ``time-skipped`` (the clock never showed it: summer time began).
    """
    naive, offset = _iso(text) or _parts(text.strip(), date_order)
    if not FIRST_YEAR <= naive.year <= LAST_YEAR:
        raise BadMoment("date-unreadable")
    if offset is not None:
        return (naive - offset).replace(tzinfo=UTC), False
    if zone is None:
        raise BadMoment("zone-missing")
    return _in_zone(naive, zone)


def has_offset(text: str) -> bool:
    """True if ``text`` itself says how far its time is from UTC."""
    found = TIME.search(_after_date(text.strip()))
    return bool(found and found["offset"])


def _iso(text: str) -> tuple[datetime, None] | None:
    """The parts of ``2026-10-05 09:12:58``, which most logs write; None for anything else."""
    if PLAIN_ISO.fullmatch(text) is None:
        return None
    try:
        return datetime.fromisoformat(text), None
    except ValueError:
        return None  # such as the 31st of April: told by who reads the parts


@lru_cache(maxsize=4096)
def _steady_offset(day: date, zone: ZoneInfo) -> timedelta | None:
    """How far all of a day is from UTC in ``zone``; None on days when clocks are changed."""
    # A change is at least an hour away from the one before, and none lasts less than a day.
    hours = (datetime.combine(day, time(), zone) + timedelta(hours=hour) for hour in (-2, 6, 12, 18, 26))
    offsets = {hour.utcoffset() for hour in hours}
    return offsets.pop() if len(offsets) == 1 else None


def _in_zone(naive: datetime, zone: ZoneInfo) -> tuple[datetime, bool]:
    offset = _steady_offset(naive.date(), zone)
    if offset is not None:
        return (naive - offset).replace(tzinfo=UTC), False
    first = naive.replace(tzinfo=zone, fold=0).astimezone(UTC)
    second = naive.replace(tzinfo=zone, fold=1).astimezone(UTC)
    if first.astimezone(zone).replace(tzinfo=None) != naive:
        raise BadMoment("time-skipped")
    return first, first != second


def _after_date(text: str) -> str:
    found = ISO_DATE.match(text) or SHORT_DATE.match(text) or COMPACT_DATE.match(text)
    return text[found.end() :] if found else ""


def _parts(text: str, date_order: str) -> tuple[datetime, timedelta | None]:
    year, month, day = _date(text, date_order)
    rest = _after_date(text).lstrip(" \tT,à")
    if not rest:
        raise BadMoment("time-missing")
    time = TIME.fullmatch(rest)
    if time is None:
        raise BadMoment("date-unreadable")
    micro = int((time["fraction"] or "0")[:6].ljust(6, "0"))
    try:
        naive = datetime(year, month, day, _hour(time), int(time["minute"]), int(time["second"] or 0), micro)
    except ValueError:
        raise BadMoment("date-unreadable") from None
    return naive, _offset(time["offset"])


def _date(text: str, date_order: str) -> tuple[int, int, int]:
    found = ISO_DATE.match(text) or COMPACT_DATE.match(text)
    if found:
        return int(found["year"]), int(found["month"]), int(found["day"])
    found = SHORT_DATE.match(text)
    if found is None:
        raise BadMoment("date-unreadable")
    first, second, year = int(found["first"]), int(found["second"]), int(found["year"])
    year += 2000 if year < 100 else 0
    return (year, second, first) if date_order == "day-first" else (year, first, second)


def _hour(time: re.Match[str]) -> int:
    hour, half = int(time["hour"]), (time["half"] or "")[:1].lower()
    if not half:
        return hour
    if not 1 <= hour <= 12:
        raise BadMoment("date-unreadable")
    return hour % 12 + (12 if half == "p" else 0)


def _offset(written: str | None) -> timedelta | None:
    if written is None:
        return None
    if written[0] not in "+-":
        return timedelta(0)
    digits = written[1:].replace(":", "").ljust(4, "0")
    hours, minutes = int(digits[:2]), int(digits[2:])
    if hours > 14 or minutes > 59:
        raise BadMoment("date-unreadable")
    size = timedelta(hours=hours, minutes=minutes)
    return -size if written[0] == "-" else size
