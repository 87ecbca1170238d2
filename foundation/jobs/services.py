"""Asking for work behind the page, and telling how far it is."""

from collections.abc import Collection
from datetime import datetime, timedelta
from threading import Event
from typing import Any

from flask import current_app
from sqlalchemy import update

from foundation.database import db, insert_if_absent
from foundation.jobs.models import Job
from foundation.jobs.states import State
from foundation.jobs.storage import write_progress
from foundation.jobs.storage.queues import queue
from foundation.jobs.storage.wakes import wake_after_commit


def enqueue(kind: str, payload: dict[str, Any], key: str, now: datetime, not_before: datetime | None = None) -> bool:
    """Write one job row in the caller's transaction; return whether it is new.

    Idempotent by kind and key, for ever: the same work is not asked for twice. The
    worker begins it at ``not_before`` (default: at once) after the caller commits.
    """
    values = {
        "kind": kind,
        "key": key,
        "payload": payload,
        "state": State.QUEUED,
        "attempt": 0,
        "not_before": not_before or now,
        "created_at": now,
    }
    inserted = insert_if_absent(Job, [values], ["kind", "key"])
    for job_id in inserted:
        queue().defer(job_id, values["not_before"] - now)
    return bool(inserted)


def wake(round_name: str, key: str = "") -> None:
    """Say that a round has work for ``key``, as soon as the caller's transaction is committed, and only then.

    Nothing depends on it: a wake-up that is lost is made good by the schedule.
    """
    wake_after_commit(round_name, key)


def is_stopping() -> bool:
    """Whether the worker of this process was told to stop: long work ends early, and leaves the rest as it was."""
    stopping: Event | None = current_app.extensions.get("jobs_stopping")
    return stopping is not None and stopping.is_set()


def retry(job_id: int, now: datetime) -> bool:
    """Let a failed job run again from its first attempt; return whether it was one."""
    revived = db.session.execute(
        update(Job)
        .where(Job.id == job_id, Job.state == State.FAILED)
        .values(state=State.QUEUED, attempt=0, not_before=now, finished_at=None)
    )
    if revived.rowcount:
        queue().defer(job_id, timedelta())
    return bool(revived.rowcount)


def forget(keys: Collection[str]) -> None:
    """Empty what jobs of these keys, whatever their kind, were told, once they are done; that they were done stays."""
    if keys:
        done = update(Job).where(Job.key.in_(keys), Job.state == State.DONE)
        db.session.execute(done.values(payload={}))


def report_progress(job_id: int, done: int, total: int, now: datetime) -> bool:
    """Tell how far a running job is, at once and apart from its transaction; return whether it could be written.

    Call it between two transactions of the job, or from within ``reading()``.
    """
    return write_progress(job_id, {"done": done, "total": total, "at": now.isoformat()})
