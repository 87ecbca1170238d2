"""A provider's news: stored first, applied once, whatever the order it comes in."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, or_, select, update

from foundation.database import db, insert_if_absent, reading
from notifications import outbox
from notifications.models import OutboxEvent, OutboxMessage
from notifications.outbox import Rise
from notifications.outbox.rows import EVENTS, MESSAGES
from notifications.providers import STOP
from notifications.services import stop_sender
from notifications.states import UNKNOWN
from notifications.twilio_codes import kind_of

AT_ONCE = 200
# News may overtake our own record of the send; after so long it is about nothing of ours.
ORPHAN_AFTER = timedelta(hours=1)
_APPLIED = (
    update(EVENTS)
    .where(EVENTS.c.id == bindparam("event_id"))
    .values(message_id=bindparam("about"), applied_at=bindparam("now"))
)


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
        # What we have no word for is kept, and there is nothing to apply.
        "applied_at": now if state == UNKNOWN else None,
    }
    return bool(insert_if_absent(OutboxEvent, [values], ["key"]))


def apply_waiting(now: datetime) -> int:
    """Apply what is stored and not applied yet, oldest first; return how many. The caller commits."""
    with reading():
        ids = list(db.session.scalars(_waiting().limit(AT_ONCE)))
    if not ids:
        return 0
    # Locked in order, so that a webhook and the sweeper never apply the same news twice or wait in a ring.
    news = db.session.execute(_waiting().where(EVENTS.c.id.in_(ids)).with_for_update(skip_locked=True)).all()
    known = _messages_of(news)
    _give_up([piece for piece in news if _key(piece, known) is None and piece.at <= now - ORPHAN_AFTER], now)
    about_ours = [(piece, known[key]) for piece in news if (key := _key(piece, known)) is not None]
    # A stop goes alone: it locks messages and invitations of its own, which those of others must not stand between.
    stops = [one for one in about_ours if one[0].code and kind_of(one[0].code) == STOP]
    some = [one for one in about_ours if one not in stops] or stops[:1]
    failed = outbox.together(some, lambda some: _apply(some, now))
    return len(some) - len(failed)


def _waiting() -> Any:
    """What is about a message of ours comes before what may never be."""
    columns = (EVENTS.c.id, EVENTS.c.state, EVENTS.c.at, EVENTS.c.code, EVENTS.c.provider_id, EVENTS.c.public_id)
    waiting = select(*columns).where(EVENTS.c.applied_at.is_(None))
    return waiting.order_by(EVENTS.c.message_id.is_(None), EVENTS.c.id)


def _messages_of(news: Sequence[Any]) -> dict[str, Any]:
    """Return the messages that ``news`` is about, by the provider's id and by our own."""
    theirs = [piece.provider_id for piece in news if piece.provider_id]
    ours = [piece.public_id for piece in news if piece.public_id]
    columns = (MESSAGES.c.id, MESSAGES.c.provider_id, MESSAGES.c.public_id, MESSAGES.c.recipient, MESSAGES.c.sender)
    same = MESSAGES.c.provider_id.in_(theirs) | MESSAGES.c.public_id.in_(ours)
    found = db.session.execute(select(*columns).where(same)).all() if theirs or ours else []
    return {row.public_id: row for row in found} | {row.provider_id: row for row in found if row.provider_id}


def _key(piece: Any, known: dict[str, Any]) -> str | None:
    return next((key for key in (piece.provider_id, piece.public_id) if key in known), None)


def _give_up(orphans: Sequence[Any], now: datetime) -> None:
    ids = [piece.id for piece in orphans]
    if ids:
        db.session.execute(update(EVENTS).where(EVENTS.c.id.in_(ids)).values(applied_at=now))


def _apply(some: Sequence[tuple[Any, Any]], now: datetime) -> None:
    rises = [
        Rise(message.id, piece.state, piece.at, piece.code, piece.provider_id, record=False) for piece, message in some
    ]
    applied = [{"event_id": piece.id, "about": message.id, "now": now} for piece, message in some]
    for piece, message in some:
        if piece.code and kind_of(piece.code) == STOP:
            stop_sender(message.recipient, message.sender, "provider", piece.at)
    outbox.advance_many(rises, source="provider")
    db.session.execute(_APPLIED, applied)


def _message_of(provider_id: str | None, public_id: str | None) -> OutboxMessage | None:
    same = [OutboxMessage.provider_id == provider_id]
    if public_id:
        same.append(OutboxMessage.public_id == public_id)
    return db.session.scalars(select(OutboxMessage).where(or_(*same)).limit(1)).first()
