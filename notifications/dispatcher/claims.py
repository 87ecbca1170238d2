"""Taking a lease on what is due, and a last look at whether it may still go out."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from sqlalchemy import CTE, Select, exists, select, update

from foundation.database import db, reading
from foundation.jobs.services import wake
from foundation.timing.calendars import CalendarExhausted
from notifications import outbox, queries
from notifications.keys import thread_of
from notifications.models import OutboxMessage, Sender
from notifications.providers import Outgoing, Post
from notifications.retries import Rules
from notifications.rounds import DISPATCH, key_of
from notifications.services import opt_out_link
from notifications.states import RANKS


@dataclass(frozen=True)
class Claimed:
    """A message that this owner alone may send, until its lease ends."""

    id: int
    channel: str
    attempt: int
    lease_until: datetime
    outgoing: Outgoing


def something_is_due(channels: list[str], now: datetime, only: tuple[str, str] | None = None) -> bool:
    """Whether a claim would find anything; takes no lock."""
    with reading():
        return bool(db.session.scalar(select(exists(_due(channels, now, only)))))


def claim(
    post: Post, owner: str, now: datetime, rules: Rules, only: tuple[str, str] | None = None
) -> list[Claimed] | None:
    """Lease a batch and commit; None when nothing was due.

    The list lacks those that may not go out any more (opted out, expired, outside
    their hours), so it may be empty while more is due.
    """
    until = now + rules.lease
    ids = db.session.scalars(_lease(_batch(list(post.providers), now, rules.batch, only), owner, now, until)).all()
    if not ids:
        db.session.rollback()
        return None
    messages = db.session.scalars(
        select(OutboxMessage)
        .where(OutboxMessage.id.in_(ids))
        .order_by(OutboxMessage.priority, OutboxMessage.not_before, OutboxMessage.id)
    ).all()
    outbox.keep_events(
        {"message_id": message.id, "state": "claimed", "at": now, "source": "dispatcher"} for message in messages
    )
    if len(ids) == rules.batch:
        # There is more: whoever is free begins with it while this batch is on its way.
        wake(DISPATCH, key_of(*only) if only else "")
    stopped = _stopped(messages)
    claimed = [_claimed(message, post, until, now) for message in messages if _may_go(message, stopped, owner, now)]
    db.session.commit()
    return claimed


def outgoing(message: OutboxMessage, unsubscribe_url: str | None = None) -> Outgoing:
    """Return the message as a provider needs it."""
    return Outgoing(
        public_id=message.public_id,
        recipient=message.recipient,
        sender=message.sender,
        subject=message.subject,
        body=message.body,
        html=message.html,
        language=message.language,
        created_at=message.created_at,
        expires_at=message.expires_at,
        unsubscribe_url=unsubscribe_url,
        purpose=message.purpose,
        brand=message.brand,
        in_reply_to=message.in_reply_to,
        thread=thread_of(message.subject_key) if message.channel == "email" else "",
    )


def _due(channels: list[str], now: datetime, only: tuple[str, str] | None) -> Select[tuple[int]]:
    same = (Sender.channel == OutboxMessage.channel, Sender.sender == OutboxMessage.sender)
    due = select(OutboxMessage.id).where(
        OutboxMessage.state == "queued",
        OutboxMessage.not_before <= now,
        OutboxMessage.channel.in_(channels),
        ~exists().where(*same, Sender.paused_until > now),
    )
    return due if only is None else due.where(OutboxMessage.channel == only[0], OutboxMessage.sender == only[1])


def _batch(channels: list[str], now: datetime, size: int, only: tuple[str, str] | None) -> CTE:
    in_order = _due(channels, now, only).order_by(OutboxMessage.priority, OutboxMessage.not_before, OutboxMessage.id)
    # A common table expression, so that PostgreSQL takes the limit once and no more.
    return in_order.limit(size).with_for_update(skip_locked=True).cte("batch")


def _lease(batch: CTE, owner: str, now: datetime, until: datetime) -> Any:
    return (
        update(OutboxMessage)
        .where(OutboxMessage.id.in_(select(batch.c.id)), OutboxMessage.state == "queued")
        .values(
            state="claimed", rank=RANKS["claimed"], lease_owner=owner, lease_until=until, claimed_at=now,
            changed_at=now, held=None, attempt=OutboxMessage.attempt + 1,
        )
        .returning(OutboxMessage.id)
        .execution_options(synchronize_session=False)
    )  # fmt: skip


def _stopped(messages: Sequence[OutboxMessage]) -> set[int]:
    """Return the ids of those whose recipient has opted out meanwhile."""
    kinds: dict[tuple[int | None, str], list[OutboxMessage]] = {}
    for message in messages:
        kinds.setdefault((message.principal_id, message.purpose), []).append(message)
    stopped: set[int] = set()
    for (principal_id, purpose), alike in kinds.items():
        out = queries.opted_out([message.recipient for message in alike], principal_id, purpose)
        stopped |= {message.id for message in alike if message.recipient in out}
    return stopped


def _may_go(message: OutboxMessage, stopped: set[int], owner: str, now: datetime) -> bool:
    """Settle a claimed message that may not go out now; return whether it may."""
    settle = _settling(message, stopped, owner, now)
    if settle is not None:
        # Apart: what breaks here must not keep all others from going out.
        outbox.apart(message.id, settle)
    return settle is None


def _settling(message: OutboxMessage, stopped: set[int], owner: str, now: datetime) -> Callable[[], bool] | None:
    if message.expires_at is not None and message.expires_at <= now:
        return partial(outbox.advance, message.id, "expired", now)
    if message.id in stopped:
        return partial(outbox.advance, message.id, "suppressed", now, code="opted-out")
    lawful, held = _lawful(message, now)
    if lawful <= now:
        return None
    back = partial(outbox.requeue, message.id, now, only_from="claimed", owner=owner, uncounted=True)
    return partial(back, not_before=lawful, held=held)


def _lawful(message: OutboxMessage, now: datetime) -> tuple[datetime, str]:
    try:
        return outbox.lawful_moment(message.window, message.zone, message.region, now), "window"
    except CalendarExhausted:
        # Rather late than on a holiday nobody told us of; the page says so.
        return now + timedelta(hours=6), "calendar"


def _claimed(message: OutboxMessage, post: Post, until: datetime, now: datetime) -> Claimed:
    link = None
    if message.channel == "email" and message.purpose in ("survey", "reminder"):
        link = opt_out_link(
            message.recipient, message.principal_id, now, public_url=post.public_url, language=message.language
        )
    return Claimed(message.id, message.channel, message.attempt, until, outgoing(message, link))
