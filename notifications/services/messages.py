"""Queueing a message in the caller's transaction, and a person's word on one in doubt."""

import secrets as random
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select

from foundation.database import db, insert_if_absent
from notifications import outbox, queries
from notifications.errors import NotificationRefused
from notifications.keys import hash_of
from notifications.models import OutboxMessage
from notifications.queries.threads import answered_mail
from notifications.segments import cost
from notifications.states import CHANNELS, CLASSES, PURPOSES, RANKS
from notifications.windows import Window

# What the provider takes at most in one message; more would be cut or go out as several.
LONGEST_SMS = 1600
MOST_PARTS = 10


def enqueue(
    *,
    channel: str,
    recipient: str,
    body: str,
    purpose: str,
    business_key: str,
    now: datetime,
    principal_id: int | None = None,
    site_id: int | None = None,
    subject: str = "",
    html: str | None = None,
    brand: str = "",
    sender: str = "",
    subject_key: str = "",
    language: str = "fr",
    zone: str = "Europe/Paris",
    region: str = "metropole",
    not_before: datetime | None = None,
    expires_at: datetime | None = None,
    priority: int = 1,
    window: Window | Mapping[str, Any] | None = None,
    message_class: str = "relation",
    secrets: Sequence[str] = (),
) -> OutboxMessage:
    """Write one message, frozen as it is, in the caller's transaction; return its row.

    Idempotent by ``business_key``: asking again returns the first row, unchanged.
    ``priority`` 0 goes before 1. ``window`` None lets it go out at any hour; else
    it waits for the next lawful moment in ``zone`` and ``region``. ``secrets`` are
    words of the body to be masked, like the tokens of its links, once the message
    is final. An e-mail about a ``subject_key`` answers the last mail we got from the recipient
    about it. A recipient who opted out gets a row that says so and is never sent.
    Raises NotificationRefused for an empty or overlong text or an unknown kind.
    """
    _check(channel, purpose, message_class, recipient, body)
    due = _due(window, zone, region, max(now, not_before) if not_before else now, now)
    values = {
        "public_id": random.token_hex(16),
        "business_key": business_key,
        "subject_key": subject_key,
        "channel": channel,
        "purpose": purpose,
        "message_class": message_class,
        "principal_id": principal_id,
        "site_id": site_id,
        "recipient": recipient,
        "recipient_hash": hash_of(recipient),
        "sender": sender,
        "subject": subject,
        "body": body,
        "html": html,
        "brand": brand,
        "in_reply_to": answered_mail(subject_key, recipient) if channel == "email" else None,
        "secrets": list(secrets),
        "language": language,
        "parts": cost(body).parts if channel == "sms" else 1,
        "zone": zone,
        "region": region,
        **due,
        "expires_at": expires_at,
        "priority": priority,
        **_queued(now),
    }
    inserted = insert_if_absent(OutboxMessage, [values], ["business_key"])
    message = db.session.scalars(select(OutboxMessage).filter_by(business_key=business_key)).one()
    if inserted:
        outbox.note(message, "queued", now, source="outbox")
        if queries.opted_out([recipient], principal_id, purpose):
            outbox.advance(message.id, "suppressed", now, source="outbox", code="opted-out")
    return message


def _due(
    window: Window | Mapping[str, Any] | None, zone: str, region: str, asked: datetime, now: datetime
) -> dict[str, Any]:
    """When the message may go out, and what holds it back until then."""
    document = window.document() if isinstance(window, Window) else (dict(window) if window is not None else None)
    lawful = outbox.lawful_moment(document, zone, region, asked)
    held = "window" if lawful > asked else ("asked" if asked > now else None)
    return {"window": document, "not_before": lawful, "held": held}


def _queued(now: datetime) -> dict[str, Any]:
    """The state every message begins in."""
    return {
        "state": "queued",
        "rank": RANKS["queued"],
        "attempt": 0,
        "looks": 0,
        "created_at": now,
        "changed_at": now,
    }


def decide_by_hand(message_id: int, sent: bool, now: datetime, actor_id: int) -> OutboxMessage:
    """Settle a message that only a person can: they looked it up, and it was sent or it was not.

    Not sent puts it back in the queue. Raises NotificationRefused unless it needs a person.
    """
    if sent:
        moved = outbox.advance(message_id, "sent", now, source="person", actor_id=actor_id, only_from="needs_human")
    else:
        moved = outbox.requeue(message_id, now, only_from="needs_human", source="person", actor_id=actor_id)
    if not moved:
        raise NotificationRefused("not-for-a-person", message_id=message_id)
    return db.session.get_one(OutboxMessage, message_id)


def _check(channel: str, purpose: str, message_class: str, recipient: str, body: str) -> None:
    for code, value, known in (
        ("unknown-channel", channel, CHANNELS),
        ("unknown-purpose", purpose, PURPOSES),
        ("unknown-class", message_class, CLASSES),
    ):
        if value not in known:
            raise NotificationRefused(code, value=value)
    if not recipient or not body.strip():
        raise NotificationRefused("empty")
    if channel == "sms" and (len(body) > LONGEST_SMS or cost(body).parts > MOST_PARTS):
        raise NotificationRefused("too-long", parts=cost(body).parts, characters=len(body))
