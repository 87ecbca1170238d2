"""Who sends, and how fast each may."""

from collections.abc import Collection
from datetime import datetime
from typing import cast

from flask import current_app
from sqlalchemy import Table, select, tuple_

from foundation.database import db, insert_if_absent
from notifications.errors import NotificationRefused
from notifications.models import Sender

FASTEST = 10_000.0
_SENDERS = cast(Table, Sender.__table__)


def ensure_senders(keys: Collection[tuple[str, str]], now: datetime) -> None:
    """Let each (channel, sender) have its row, without which nothing of it goes out."""
    known = select(_SENDERS.c.channel, _SENDERS.c.sender)
    known = known.where(tuple_(_SENDERS.c.channel, _SENDERS.c.sender).in_(list(keys)))
    missing = set(keys) - {(row.channel, row.sender) for row in db.session.execute(known)}
    values = [
        {"channel": channel, "sender": sender, "rate": default_rate(channel), "tokens": 0.0}
        for channel, sender in sorted(missing)
    ]
    insert_if_absent(Sender, values, ["channel", "sender"])


def default_rate(channel: str) -> float | None:
    """Return the parts per second of a sender whose rate nobody set; None: unlimited."""
    rate: float | None = current_app.config["SMS_RATE"] if channel == "sms" else None
    return rate


def set_rate(sender_id: int, parts_per_second: float | None, now: datetime, actor_id: int) -> Sender:
    """Let a sender send so many parts each second, None as many as the provider takes; from now on, in every process.

    Raises NotificationRefused for a rate that is not above 0 or is more than 10,000.
    """
    if parts_per_second is not None and not 0 < parts_per_second <= FASTEST:
        raise NotificationRefused("bad-rate", rate=parts_per_second)
    sender = db.session.get_one(Sender, sender_id, with_for_update=True)
    sender.rate, sender.rate_set_at, sender.rate_set_by = parts_per_second, now, actor_id
    db.session.flush()
    return sender
