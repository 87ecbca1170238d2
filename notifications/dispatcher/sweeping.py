"""What keeps the outbox honest when something was interrupted."""

from datetime import datetime
from functools import partial

from sqlalchemy import select

from foundation.database import db, reading
from notifications import outbox
from notifications.dispatcher import receipts, reconciling
from notifications.models import OutboxMessage
from notifications.providers import Post
from notifications.retries import Rules


def sweep(post: Post, now: datetime, rules: Rules) -> None:
    """Settle what ran out of time, apply late news and look up what is in doubt; commits."""
    reconciling.doubt_expired_leases(post, now)
    _expire(now)
    receipts.apply_waiting(now)
    db.session.commit()
    reconciling.reconcile(post, now, rules)
    reconciling.ask_after(post, now, rules)


def _expire(now: datetime) -> None:
    late = (OutboxMessage.state == "queued", OutboxMessage.expires_at <= now)
    with reading():
        ids = list(db.session.scalars(select(OutboxMessage.id).where(*late).order_by(OutboxMessage.id).limit(500)))
    for message_id in ids:
        outbox.apart(message_id, partial(outbox.advance, message_id, "expired", now, only_from="queued"))
    db.session.commit()
