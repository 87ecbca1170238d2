"""The rows of a population, and the hash that fixes them when a period is closed."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True)
class FrameRow:
    """One contact of a population, and whether there is an address to ask at.

    ``has_phone`` means: a number that takes SMS.
    """

    contact_id: int
    public_id: str
    customer_id: int | None
    principal_id: int
    site_id: int
    site_key: str
    channel: str
    direction: str
    started_at: datetime
    reason: str
    agent: str
    outcome: str
    language: str
    has_phone: bool
    has_email: bool
    entry_point: str
    reason_group: str
    reason_leaf: str
    facts: dict[str, Any]


def canonical(row: FrameRow) -> str:
    """One line of JSON with what was true of the contact itself.

    Neither the customer's addresses nor free facts are in it: they may be erased, and the
    hash of the period must still come out the same.
    """
    said = {
        "channel": row.channel,
        "direction": row.direction,
        "language": row.language,
        "outcome": row.outcome,
        "public_id": row.public_id,
        "reason": row.reason,
        "site": row.site_key,
        "started_at": row.started_at.astimezone(UTC).isoformat(timespec="microseconds"),
    }
    return json.dumps(said, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def frame_hash(rows: Iterable[FrameRow]) -> tuple[str, int]:
    """SHA-256 (hexadecimal) over the canonical lines, each ended by a line feed, and their number.

    ``rows`` must come in the order of their public ids.
    """
    digest, count = hashlib.sha256(), 0
    for row in rows:
        digest.update(canonical(row).encode() + b"\n")
        count += 1
    return digest.hexdigest(), count


def span(first_day: date, last_day: date, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """The moments, in UTC, at which ``first_day`` begins and the day after ``last_day`` begins in ``zone``."""
    return _midnight(first_day, zone), _midnight(last_day + timedelta(days=1), zone)


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time.min, zone).astimezone(UTC)


class BadPeriod(Exception):
    """A text that names no span of days."""

    code = "period-unreadable"


def days_of(text: str) -> tuple[date, date]:
    """First and last day, both inclusive, of ``YYYY-MM`` or ``FROM/TO``. Raises BadPeriod."""
    try:
        if "/" in text:
            first, last = (date.fromisoformat(part.strip()) for part in text.split("/"))
        else:
            first = date.fromisoformat(f"{text.strip()}-01")
            last = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    except ValueError:
        raise BadPeriod(text) from None
    if last < first:
        raise BadPeriod(text)
    return first, last


def whole_months(first_day: date, last_day: date, today: date) -> list[tuple[date, date]]:
    """First and last day of each month from that of ``first_day`` to that of ``last_day`` that is over ``today``."""
    months = []
    start = first_day.replace(day=1)
    while start <= last_day:
        following = (start + timedelta(days=31)).replace(day=1)
        months.append((start, following - timedelta(days=1)))
        start = following
    return [(start, end) for start, end in months if end < today]
