"""What may be asked about work behind the page."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from foundation.database import db
from foundation.jobs.models import Job, Lease, Schedule
from foundation.jobs.states import STATES, State
from foundation.jobs.storage import LEADER


@dataclass(frozen=True)
class JobStatus:
    """How far one job is, for a page; ``percent`` is None until it has reported."""

    id: int
    kind: str
    state: str
    attempt: int
    not_before: datetime
    last_error: str | None
    done: int | None
    total: int | None
    created_at: datetime
    finished_at: datetime | None

    @property
    def is_pending(self) -> bool:
        return self.state in {State.QUEUED, State.RUNNING}

    @property
    def percent(self) -> int | None:
        return round(100 * self.done / self.total) if self.total and self.done is not None else None


@dataclass(frozen=True)
class WorkerHealth:
    """When the leading worker last said that it lives; all None when there is none."""

    owner: str | None = None
    renewed_at: datetime | None = None
    until: datetime | None = None

    def lives(self, now: datetime) -> bool:
        return self.until is not None and now < self.until


def job_status(kind: str, key: str) -> JobStatus | None:
    """Return how far the job of that kind and key is, or None if nobody asked for it."""
    job = db.session.scalar(select(Job).where(Job.kind == kind, Job.key == key))
    return None if job is None else status_of(job)


def status_of(job: Job) -> JobStatus:
    """Return what a page says about ``job``."""
    progress = job.progress or {}
    return JobStatus(
        id=job.id,
        kind=job.kind,
        state=job.state,
        attempt=job.attempt,
        not_before=job.not_before,
        last_error=job.last_error,
        done=progress.get("done"),
        total=progress.get("total"),
        created_at=job.created_at,
        finished_at=job.finished_at,
    )


def job_counts() -> dict[str, int]:
    """Return how many jobs there are in each state, zeros included."""
    rows = db.session.execute(select(Job.state, func.count()).group_by(Job.state))
    return dict.fromkeys(STATES, 0) | {row[0]: row[1] for row in rows}


def jobs_in(state: str, limit: int = 50) -> list[JobStatus]:
    """Return jobs in a state: those done latest first, the others in the order they will run."""
    order = [Job.finished_at.desc()] if state in {State.DONE, State.FAILED} else [Job.not_before]
    rows = db.session.scalars(select(Job).where(Job.state == state).order_by(*order, Job.id).limit(limit))
    return [status_of(job) for job in rows]


def overdue_since(now: datetime) -> datetime | None:
    """Return since when the longest-waiting job that could run has been waiting, or None."""
    return db.session.scalar(select(func.min(Job.not_before)).where(Job.state == State.QUEUED, Job.not_before <= now))


def schedule_rows() -> list[Schedule]:
    """Return what happens by itself, by name."""
    return list(db.session.scalars(select(Schedule).order_by(Schedule.name)))


def worker_health() -> WorkerHealth:
    """Return the heartbeat of the leading worker."""
    lease = db.session.get(Lease, LEADER, populate_existing=True)
    return WorkerHealth() if lease is None else WorkerHealth(lease.owner, lease.renewed_at, lease.until)
