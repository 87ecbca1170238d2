"""Job rows as a worker takes, keeps and leaves them."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, or_, select, update

from foundation.database import db, reading
from foundation.jobs.models import Job
from foundation.jobs.states import State
from foundation.jobs.storage.queues import queue
from foundation.jobs.storage.statements import hurriedly, patience


def job_is_due(now: datetime) -> bool:
    """Return whether there is something to claim; reads only."""
    with reading():
        return db.session.scalar(select(Job.id).where(_due(now)).limit(1)) is not None


def overdue(now: datetime, limit: int) -> list[int]:
    """Return the ids of jobs that could run since ``now`` or longer, those that wait longest first; reads only."""
    with reading():
        return list(db.session.scalars(_longest(now).limit(limit)))


def claim(owner: str, now: datetime, job_id: int | None = None) -> Job | None:
    """Take the job that has waited longest, or ``job_id`` if it is due, for the job lease; return it detached."""
    one = _longest(now) if job_id is None else _longest(now).where(Job.id == job_id)
    job = db.session.scalar(
        update(Job)
        .where(Job.id == one.limit(1).with_for_update(skip_locked=True).scalar_subquery())
        .values(
            state=State.RUNNING,
            attempt=Job.attempt + 1,
            lease_owner=owner,
            lease_until=now + patience().job_lease,
            started_at=now,
            progress=None,
        )
        .returning(Job)
        .execution_options(synchronize_session=False, populate_existing=True)
    )
    if job is not None:
        db.session.flush()
        db.session.expunge(job)
    db.session.commit()
    return job


def announce_later(job_id: int, now: datetime) -> None:
    """Have a job looked at again when it may be claimed at the earliest; nothing when it is over."""
    with reading():
        row = db.session.execute(select(Job.state, Job.not_before, Job.lease_until).where(Job.id == job_id)).first()
    if row is not None and row.state in {State.QUEUED, State.RUNNING}:
        until = row.lease_until if row.state == State.RUNNING else row.not_before
        queue().defer(job_id, max(until - now, timedelta(seconds=1)))
        db.session.commit()


def renew(owner: str, now: datetime) -> None:
    """Lengthen the claims of a living worker."""
    until = now + patience().job_lease
    db.session.execute(update(Job).where(*_held_by(owner)).values(lease_until=until))
    db.session.commit()


def hand_back(owner: str, now: datetime) -> None:
    """Let others have, at once and from the same attempt, what a worker that stops could not end."""
    back = {"state": State.QUEUED, "lease_owner": None, "lease_until": None, "not_before": now}
    hurriedly(update(Job).where(*_held_by(owner)).values(attempt=Job.attempt - 1, **back))


def finish(job_id: int, owner: str, now: datetime) -> bool:
    """Mark a job done in the transaction of its work; False if another worker has taken it over. Does not commit.

    The row stays, so that the same work is not asked for again; what was asked, perhaps in somebody's own words, goes.
    """
    return _end(job_id, owner, state=State.DONE, finished_at=now, last_error=None, payload={})


def put_back(job_id: int, owner: str, error: str, now: datetime, wait: timedelta) -> None:
    """Let a job that failed wait for another try."""
    if _end(job_id, owner, state=State.QUEUED, not_before=now + wait, last_error=error):
        queue().defer(job_id, wait)
    db.session.commit()


def give_up(job_id: int, owner: str, error: str, now: datetime) -> None:
    """Leave a job that keeps failing to a person."""
    _end(job_id, owner, state=State.FAILED, finished_at=now, last_error=error)
    db.session.commit()


def write_progress(job_id: int, progress: dict[str, Any]) -> bool:
    """Write how far a job is, apart from its transaction; False when the database is held just now.

    On SQLite a job that is writing holds the one write lock itself: it is heard
    between two of its transactions, or while it only reads.
    """
    return hurriedly(update(Job).where(Job.id == job_id).values(progress=progress))


def _held_by(owner: str) -> tuple[Any, ...]:
    return Job.state == State.RUNNING, Job.lease_owner == owner


def _end(job_id: int, owner: str, **values: Any) -> bool:
    ended = db.session.execute(
        update(Job)
        .where(Job.id == job_id, *_held_by(owner))
        .values(lease_owner=None, lease_until=None, **values)
        .execution_options(synchronize_session=False)
    )
    return bool(ended.rowcount)


def _longest(now: datetime) -> Any:
    return select(Job.id).where(_due(now)).order_by(Job.not_before, Job.id)


def _due(now: datetime) -> Any:
    waiting = and_(Job.state == State.QUEUED, Job.not_before <= now)
    return or_(waiting, and_(Job.state == State.RUNNING, Job.lease_until <= now))
