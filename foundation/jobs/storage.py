"""What the worker reads and writes about jobs, leases and the schedule; each function is one short transaction.

They commit themselves: they are the job runner's own book-keeping, apart from
the work it carries out.
"""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, and_, delete, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import OperationalError

from foundation.database import db, reading
from foundation.jobs.models import Job, Lease, Schedule
from foundation.jobs.states import State

LEADER = "worker"
# The leader renews it several times within this; one that was killed is replaced after it.
LEADER_LEASE = timedelta(seconds=10)
# A job whose worker was killed runs again after this; a living worker renews it.
JOB_LEASE = timedelta(seconds=30)
PATIENCE_MS = 50


def lead(owner: str, now: datetime) -> bool:
    """Take or renew the leader's lease; return whether ``owner`` leads until ``now`` + LEADER_LEASE."""
    values = {"owner": owner, "renewed_at": now, "until": now + LEADER_LEASE}
    statement = _insert(Lease).values(name=LEADER, **values)
    statement = statement.on_conflict_do_update(
        index_elements=["name"], set_=values, where=or_(Lease.owner == owner, Lease.until <= now)
    ).returning(Lease.owner)
    leads = db.session.scalar(statement) == owner
    db.session.commit()
    return leads


def resign(owner: str) -> None:
    """Give the leader's lease back, so that the next process need not wait for its end."""
    _hurriedly(delete(Lease).where(Lease.name == LEADER, Lease.owner == owner))


def job_is_due(now: datetime) -> bool:
    """Return whether there is something to claim; reads only."""
    with reading():
        return db.session.scalar(select(Job.id).where(_due(now)).limit(1)) is not None


def claim(owner: str, now: datetime) -> Job | None:
    """Take the job that has waited longest, for JOB_LEASE; return it detached, or None."""
    longest = select(Job.id).where(_due(now)).order_by(Job.not_before, Job.id).limit(1)
    job = db.session.scalar(
        update(Job)
        .where(Job.id == longest.with_for_update(skip_locked=True).scalar_subquery())
        .values(
            state=State.RUNNING,
            attempt=Job.attempt + 1,
            lease_owner=owner,
            lease_until=now + JOB_LEASE,
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


def renew(owner: str, now: datetime) -> None:
    """Lengthen the claims of a living worker."""
    db.session.execute(
        update(Job).where(Job.state == State.RUNNING, Job.lease_owner == owner).values(lease_until=now + JOB_LEASE)
    )
    db.session.commit()


def finish(job_id: int, owner: str, now: datetime) -> bool:
    """Mark a job done in the transaction of its work; False if another worker has taken it over. Does not commit.

    The row stays, so that the same work is not asked for again; what was asked, perhaps in somebody's own words, goes.
    """
    return _end(job_id, owner, state=State.DONE, finished_at=now, last_error=None, payload={})


def put_back(job_id: int, owner: str, error: str, not_before: datetime) -> None:
    """Let a job that failed wait for another try."""
    _end(job_id, owner, state=State.QUEUED, not_before=not_before, last_error=error)
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
    return _hurriedly(update(Job).where(Job.id == job_id).values(progress=progress))


def schedules() -> dict[str, Schedule]:
    """Return the schedule rows by name, detached."""
    with reading():
        rows = list(db.session.scalars(select(Schedule)))
        db.session.expunge_all()
    return {row.name: row for row in rows}


def note_round(name: str, seconds: int, started_at: datetime, finished_at: datetime, error: str | None) -> None:
    """Keep when something scheduled last ran and how it ended."""
    values = {"seconds": seconds, "started_at": started_at, "finished_at": finished_at, "last_error": error}
    statement = _insert(Schedule).values(name=name, **values)
    db.session.execute(statement.on_conflict_do_update(index_elements=["name"], set_=values))
    db.session.commit()


def _end(job_id: int, owner: str, **values: Any) -> bool:
    ended = db.session.execute(
        update(Job)
        .where(Job.id == job_id, Job.state == State.RUNNING, Job.lease_owner == owner)
        .values(lease_owner=None, lease_until=None, **values)
        .execution_options(synchronize_session=False)
    )
    return bool(ended.rowcount)


def _due(now: datetime) -> Any:
    waiting = and_(Job.state == State.QUEUED, Job.not_before <= now)
    return or_(waiting, and_(Job.state == State.RUNNING, Job.lease_until <= now))


def _insert(model: type[Any]) -> Any:
    return (postgresql if db.engine.dialect.name == "postgresql" else sqlite).insert(model)


def _hurriedly(statement: Any) -> bool:
    """Commit one statement on a connection of its own, unless SQLite's write lock is held for longer than a blink."""
    with db.engine.connect() as connection:
        patience = _set_patience(connection, PATIENCE_MS)
        try:
            connection.execute(statement)
            connection.commit()
        except OperationalError:
            connection.rollback()
            return False
        finally:
            _set_patience(connection, patience)
    return True


def _set_patience(connection: Connection, milliseconds: int) -> int:
    """Set how long SQLite waits for the write lock; return what it was."""
    if connection.dialect.name != "sqlite":
        return 0
    before = connection.connection.execute("PRAGMA busy_timeout").fetchone()[0]
    connection.connection.execute(f"PRAGMA busy_timeout={milliseconds}")
    return before
