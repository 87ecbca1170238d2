"""A message that has not gone out is taken back: by a person, or because what it says is out of date."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select

from foundation.database import db
from notifications import outbox
from notifications.errors import NotificationRefused
from notifications.models import OutboxMessage

CANCELLED = "cancelled-by-hand"
OUT_OF_DATE = "out-of-date"


def cancel(message_id: int, reason: str, now: datetime, actor_id: int) -> OutboxMessage:
    """Hold a waiting message back for good, by ``actor_id`` and for ``reason``; it stays in the log.

    Raises NotificationRefused when it is no longer waiting: what was taken up may have left.
    """
    moved = outbox.advance(
        message_id, "suppressed", now, source="person", code=CANCELLED, only_from="queued", record=False
    )
    if not moved:
        raise NotificationRefused("not-waiting", message_id=message_id)
    message = db.session.get_one(OutboxMessage, message_id)
    outbox.note(message, "suppressed", now, source="person", code=CANCELLED, actor_id=actor_id, note=reason)
    return message


def withdraw(business_keys: Collection[str], now: datetime) -> int:
    """Hold back for good those of the messages that still wait to go out; return how many.

    Never waits for anybody: what the dispatcher is just taking up leaves.
    """
    waiting = select(OutboxMessage.id).where(
        OutboxMessage.business_key.in_(business_keys), OutboxMessage.state == "queued"
    )
    ids = db.session.scalars(waiting.order_by(OutboxMessage.id).with_for_update(skip_locked=True)).all()
    rises = [outbox.Rise(message_id, "suppressed", now, code=OUT_OF_DATE, only_from="queued") for message_id in ids]
    return len(outbox.advance_many(rises, source="outbox")) if rises else 0
