"""Whether what sends the messages is at work."""

from dataclasses import dataclass
from datetime import datetime

from flask import current_app
from sqlalchemy import func, select

from foundation.database import db
from foundation.jobs import queries as jobs
from foundation.jobs.states import State
from notifications.models import InboundMessage, WebhookRefusal
from notifications.queries.webhooks import refusals_since

SWEEP = "notifications.sweep"
_OURS = "notifications."


@dataclass(frozen=True)
class Round:
    """Something of this package that happens by itself: when it last began, and the error it ended with."""

    name: str
    started_at: datetime
    error: str | None


@dataclass(frozen=True)
class Health:
    """The worker, the engine, what they do for messages, and what came in that could not be routed yet."""

    engine: str
    lives: bool
    heard_at: datetime | None
    waiting_since: datetime | None
    jobs_failed: int
    rounds: tuple[Round, ...]
    unrouted: int
    #: Webhooks without a valid signature since midnight, UTC.
    refused_today: int

    @property
    def swept_at(self) -> datetime | None:
        """When the sweep last began; it is noted once a minute."""
        return next((one.started_at for one in self.rounds if one.name == SWEEP), None)

    @property
    def failing(self) -> list[Round]:
        return [one for one in self.rounds if one.error]


def health(now: datetime) -> Health:
    """Return how the machinery is."""
    worker = jobs.worker_health()
    rounds = (Round(row.name, row.started_at, row.last_error) for row in jobs.schedule_rows())
    return Health(
        engine=current_app.config["ENGINE"],
        lives=worker.lives(now),
        heard_at=worker.renewed_at,
        waiting_since=jobs.overdue_since(now),
        jobs_failed=jobs.job_counts()[State.FAILED],
        rounds=tuple(one for one in rounds if one.name.startswith(_OURS)),
        unrouted=db.session.scalar(select(func.count()).where(InboundMessage.routed_at.is_(None))) or 0,
        refused_today=refusals_since(now.date()),
    )


def refused_webhooks() -> dict[str, int]:
    """Return how many webhooks were turned away since counting began, by address."""
    counted = select(WebhookRefusal.path, func.sum(WebhookRefusal.count)).group_by(WebhookRefusal.path)
    return {path: int(count) for path, count in db.session.execute(counted)}
