"""When a file may be taken, and when one that should have come is missing."""

import re
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

#: How long a file must have kept its size and date since it was first seen so. Its date alone never speaks for it:
#: who copies may keep the date of the original, and half a file then looks old at first sight.
STEADY = timedelta(seconds=20)
HOUR = re.compile(r"([01]\d|2[0-3]):[0-5]\d")
DAYS = re.compile(r"[1-7]{1,7}")


def is_steady(seen_at: datetime, now: datetime) -> bool:
    """Whether a file that looks as it did at ``seen_at`` is whole."""
    return now - seen_at >= STEADY


def missing_since(
    expected_at: str, expected_days: str, zone: str, watched_from: datetime, last_file: datetime | None, now: datetime
) -> datetime | None:
    """The moment by which a file should have come that has not, in UTC; None where none is missing.

    ``expected_at`` is a time of day in ``zone`` ("06:00"; empty: none is expected), ``expected_days`` its days (1 is
    Monday). The file of a day may come from 24 hours before that time on.
    """
    due = _latest_due(expected_at, expected_days, ZoneInfo(zone), now) if expected_at else None
    if due is None or due < watched_from:
        return None
    return due if last_file is None or last_file < due - timedelta(days=1) else None


def _latest_due(expected_at: str, expected_days: str, zone: ZoneInfo, now: datetime) -> datetime | None:
    today = now.astimezone(zone).date()
    days: list[date] = [today - timedelta(days=back) for back in range(8)]
    moments = (
        datetime.combine(day, time.fromisoformat(expected_at), zone).astimezone(UTC)
        for day in days
        if str(day.isoweekday()) in expected_days
    )
    return next((moment for moment in moments if moment <= now), None)
