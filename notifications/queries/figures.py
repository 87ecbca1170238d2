"""What waits, what went out lately and what did not, in figures; each can be listed by ``queries.outbox.messages``."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import func, select

from foundation.accounts.scope import Scope
from foundation.database import db
from notifications.listing import LANES
from notifications.models import OutboxMessage
from notifications.queries.outbox import asked_between, is_state, seen
from notifications.states import FAILURES, STATES, UNCERTAIN

WITHHELD = ("suppressed", "expired")


@dataclass(frozen=True)
class Waiting:
    """What could go out now and has not, of one lane and channel: how many, and since when the oldest is due."""

    lane: str
    channel: str
    count: int
    oldest: datetime


@dataclass(frozen=True)
class Held:
    """What waits for its moment, by what holds it: how many, and when the first of them goes."""

    why: str
    count: int
    soonest: datetime


@dataclass(frozen=True)
class Ended:
    """What did not arrive, by state and code of the reason."""

    state: str
    code: str | None
    count: int


@dataclass(frozen=True)
class Rate:
    """What one sender sent in the last minute and the last hour, in messages and in parts."""

    channel: str
    sender: str
    minute_messages: int
    minute_parts: int
    hour_messages: int
    hour_parts: int


def backlog(scope: Scope, now: datetime) -> list[Waiting]:
    """Return what is due and not yet taken up, by lane and channel; those without anything due are left out."""
    lane, channel = OutboxMessage.priority, OutboxMessage.channel
    due = select(lane, channel, func.count(), func.min(OutboxMessage.not_before))
    due = due.where(is_state("queued"), OutboxMessage.not_before <= now).group_by(lane, channel)
    rows = db.session.execute(seen(due, scope).order_by(lane, channel.desc()))
    return [Waiting(LANES[lane], channel, count, oldest) for lane, channel, count, oldest in rows]


def held_back(scope: Scope, now: datetime) -> list[Held]:
    """Return what waits for its moment, by what holds it, the soonest first."""
    soonest = func.min(OutboxMessage.not_before)
    held = select(OutboxMessage.held, func.count(), soonest).where(is_state("queued"), OutboxMessage.not_before > now)
    rows = db.session.execute(seen(held, scope).group_by(OutboxMessage.held).order_by(soonest))
    return [Held(why or "asked", count, first) for why, count, first in rows]


def in_state(scope: Scope, state: str) -> int:
    """Return how many messages are in one state, however old."""
    counted = select(func.count()).select_from(OutboxMessage).where(is_state(state))
    return db.session.scalar(seen(counted, scope)) or 0


def counts_by_state(
    scope: Scope, first_day: date, last_day: date | None = None, principal_id: int | None = None
) -> dict[str, dict[str, int]]:
    """Return where what was asked for on the days is now: how many, by state (in their order) and channel."""
    counted = select(OutboxMessage.state, OutboxMessage.channel, func.count())
    # All states, spelt out: so the days are looked up within each, and not all there is gone through to group it.
    counted = counted.where(OutboxMessage.state.in_(STATES), *asked_between(first_day, last_day))
    if principal_id is not None:
        counted = counted.where(OutboxMessage.principal_id == principal_id)
    found: dict[str, dict[str, int]] = {}
    for state, channel, count in db.session.execute(
        seen(counted.group_by(OutboxMessage.state, OutboxMessage.channel), scope)
    ):
        found.setdefault(state, {})[channel] = count
    return {state: found[state] for state in STATES if state in found}


def reasons(scope: Scope, first_day: date) -> list[Ended]:
    """Return why what was asked for since ``first_day`` did not arrive or was not sent, the most frequent first."""
    ended = select(OutboxMessage.state, OutboxMessage.last_error, func.count()).where(
        OutboxMessage.state.in_((*FAILURES, *WITHHELD)), *asked_between(first_day, None)
    )
    rows = db.session.execute(seen(ended, scope).group_by(OutboxMessage.state, OutboxMessage.last_error))
    return sorted((Ended(*row) for row in rows), key=lambda row: (-row.count, row.state, row.code or ""))


def in_doubt(scope: Scope) -> dict[str, int]:
    """Return how many may or may not have been sent: those being looked up, and those a person must find out."""
    return {state: in_state(scope, state) for state in UNCERTAIN}


def rates(scope: Scope, now: datetime) -> list[Rate]:
    """Return what each sender handed over in the last minute and hour; those that were silent are left out."""
    lately = OutboxMessage.sent_at > now - timedelta(minutes=1)
    columns = (
        func.count().filter(lately),
        func.coalesce(func.sum(OutboxMessage.parts).filter(lately), 0),
        func.count(),
        func.sum(OutboxMessage.parts),
    )
    handed = select(OutboxMessage.channel, OutboxMessage.sender, *columns)
    handed = handed.where(OutboxMessage.sent_at > now - timedelta(hours=1), OutboxMessage.sent_at <= now)
    rows = db.session.execute(seen(handed, scope).group_by(OutboxMessage.channel, OutboxMessage.sender))
    return sorted((Rate(*row) for row in rows), key=lambda rate: (rate.channel, rate.sender))
