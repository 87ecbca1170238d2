"""The only reader of the time."""

import time
from datetime import UTC, datetime, timedelta

_offset = timedelta()


def utc_now() -> datetime:
    """Return the present moment, in UTC; shifted where a demo or a test has set the clock."""
    return datetime.now(UTC) + _offset


def start_at(moment: datetime | None) -> None:
    """Make the clock run on from ``moment`` (aware); ``None`` sets it right again."""
    global _offset
    _offset = timedelta() if moment is None else moment - datetime.now(UTC)


def stopwatch() -> float:
    """Return seconds from an arbitrary start, for measuring how long something took."""
    return time.perf_counter()
