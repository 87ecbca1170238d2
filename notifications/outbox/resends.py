"""Once more, later: what the network could not deliver for now goes out as a new row; the old one stays as it ended."""

import secrets
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, select

from foundation.database import db, insert_if_absent
from foundation.timing.calendars import CalendarExhausted
from notifications.models import OutboxMessage
from notifications.outbox.moments import lawful_moment
from notifications.outbox.rows import EVENTS, MESSAGES, keep_events
from notifications.providers import TEMPORARY
from notifications.signals import Change
from notifications.states import RANKS, RESENT, UNDELIVERED
from notifications.twilio_codes import kind_of

#: How long after it failed the same message goes again, and so how often at most.
WAITS = (timedelta(minutes=10), timedelta(hours=2))
_WHOLE = select(MESSAGES).where(MESSAGES.c.id.in_(bindparam("ids", expanding=True))).order_by(MESSAGES.c.id)
_FRESH = {
    "state": "queued", "rank": RANKS["queued"], "attempt": 0, "looks": 0, "held": "resend", "lease_owner": None,
    "lease_until": None, "claimed_at": None, "look_at": None, "provider_id": None, "last_error": None, "sent_at": None,
}  # fmt: skip


def send_again(changes: Sequence[tuple[int, Change]]) -> None:
    """Queue once more what did not arrive for a reason that passes; each comes with how often it went before."""
    lost = {change.message_id: change.at for resend, change in changes if resend < len(WAITS) and _may_pass(change)}
    if not lost:
        return
    rows = db.session.execute(_WHOLE, {"ids": list(lost)}).all()
    copies = [copy for row in rows if (copy := _copy(row, lost[row.id])) is not None]
    fresh = insert_if_absent(OutboxMessage, copies, ["business_key"])
    now = max(lost.values())
    keep_events(
        {"message_id": id_, "state": "queued", "at": now, "source": "outbox", "code": "resend"} for id_ in fresh
    )


def arrived_late(rows: Iterable[Any]) -> set[int]:
    """Return the ids of those attempts of which the provider says by now that an earlier one arrived after all."""
    earlier = {key: row.id for row in rows if row.resend for key in _earlier_keys(row)}
    if not earlier:
        return set()
    told = select(MESSAGES.c.business_key).join(EVENTS, EVENTS.c.message_id == MESSAGES.c.id)
    told = told.where(MESSAGES.c.business_key.in_(list(earlier)), EVENTS.c.state == "delivered")
    return {earlier[key] for key in db.session.scalars(told)}


def _earlier_keys(row: Any) -> list[str]:
    first = row.business_key.rpartition(":resend:")[0]
    return [first, *(f"{first}:resend:{number}" for number in range(1, row.resend))]


def _may_pass(change: Change) -> bool:
    """Whether these words matter enough to go again, and the reason they did not arrive may be gone by then."""
    if change.channel != "sms" or change.purpose not in RESENT or change.state not in UNDELIVERED:
        return False
    return change.code is not None and kind_of(change.code) == TEMPORARY


def _copy(row: Any, failed_at: datetime) -> dict[str, Any] | None:
    """Return the row of the next attempt, or None where its time would be over, or its person is erased."""
    due = _lawful(row, failed_at + WAITS[row.resend])
    if row.expires_at is not None and row.expires_at <= due:
        return None
    if row.erased_at is not None:
        return None
    copied = {name: value for name, value in row._mapping.items() if name != "id"}
    first = row.business_key.rpartition(":resend:")[0] if row.resend else row.business_key
    return copied | _FRESH | {
        "public_id": secrets.token_hex(16),
        "business_key": f"{first}:resend:{row.resend + 1}",
        "resend": row.resend + 1,
        "not_before": due,
        "created_at": failed_at,
        "changed_at": failed_at,
    }  # fmt: skip


def _lawful(row: Any, moment: datetime) -> datetime:
    try:
        return lawful_moment(row.window, row.zone, row.region, moment)
    except CalendarExhausted:
        return moment  # it is looked at again when it is claimed
