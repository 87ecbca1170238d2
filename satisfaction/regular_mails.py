"""When the mails about the figures go out: each Monday, or the first of the month, at an hour the reader reads."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

WEEK, PACK = KINDS = ("week", "pack")
WEEKLY, MONTHLY = RHYTHMS = ("weekly", "monthly")
#: Who gets their week unless they say otherwise.
BY_DEFAULT = frozenset({"quality", "manager"})
#: What could not be sent for so long is no news any more.
STALE = timedelta(days=2)


def last_slot(rhythm: str, zone: str, hour: int, now: datetime) -> datetime:
    """The last Monday, or first Monday of a month, up to ``now``, at ``hour`` in ``zone``; in UTC."""
    today = now.astimezone(ZoneInfo(zone)).date()
    for back in range(40):
        day = today - timedelta(days=back)
        slot = datetime.combine(day, time(hour), ZoneInfo(zone)).astimezone(UTC)
        if day.weekday() == 0 and slot <= now and (rhythm == WEEKLY or day.day <= 7):
            return slot
    raise AssertionError("forty days hold a first Monday")


def due_slot(rhythm: str, zone: str, hour: int, since: datetime, now: datetime) -> datetime | None:
    """The slot whose mail may go out now; None where it is stale, or from before it was wanted."""
    slot = last_slot(rhythm, zone, hour, now)
    return slot if since <= slot and now - slot < STALE else None


def key_of(kind: str, user_id: int, principal_id: int, slot: datetime) -> str:
    """The one mail of this kind to somebody for this slot, however often it is asked for."""
    return f"{kind}:{user_id}:{principal_id}:{slot:%Y-%m-%d}"
