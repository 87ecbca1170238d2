"""The queue of messages from people that no rule knows what to do with."""

from datetime import datetime

from sqlalchemy import update

from foundation.database import db
from notifications.errors import NotificationRefused
from notifications.models import InboundMessage


def mark_handled(message_id: int, note: str, now: datetime, actor_id: int) -> None:
    """Record that a person dealt with an incoming message, and how.

    Raises NotificationRefused when someone else already did: the first note stays.
    """
    handled = db.session.execute(
        update(InboundMessage)
        .where(InboundMessage.id == message_id, InboundMessage.handled_at.is_(None))
        .values(handled_at=now, handled_by=actor_id, note=note.strip() or None)
    )
    if not handled.rowcount:
        raise NotificationRefused("already-handled", message_id=message_id)
