"""Queueing messages in the caller's transaction, and a person's word on one in doubt."""

import secrets
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any

from sqlalchemy import bindparam, literal_column, select
from sqlalchemy.dialects import postgresql, sqlite

from foundation.database import UTCDateTime, db
from foundation.jobs.services import wake
from foundation.many import Columns, ForRows, any_of
from notifications import outbox, queries
from notifications.asking import NewMessage, checked_parts
from notifications.errors import NotificationRefused
from notifications.keys import hash_of
from notifications.models import OutboxMessage
from notifications.outbox.rows import MESSAGES
from notifications.queries.threads import answered_mail
from notifications.rounds import DISPATCH, key_of
from notifications.services.senders import ensure_senders
from notifications.states import RANKS, STOPPABLE

AT_ONCE = 500
# What a row brings along; the rest is alike in all that are asked for at once, and stands in the statement.
_GIVEN = {
    name: MESSAGES.c[name].type
    for name in (
        "public_id", "business_key", "subject_key", "channel", "purpose", "message_class", "principal_id", "site_id",
        "recipient", "recipient_hash", "sender", "subject", "body", "html", "brand", "in_reply_to", "secrets",
        "language", "text_id", "parts", "zone", "region", "window", "not_before", "held", "expires_at", "priority",
    )
}  # fmt: skip
_FRESH = {
    "state": literal_column("'queued'"),
    "created_at": bindparam("now", type_=UTCDateTime),
    "changed_at": bindparam("now", type_=UTCDateTime),
} | {
    name: literal_column(str(value))
    for name, value in {"rank": RANKS["queued"], "resend": 0, "attempt": 0, "looks": 0}.items()
}
_STORED = (MESSAGES.c.id, MESSAGES.c.business_key, MESSAGES.c.public_id, MESSAGES.c.state)


def _insert(dialect: str, given: Columns) -> Any:
    # SQLite takes ON CONFLICT for part of a join unless a WHERE stands before it.
    rows = select(*given.values(), *_FRESH.values()).where(literal_column("1 = 1"))
    insert = (postgresql if dialect == "postgresql" else sqlite).insert(MESSAGES)
    statement = insert.from_select([*given, *_FRESH], rows, include_defaults=False)
    return statement.on_conflict_do_nothing(index_elements=["business_key"]).returning(*_STORED)


_INSERT = ForRows(_GIVEN, "business_key", _insert)
_BY_KEY = select(*_STORED).where(any_of(MESSAGES.c.business_key, "keys"))


@dataclass(frozen=True, slots=True)
class Queued:
    """The row of a message that was asked for: ``is_new`` unless it had been asked for before."""

    message_id: int
    business_key: str
    state: str
    is_new: bool


def enqueue(*, now: datetime, **facts: Any) -> OutboxMessage:
    """Write one message, frozen as it is, in the caller's transaction; return its row.

    The keywords are those of ``NewMessage``. Idempotent by ``business_key``: asking again
    returns the first row, unchanged. An e-mail about a ``subject_key`` answers the last mail we
    got from the recipient about it. A recipient who opted out gets a row that says so and
    is never sent. Raises NotificationRefused for an empty or overlong text or an unknown kind.
    """
    (queued,) = enqueue_many([facts], now)
    return db.session.get_one(OutboxMessage, queued.message_id)


def enqueue_many(rows: Iterable[Mapping[str, Any]], now: datetime) -> list[Queued]:
    """Write many messages as ``enqueue`` does each, a few statements for 500; return what became of them, in order.

    Each row has the keywords of ``NewMessage``. Raises NotificationRefused for the first
    that cannot be sent; the caller's transaction decides what is kept of those before it.
    """
    queued: list[Queued] = []
    iterator, moments = iter(rows), outbox.Moments()
    while some := [NewMessage(**row) for row in islice(iterator, AT_ONCE)]:
        queued += _enqueue_some(some, now, moments)
    return queued


def _enqueue_some(some: Sequence[NewMessage], now: datetime, moments: outbox.Moments) -> Iterator[Queued]:
    values = [_values(new, now, moments) for new in some]
    ensure_senders({(new.channel, new.sender) for new in some}, now)
    db.session.flush()
    stored = _stored(values, now)
    ours = {row["public_id"] for row in values}
    fresh = [(new, row.id) for new in some if (row := stored[new.business_key]).public_id in ours]
    outbox.keep_alike([message_id for _new, message_id in fresh], "queued", now, "outbox")
    ended = dict.fromkeys(_suppress(fresh, now), "suppressed")
    ended |= dict.fromkeys(_expire(fresh, values, ended, now), "expired")
    for sender in {(new.channel, new.sender) for new, _id in fresh}:
        wake(DISPATCH, key_of(*sender))
    for row, new in zip(values, some, strict=True):
        found = stored[new.business_key]
        state = ended.get(found.id, found.state)
        yield Queued(found.id, new.business_key, state, found.public_id == row["public_id"])


def _stored(values: Sequence[dict[str, Any]], now: datetime) -> dict[str, Any]:
    """Write the rows whose key is not known yet; return the row of each key, which may be an older one."""
    stored = {row.business_key: row for row in _INSERT.execute(values, now=now)}
    if known := {row["business_key"] for row in values} - stored.keys():
        stored |= {row.business_key: row for row in db.session.execute(_BY_KEY, {"keys": known})}
    return stored


def _suppress(fresh: Sequence[tuple[NewMessage, int]], now: datetime) -> set[int]:
    """Suppress those whose recipient has opted out; return their ids."""
    reaches: dict[tuple[int | None, str], list[tuple[NewMessage, int]]] = {}
    for one in fresh:
        reaches.setdefault((one[0].principal_id, one[0].purpose), []).append(one)
    stopped: set[int] = set()
    for (principal_id, purpose), alike in reaches.items():
        out = queries.opted_out([new.recipient for new, _ in alike], principal_id, purpose)
        stopped |= {message_id for new, message_id in alike if new.recipient in out}
    rises = [outbox.Rise(message_id, "suppressed", now, code="opted-out") for message_id in sorted(stopped)]
    outbox.advance_many(rises, source="outbox")
    return stopped


def _expire(
    fresh: Sequence[tuple[NewMessage, int]], values: Sequence[dict[str, Any]], ended: Collection[int], now: datetime
) -> set[int]:
    """Say at once of those whose window opens too late for them that they will never go out; return their ids."""
    opens = {row["business_key"]: row["not_before"] for row in values}
    late = {
        message_id
        for new, message_id in fresh
        if new.window and new.expires_at and opens[new.business_key] >= new.expires_at and message_id not in ended
    }
    rises = [outbox.Rise(message_id, "expired", now, code="window-after-expiry") for message_id in sorted(late)]
    outbox.advance_many(rises, source="outbox")
    return late


def _values(new: NewMessage, now: datetime, moments: outbox.Moments) -> dict[str, Any]:
    return {
        "public_id": secrets.token_hex(16),
        "business_key": new.business_key,
        "subject_key": new.subject_key,
        "channel": new.channel,
        "purpose": new.purpose,
        "message_class": new.message_class,
        "principal_id": new.principal_id,
        "site_id": new.site_id,
        "recipient": new.recipient,
        "recipient_hash": hash_of(new.recipient),
        "sender": new.sender,
        "subject": new.subject,
        "body": new.body,
        "html": new.html,
        "brand": new.brand,
        "in_reply_to": _answered(new),
        "secrets": list(new.secrets),
        "language": new.language,
        "text_id": new.text_id,
        "parts": checked_parts(new),
        "zone": new.zone,
        "region": new.region,
        **_due(new, now, moments),
        "expires_at": new.expires_at,
        "priority": new.priority,
    }


def _answered(new: NewMessage) -> str | None:
    """The mail of theirs that an e-mail answers; an invitation answers none."""
    if new.channel != "email" or new.purpose in STOPPABLE:
        return None
    return answered_mail(new.subject_key, new.recipient)


def _due(new: NewMessage, now: datetime, moments: outbox.Moments) -> dict[str, Any]:
    """When the message may go out, and what holds it back until then."""
    document = new.window_document()
    asked = max(now, new.not_before) if new.not_before else now
    lawful = moments.lawful(document, new.zone, new.region, asked)
    held = "window" if lawful > asked else ("asked" if asked > now else None)
    return {"window": document, "not_before": lawful, "held": held}


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
