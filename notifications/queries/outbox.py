"""What the operator's pages show of the outbox, narrowed to what somebody may see."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, func, select

from foundation.accounts.queries import scoped
from foundation.accounts.scope import Scope
from foundation.database import db
from notifications.keys import hash_of
from notifications.models import OutboxEvent, OutboxMessage, Sender
from notifications.searching import candidates
from notifications.states import FAILURES, UNCERTAIN, UNDERWAY

PAGE = 50
#: The filters of the list, each a few states.
GROUPS: dict[str, tuple[str, ...]] = {
    "waiting": ("queued", "claimed"),
    "underway": UNDERWAY,
    "arrived": ("delivered",),
    "failed": FAILURES,
    "doubt": UNCERTAIN,
    "withheld": ("suppressed", "expired"),
}


@dataclass(frozen=True)
class Backlog:
    """What could go out now and has not: how many, and since when the oldest waits."""

    count: int
    oldest: datetime | None


def counts_by_state(scope: Scope) -> dict[str, dict[str, int]]:
    """Return how many messages are in each state, by state and channel."""
    counted = select(OutboxMessage.state, OutboxMessage.channel, func.count())
    counted = counted.group_by(OutboxMessage.state, OutboxMessage.channel)
    found: dict[str, dict[str, int]] = {}
    for state, channel, count in db.session.execute(_seen(counted, scope)):
        found.setdefault(state, {})[channel] = count
    return found


def backlog(scope: Scope, now: datetime) -> Backlog:
    """Return what is due and not yet taken up."""
    due = select(func.count(), func.min(OutboxMessage.not_before)).where(
        OutboxMessage.state == "queued", OutboxMessage.not_before <= now
    )
    count, oldest = db.session.execute(_seen(due, scope)).one()
    return Backlog(count, oldest)


def held_back(scope: Scope, now: datetime) -> list[tuple[str | None, int, datetime]]:
    """Return (why, how many, the next moment one of them goes) of what waits for its moment, the soonest first."""
    soonest = func.min(OutboxMessage.not_before)
    held = select(OutboxMessage.held, func.count(), soonest).where(
        OutboxMessage.state == "queued", OutboxMessage.not_before > now
    )
    rows = db.session.execute(_seen(held, scope).group_by(OutboxMessage.held).order_by(soonest))
    return [(why, count, first) for why, count, first in rows]


def reasons(scope: Scope, now: datetime, days: int = 30) -> list[tuple[str, str | None, int]]:
    """Return (state, code, how many) of what did not arrive in the last ``days``, the most frequent first."""
    ended = select(OutboxMessage.state, OutboxMessage.last_error, func.count()).where(
        OutboxMessage.state.in_([*FAILURES, "suppressed", "expired"]),
        OutboxMessage.changed_at > now - timedelta(days=days),
    )
    rows = db.session.execute(_seen(ended, scope).group_by(OutboxMessage.state, OutboxMessage.last_error))
    return sorted(((state, code, count) for state, code, count in rows), key=lambda row: (-row[2], row[0]))


def pauses(now: datetime) -> list[Sender]:
    """Return the senders that wait, because their provider asked for it or cannot be reached."""
    waiting = select(Sender).where(Sender.paused_until > now)
    return list(db.session.scalars(waiting.order_by(Sender.channel, Sender.sender)))


def messages(
    scope: Scope, group: str | None = None, recipient_hash: str | None = None, before: int | None = None
) -> list[OutboxMessage]:
    """Return the last messages, the newest first, one more than a page holds where there are more."""
    conditions: list[ColumnElement[bool]] = []
    if group is not None:
        conditions.append(OutboxMessage.state.in_(GROUPS[group]))
    if recipient_hash is not None:
        conditions.append(OutboxMessage.recipient_hash == recipient_hash)
    if before is not None:
        conditions.append(OutboxMessage.id < before)
    found = select(OutboxMessage).where(*conditions).order_by(OutboxMessage.id.desc()).limit(PAGE + 1)
    return list(db.session.scalars(_seen(found, scope)))


def message(scope: Scope, message_id: int) -> OutboxMessage | None:
    """Return one message that ``scope`` may see."""
    return db.session.scalars(_seen(select(OutboxMessage).where(OutboxMessage.id == message_id), scope)).first()


def events(message_id: int) -> list[OutboxEvent]:
    """Return everything that was done or said about a message, in order."""
    kept = select(OutboxEvent).where(OutboxEvent.message_id == message_id)
    return list(db.session.scalars(kept.order_by(OutboxEvent.at, OutboxEvent.id)))


def find_recipient(scope: Scope, text: str) -> str | None:
    """Return the hash of the recipient somebody typed, if a message went there; however the number is written."""
    hashes = [hash_of(candidate) for candidate in candidates(text)]
    found = select(OutboxMessage.recipient_hash).where(OutboxMessage.recipient_hash.in_(hashes)).limit(1)
    return db.session.scalar(_seen(found, scope))


def _seen(statement: Any, scope: Scope) -> Any:
    return scoped(statement, scope, principal=OutboxMessage.principal_id, site=OutboxMessage.site_id)
