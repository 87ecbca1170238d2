"""Carrying out one job or one round, in a transaction of its own; the same under every engine."""

import os
import secrets
import socket
from datetime import datetime
from typing import Protocol

import structlog
from flask import Flask, has_app_context

from foundation.database import db
from foundation.jobs import storage
from foundation.jobs.models import Job
from foundation.jobs.registry import Every, Registry
from foundation.jobs.states import MAX_ATTEMPTS, is_exhausted, wait_after
from foundation.web.clock import utc_now

log = structlog.get_logger()


class LostLease(Exception):
    """Another worker took the job over: what was done here must not be saved."""


class InterruptedTooOften(Exception):
    """The job never came to an end: whoever ran it was stopped or killed each time."""


class Notes(Protocol):
    """Where it is kept how rounds ended."""

    def note(self, entry: Every, started_at: datetime, error: str | None) -> None: ...


def run_round(entry: Every, now: datetime, notes: Notes | None = None, key: str = "") -> str | None:
    """Carry out one entry of the schedule in its own transaction and commit it.

    A failure is noted and returned, not raised.
    """
    error = None
    try:
        entry.run(now, key)
        db.session.commit()
    except Exception as failure:
        db.session.rollback()
        error = first_line(failure)
        log.error("a round failed", round=entry.name, exc_info=failure)
    if notes is not None:
        notes.note(entry, now, error)
    return error


def run_job(registry: Registry, job: Job, owner: str) -> None:
    """Carry out a claimed job in one transaction and commit it; after a failure it waits, or is given up."""
    try:
        if job.attempt > MAX_ATTEMPTS:
            raise InterruptedTooOften(f"after {MAX_ATTEMPTS} attempts")
        registry.function_for(job.kind)(job.payload | {"job_id": job.id}, utc_now())
        if not storage.finish(job.id, owner, utc_now()):
            raise LostLease
        db.session.commit()
    except LostLease:
        db.session.rollback()
        log.warning("a job was taken over", kind=job.kind, key=job.key)
    except Exception as failure:
        db.session.rollback()
        _note_failure(job, owner, failure)


def _note_failure(job: Job, owner: str, failure: Exception) -> None:
    log.error("a job failed", kind=job.kind, key=job.key, attempt=job.attempt, exc_info=failure)
    error, now = first_line(failure), utc_now()
    if is_exhausted(job.attempt):
        storage.give_up(job.id, owner, error, now)
    else:
        storage.put_back(job.id, owner, error, now, wait_after(job.attempt))


def run_until_idle(app: Flask, owner: str = "here", rarest: int | None = None) -> int:
    """Carry out every round once and every job that is due, here and now; return the number of jobs.

    Rounds come first and last, so what a job writes for them is done too; with ``rarest``, only those that come at
    least every so many seconds. For
    commands and tests, under any engine: it does not ask for the lease, and what the
    caller has not committed is undone, as the worker could not see it.
    """
    registry: Registry = app.extensions["jobs"]
    count = 0
    if has_app_context():
        db.session.rollback()
    with app.app_context():
        _run_rounds(registry, rarest)
        while (job := storage.claim(owner, utc_now())) is not None:
            run_job(registry, job, owner)
            count += 1
        _run_rounds(registry, rarest)
    return count


def _run_rounds(registry: Registry, rarest: int | None) -> None:
    for entry in registry.schedule.values():
        if rarest is None or entry.seconds <= rarest:
            run_round(entry, utc_now())


def worker_name() -> str:
    """Return a name that no other worker has: host, process and chance."""
    return f"{socket.gethostname()[:40]}:{os.getpid()}:{secrets.token_hex(4)}"


def first_line(error: BaseException) -> str:
    """Return what went wrong, without the parameters that SQLAlchemy prints after the first line."""
    lines = str(error).splitlines() or [""]
    return f"{type(error).__name__}: {lines[0]}"[:500]
