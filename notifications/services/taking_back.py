"""What nobody wants to send any more is taken out of the queue by whoever asked for it."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select

from foundation.database import db
from notifications import outbox
from notifications.models import OutboxMessage


def take_back(
    subject_keys: Collection[str], purposes: Collection[str], code: str, now: datetime, *, wait: bool
) -> set[str]:
    """Suppress what is queued about these subjects, for the reason ``code``; return the subjects it was about.

    A message that was taken up already goes out. ``wait`` is for whoever holds nothing locked yet, or senders only:
    messages come before what hangs on them. Whoever holds an invitation does not wait: what the dispatcher is taking
    up in this instant it finds out about itself (signals.about_to_leave).
    """
    if not subject_keys:
        return set()
    queued = select(OutboxMessage.id).where(
        OutboxMessage.subject_key.in_(subject_keys),
        OutboxMessage.state == "queued",
        OutboxMessage.purpose.in_(purposes),
    )
    if not wait:
        queued = queued.order_by(OutboxMessage.id).with_for_update(skip_locked=True, key_share=True)
    ids = db.session.scalars(queued).all()
    rises = [outbox.Rise(message_id, "suppressed", now, code=code, only_from="queued") for message_id in sorted(ids)]
    return {change.subject_key for change in outbox.advance_many(rises, source="outbox")} if rises else set()
