"""Whether messages go out as they should; read anew each time, so that it needs no worker to be known."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select

from foundation.database import db
from foundation.jobs.queries import overdue_since, worker_health
from notifications.models import InboundMessage, OutboxMessage, Sender

#: Due for so long and not gone, or paused for so long, or unrouted: somebody should look.
TOO_LONG = timedelta(minutes=10)
SILENT_AFTER = timedelta(minutes=1)
CODES = ("waiting", "needs_person", "paused", "silent", "unrouted")


@dataclass(frozen=True)
class Trouble:
    """Something that keeps messages from going out or coming in: how many, and since when."""

    code: str
    count: int
    since: datetime


def troubles(now: datetime) -> list[Trouble]:
    """Return what is wrong at ``now``, in the order of CODES; nothing when all is well."""
    found = (_waiting(now), _needs_person(), _paused(now), _silent(now), _unrouted(now))
    return [trouble for trouble in found if trouble is not None]


def _waiting(now: datetime) -> Trouble | None:
    """Due for too long. A long bulk that moves is no trouble: only what a channel has not touched meanwhile."""
    moving = select(OutboxMessage.channel).where(OutboxMessage.sent_at > now - TOO_LONG).distinct()
    late = (OutboxMessage.state == "queued", OutboxMessage.not_before <= now - TOO_LONG)
    # What a person waits for is never behind a bulk: it is late even while the channel moves.
    stuck = (OutboxMessage.priority == 0) | OutboxMessage.channel.not_in(moving)
    return _trouble("waiting", func.min(OutboxMessage.not_before), *late, stuck)


def _needs_person() -> Trouble | None:
    return _trouble("needs_person", func.min(OutboxMessage.changed_at), OutboxMessage.state == "needs_human")


def _paused(now: datetime) -> Trouble | None:
    held = (Sender.paused_until > now, Sender.paused_since <= now - TOO_LONG)
    return _trouble("paused", func.min(Sender.paused_since), *held)


def _unrouted(now: datetime) -> Trouble | None:
    waiting = (InboundMessage.routed_at.is_(None), InboundMessage.received_at <= now - TOO_LONG)
    return _trouble("unrouted", func.min(InboundMessage.received_at), *waiting)


def _silent(now: datetime) -> Trouble | None:
    """A worker that died without a word, or none at all while a job has long been due."""
    health = worker_health()
    if health.until is not None and health.renewed_at is not None:
        return Trouble("silent", 1, health.renewed_at) if health.until <= now - SILENT_AFTER else None
    overdue = overdue_since(now)
    return Trouble("silent", 1, overdue) if overdue and overdue <= now - TOO_LONG else None


def _trouble(code: str, since: Any, *conditions: Any) -> Trouble | None:
    count, first = db.session.execute(select(func.count(), since).where(*conditions)).one()
    return Trouble(code, count, first) if count else None
