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


def start_from(setting: str) -> None:
    """Set the clock as SATISFECIT_CLOCK says: ``MOMENT`` now, or ``MOMENT@SECONDS`` at that Unix time.

    With the second form web and worker, started one after the other, share one clock. Raises ValueError for
    anything else, and for a moment without zone.
    """
    written, _, begun = setting.partition("@")
    moment = datetime.fromisoformat(written)
    if moment.tzinfo is None:
        raise ValueError(f"{written} has no zone")
    passed = datetime.now(UTC).timestamp() - float(begun) if begun else 0.0
    start_at(moment + timedelta(seconds=passed))


def stopwatch() -> float:
    """Return seconds from an arbitrary start, for measuring how long something took."""
    return time.perf_counter()
