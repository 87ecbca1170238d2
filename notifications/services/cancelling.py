"""A person takes back a message that has not gone out."""

from datetime import datetime

from foundation.database import db
from notifications import outbox
from notifications.errors import NotificationRefused
from notifications.models import OutboxMessage

CANCELLED = "cancelled-by-hand"


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
