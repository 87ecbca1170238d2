"""What keeps the outbox honest when something was interrupted."""

from datetime import datetime

from sqlalchemy import select

from foundation.database import db, reading
from notifications import outbox
from notifications.dispatcher import receipts, reconciling
from notifications.dispatcher.senders import look_after_senders
from notifications.models import OutboxMessage
from notifications.providers import Post
from notifications.retries import Rules


def sweep(post: Post, now: datetime, rules: Rules) -> None:
    """Settle what ran out of time, apply late news and look up what is in doubt; commits."""
    look_after_senders()
    reconciling.doubt_expired_leases(post, now)
    _expire(now)
    while receipts.apply_waiting(now):
        db.session.commit()
    db.session.commit()
    reconciling.reconcile(post, now, rules)
    reconciling.ask_after(post, now, rules)


def _expire(now: datetime) -> None:
    late = (OutboxMessage.state == "queued", OutboxMessage.expires_at <= now)
    with reading():
        ids = list(db.session.scalars(select(OutboxMessage.id).where(*late).order_by(OutboxMessage.id).limit(500)))
    outbox.together([outbox.Rise(id_, "expired", now, only_from="queued") for id_ in ids], outbox.advance_many)
    db.session.commit()
