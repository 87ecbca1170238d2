"""The embedded worker: one leading process carries out the jobs and the schedule.

Any number of processes may run one; all but the leader wait. Work runs in threads
of its own, so that a long job holds up neither the schedule nor the leader's lease.
"""

import os
import secrets
import socket
import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import structlog
from flask import Flask, has_app_context
from sqlalchemy.exc import SQLAlchemyError

from foundation.database import db
from foundation.jobs import storage
from foundation.jobs.models import Job
from foundation.jobs.registry import Every, Registry
from foundation.jobs.states import MAX_ATTEMPTS, is_exhausted, wait_after
from foundation.web.clock import stopwatch, utc_now

log = structlog.get_logger()

JOB_SLOTS = 2
PAUSE_SECONDS = 0.25
PAUSE_AFTER_ERROR_SECONDS = 2.0
GRACE_SECONDS = 1.5
RENEW_EVERY = timedelta(seconds=2)
# A round that runs every second is not worth a row every second.
NOTE_EVERY = timedelta(seconds=60)


class LostLease(Exception):
    """Another worker took the job over: what was done here must not be saved."""


class InterruptedTooOften(Exception):
    """The job never came to an end: whoever ran it was stopped or killed each time."""


class Worker:
    """Carries out what the application has registered, for as long as it leads."""

    def __init__(self, app: Flask, owner: str | None = None) -> None:
        self.app = app
        self.owner = owner or worker_name()
        self.registry: Registry = app.extensions["jobs"]
        self.stopping = threading.Event()
        self.schedule = _Schedule(self.registry)
        self._leads_until: datetime | None = None
        self._renewed_at: datetime | None = None
        self._jobs: set[threading.Thread] = set()
        self._rounds: dict[str, threading.Thread] = {}

    def run(self) -> None:
        """Work until ``stopping`` is set; leave within GRACE_SECONDS, whatever still runs comes again later."""
        while not self.stopping.is_set():
            pause = PAUSE_SECONDS
            try:
                with self.app.app_context():
                    self.tick(utc_now())
            except SQLAlchemyError as error:
                log.error("the worker cannot reach the database", error=first_line(error))
                pause = PAUSE_AFTER_ERROR_SECONDS
            self.stopping.wait(pause)
        self._leave()

    def tick(self, now: datetime) -> None:
        """Renew the lease when it is time, then start what is due."""
        if self._renewed_at is None or now - self._renewed_at >= RENEW_EVERY or now < self._renewed_at:
            self._renew(now)
        if self._leads_until is None or now >= self._leads_until:
            return
        self._start_rounds(now)
        self._start_jobs(now)

    def _renew(self, now: datetime) -> None:
        led_before = self._leads_until is not None
        leads = storage.lead(self.owner, now)
        self._leads_until = now + storage.LEADER_LEASE if leads else None
        self._renewed_at = now
        if leads and not led_before:
            self.schedule.load(now)
        if any(thread.is_alive() for thread in self._jobs):
            storage.renew(self.owner, now)

    def _start_rounds(self, now: datetime) -> None:
        for entry in self.schedule.due(now):
            running = self._rounds.get(entry.name)
            if running is None or not running.is_alive():
                self.schedule.begin(entry, now)
                self._rounds[entry.name] = self._start(entry.name, lambda entry=entry: self._round(entry))

    def _round(self, entry: Every) -> None:
        run_round(entry, utc_now(), self.schedule)

    def _start_jobs(self, now: datetime) -> None:
        self._jobs = {thread for thread in self._jobs if thread.is_alive()}
        while len(self._jobs) < JOB_SLOTS and storage.job_is_due(now):
            job = storage.claim(self.owner, now)
            if job is None:
                return
            self._jobs.add(self._start(job.kind, lambda job=job: run_job(self.registry, job, self.owner)))

    def _start(self, name: str, work: Callable[[], Any]) -> threading.Thread:
        # A daemon: a process that must stop does not wait for work that will not end.
        thread = threading.Thread(target=self._in_context, args=(work,), name=name, daemon=True)
        thread.start()
        return thread

    def _in_context(self, work: Callable[[], Any]) -> None:
        with self.app.app_context():
            try:
                work()
            except SQLAlchemyError as error:
                log.error("the worker cannot keep its books", error=first_line(error))

    def _leave(self) -> None:
        deadline = stopwatch() + GRACE_SECONDS
        for thread in [*self._jobs, *self._rounds.values()]:
            thread.join(max(0.0, deadline - stopwatch()))
        with self.app.app_context():
            storage.resign(self.owner)


class _Schedule:
    """When each round is due, kept in memory and noted in the database now and then."""

    def __init__(self, registry: Registry) -> None:
        self.entries = registry.schedule
        self._due_at: dict[str, datetime] = {}
        self._noted: dict[str, tuple[datetime, str | None]] = {}

    def load(self, now: datetime) -> None:
        """Take over from the leader before: what ran within its interval is not due yet."""
        rows = storage.schedules()
        for name, entry in self.entries.items():
            begun = rows[name].started_at if name in rows else None
            # A row from the future is left by a clock that was set back.
            self._due_at[name] = now if begun is None or begun > now else begun + timedelta(seconds=entry.seconds)

    def due(self, now: datetime) -> list[Every]:
        return [entry for name, entry in self.entries.items() if self._due_at.get(name, now) <= now]

    def begin(self, entry: Every, now: datetime) -> None:
        self._due_at[entry.name] = now + timedelta(seconds=entry.seconds)

    def note(self, entry: Every, started_at: datetime, error: str | None) -> None:
        noted_at, noted_error = self._noted.get(entry.name, (None, None))
        if noted_at and error == noted_error and started_at - noted_at < NOTE_EVERY:
            return
        storage.note_round(entry.name, entry.seconds, started_at, utc_now(), error)
        self._noted[entry.name] = (started_at, error)


def run_round(entry: Every, now: datetime, schedule: _Schedule | None = None) -> None:
    """Carry out one entry of the schedule in its own transaction and commit it; a failure is noted, not raised."""
    error = None
    try:
        entry.function(now)
        db.session.commit()
    except Exception as failure:
        db.session.rollback()
        error = first_line(failure)
        log.error("a round failed", round=entry.name, exc_info=failure)
    if schedule is not None:
        schedule.note(entry, now, error)


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
        storage.put_back(job.id, owner, error, now + wait_after(job.attempt))


def run_until_idle(app: Flask, owner: str = "here") -> int:
    """Carry out every round once and every job that is due, here and now; return the number of jobs.

    Rounds come first and last, so what a job writes for them is done too. For
    commands and tests: it does not ask for the lease, and what the caller has not
    committed is undone, as the worker could not see it.
    """
    registry: Registry = app.extensions["jobs"]
    count = 0
    if has_app_context():
        db.session.rollback()
    with app.app_context():
        _run_all_rounds(registry)
        while (job := storage.claim(owner, utc_now())) is not None:
            run_job(registry, job, owner)
            count += 1
        _run_all_rounds(registry)
    return count


def _run_all_rounds(registry: Registry) -> None:
    for entry in registry.schedule.values():
        run_round(entry, utc_now())


def worker_name() -> str:
    """Return a name that no other worker has: host, process and chance."""
    return f"{socket.gethostname()[:40]}:{os.getpid()}:{secrets.token_hex(4)}"


def first_line(error: BaseException) -> str:
    """Return what went wrong, without the parameters that SQLAlchemy prints after the first line."""
    lines = str(error).splitlines() or [""]
    return f"{type(error).__name__}: {lines[0]}"[:500]
