"""A provider's news: stored first, applied once, whatever the order it comes in."""

from datetime import datetime, timedelta
from functools import partial
from typing import Any

from sqlalchemy import or_, select

from foundation.database import db, insert_if_absent, reading
from notifications import outbox
from notifications.models import OutboxEvent, OutboxMessage
from notifications.providers import STOP
from notifications.services import stop_sender
from notifications.twilio_codes import kind_of

AT_ONCE = 200
# News may overtake our own record of the send; after so long it is about nothing of ours.
ORPHAN_AFTER = timedelta(hours=1)


def store(provider_id: str, state: str, now: datetime, code: str | None = None, public_id: str | None = None) -> bool:
    """Keep one piece of news; return whether it is new. The caller commits, then applies."""
    message = _message_of(provider_id, public_id)
    values = {
        "message_id": message.id if message else None,
        "source": "provider",
        "state": state,
        "code": code,
        "provider_id": provider_id,
        "public_id": public_id,
        "key": f"{provider_id}:{state}:{code or ''}",
        "at": now,
    }
    return bool(insert_if_absent(OutboxEvent, [values], ["key"]))


def apply_waiting(now: datetime) -> int:
    """Apply what is stored and not applied yet, oldest first; return how many. The caller commits."""
    with reading():
        ids = list(db.session.scalars(_waiting().limit(AT_ONCE)))
    if not ids:
        return 0
    # Locked in order, so that a webhook and the sweeper never apply the same news twice or wait in a ring.
    locked = _waiting().where(OutboxEvent.id.in_(ids)).with_for_update(skip_locked=True)
    events = db.session.scalars(select(OutboxEvent).where(OutboxEvent.id.in_(list(db.session.scalars(locked)))))
    # Messages in order of id, as everywhere, so that two transactions never wait for each other.
    in_order = sorted(events, key=lambda event: (event.message_id or 0, event.id))
    return sum(outbox.apart(event.message_id, partial(_apply, event, now)) for event in in_order)


def _waiting() -> Any:
    """What is about a message of ours comes before what may never be."""
    waiting = select(OutboxEvent.id).where(OutboxEvent.applied_at.is_(None))
    return waiting.order_by(OutboxEvent.message_id.is_(None), OutboxEvent.id)


def _apply(event: OutboxEvent, now: datetime) -> None:
    message = _message_of(event.provider_id, event.public_id)
    if message is None:
        if event.at <= now - ORPHAN_AFTER:
            event.applied_at = now
        return
    event.message_id, event.applied_at = message.id, now
    outbox.advance(message.id, event.state, event.at, code=event.code, provider_id=event.provider_id, record=False)
    if event.code is not None and kind_of(event.code) == STOP:
        stop_sender(message.recipient, message.sender, "provider", event.at)


def _message_of(provider_id: str | None, public_id: str | None) -> OutboxMessage | None:
    same = [OutboxMessage.provider_id == provider_id]
    if public_id:
        same.append(OutboxMessage.public_id == public_id)
    return db.session.scalars(select(OutboxMessage).where(or_(*same)).limit(1)).first()
