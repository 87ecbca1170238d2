"""Finding out at the provider what became of messages in doubt; nothing is ever sent again on a guess."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from sqlalchemy import select, update

from foundation.database import db, reading
from foundation.web.clock import utc_now
from notifications import outbox
from notifications.dispatcher.claims import outgoing
from notifications.models import OutboxMessage
from notifications.providers import Found, Post, Provider, Unreachable
from notifications.retries import Rules, wait_after
from notifications.states import UNDERWAY

AT_ONCE = 20
# Clocks differ: what the provider lists may seem older than our claim. Not to find it would be to send it twice;
# to look too far back is harmless, as what is known to be another message of ours is left out.
_CLOCKS = timedelta(hours=2)


def doubt_expired_leases(post: Post, now: datetime) -> int:
    """Put in doubt what somebody claimed and never settled; return how many."""
    expired = (OutboxMessage.state == "claimed", OutboxMessage.lease_until <= now)
    columns = (OutboxMessage.id, OutboxMessage.channel, OutboxMessage.lease_owner)
    with reading():
        rows = db.session.execute(select(*columns).where(*expired).order_by(OutboxMessage.id).limit(500)).all()
    lags = {channel: provider.lag for channel, provider in post.providers.items()}
    # Whoever took a new lease meanwhile is another owner, so nothing is in doubt that is under way.
    doubts = [
        outbox.Doubt(row.id, now, now + lags.get(row.channel, timedelta()), "interrupted", row.lease_owner)
        for row in rows
    ]
    failed = outbox.together(doubts, outbox.doubt_many)
    db.session.commit()
    return len(doubts) - len(failed)


def reconcile(post: Post, now: datetime, rules: Rules) -> int:
    """Look up what is in doubt and due for a look; commits. Return how many were looked at."""
    ids = _take_turns(now, "in_doubt", now + _gap(post))
    for message_id in ids:
        message = db.session.get_one(OutboxMessage, message_id, populate_existing=True)
        provider = post.providers.get(message.channel)
        if message.state == "in_doubt" and provider is not None:
            _settle(message, provider, rules)
        db.session.commit()
    return len(ids)


def ask_after(post: Post, now: datetime, rules: Rules) -> int:
    """Ask what became of messages nobody speaks of; after three days no more is expected. Return how many."""
    ids = _take_turns(now, UNDERWAY, now + rules.ask_every, quiet_since=now - rules.ask_after)
    for message_id in ids:
        message = db.session.get_one(OutboxMessage, message_id, populate_existing=True)
        provider, provider_id, sent_at = post.providers.get(message.channel), message.provider_id, message.sent_at
        db.session.commit()
        found = _fetch(provider, provider_id)
        silent = sent_at is not None and sent_at <= now - rules.silence
        outbox.apart(message_id, partial(_note_answer, message_id, found, silent))
        db.session.commit()
    return len(ids)


def _note_answer(message_id: int, found: Found | None, silent: bool) -> None:
    if found is not None:
        outbox.advance(message_id, found.state, utc_now(), source="provider", code=found.code)
    if silent:
        outbox.advance(message_id, "timed_out", utc_now(), code="no-news")


def _settle(message: OutboxMessage, provider: Provider, rules: Rules) -> None:
    message_id, looks, attempt = message.id, message.looks, message.attempt
    if provider.repeatable:
        # Twice is once for the reader, but not for a server that breaks each time: it waits longer and longer.
        outbox.apart(message_id, partial(_again, message_id, attempt, rules, "repeated", wait_after(attempt)))
        return
    asked = outgoing(message)
    since = (message.claimed_at or message.created_at) - _CLOCKS
    too_old = (message.claimed_at or message.created_at) <= utc_now() - rules.doubt
    db.session.commit()
    try:
        found = _unclaimed(provider.find(asked, since))
    except Unreachable:
        if too_old:
            outbox.give_to_person(message_id, utc_now(), "provider-unreachable")
        return
    outbox.apart(message_id, partial(_conclude, message_id, attempt, found, looks, rules))


def _conclude(message_id: int, attempt: int, found: list[Found], looks: int, rules: Rules) -> None:
    if found:
        hit = min(found, key=lambda one: one.created_at)
        outbox.advance(message_id, hit.state, utc_now(), source="provider", provider_id=hit.provider_id, code=hit.code)
    elif looks + 1 >= rules.looks:
        _again(message_id, attempt, rules, "not-sent")
    else:
        looked = update(OutboxMessage).where(OutboxMessage.id == message_id, OutboxMessage.state == "in_doubt")
        db.session.execute(looked.values(looks=looks + 1), execution_options={"synchronize_session": False})


def _again(message_id: int, attempt: int, rules: Rules, code: str, wait: timedelta = timedelta()) -> None:
    """Put a message back in the queue; what ends in doubt each time is for a person, and never for ever."""
    now = utc_now()
    if attempt >= rules.attempts:
        outbox.give_to_person(message_id, now, "gave-up")
        return
    outbox.requeue(
        message_id, now, only_from="in_doubt", attempt=attempt, not_before=now + wait,
        held="retry" if wait else None, code=code,
    )  # fmt: skip


def _unclaimed(found: Sequence[Found]) -> list[Found]:
    """Leave out what is known to be another message of ours: two messages may have the same words."""
    ids = [one.provider_id for one in found]
    taken = set(db.session.scalars(select(OutboxMessage.provider_id).where(OutboxMessage.provider_id.in_(ids))))
    return [one for one in found if one.provider_id not in taken]


def _take_turns(
    now: datetime, states: str | Sequence[str], again_at: datetime, quiet_since: datetime | None = None
) -> list[int]:
    """Return messages due for a question and say when they are due again, so that no two ask at once; commits."""
    due = (
        OutboxMessage.state.in_([states] if isinstance(states, str) else states),
        (OutboxMessage.look_at <= now) if quiet_since is None else _is_quiet(now, quiet_since),
    )
    with reading():
        ids = list(db.session.scalars(select(OutboxMessage.id).where(*due).order_by(OutboxMessage.id).limit(AT_ONCE)))
    if not ids:
        return []
    # The conditions again, on the row itself: PostgreSQL looks at them anew where it waited for another's turn.
    mine = update(OutboxMessage).where(OutboxMessage.id.in_(ids), *due)
    mine = mine.values(look_at=again_at).returning(OutboxMessage.id)
    taken = sorted(db.session.scalars(mine, execution_options={"synchronize_session": False}))
    db.session.commit()
    return taken


def _is_quiet(now: datetime, quiet_since: datetime) -> Any:
    # An e-mail handed over is never confirmed: nobody can be asked, and silence says nothing.
    handed_over = (OutboxMessage.channel == "email") & (OutboxMessage.state == "sent")
    may_ask = OutboxMessage.look_at.is_(None) | (OutboxMessage.look_at <= now)
    return (OutboxMessage.changed_at <= quiet_since) & may_ask & ~handed_over


def _fetch(provider: Provider | None, provider_id: str | None) -> Found | None:
    if provider is None or provider_id is None:
        return None
    try:
        return provider.fetch(provider_id)
    except Unreachable:
        return None


def _gap(post: Post) -> timedelta:
    return max((provider.lag for provider in post.providers.values()), default=timedelta())
