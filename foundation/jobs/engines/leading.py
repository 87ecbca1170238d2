"""Leading: of any number of worker processes one holds the lease and begins what is scheduled."""

import threading
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

import structlog
from flask import Flask
from sqlalchemy.exc import SQLAlchemyError

from foundation.jobs import storage
from foundation.jobs.engines.running import first_line, run_round
from foundation.jobs.patience import Patience
from foundation.jobs.registry import Every
from foundation.web.clock import stopwatch, utc_now

log = structlog.get_logger()

PAUSE_SECONDS = 0.25
PAUSE_AFTER_ERROR_SECONDS = 2.0
# A round that runs every second is not worth a row every second.
NOTE_EVERY = timedelta(seconds=60)


class Timetable:
    """When each round is due, kept in memory and noted in the database now and then."""

    def __init__(self, entries: Mapping[str, Every]) -> None:
        self.entries = entries
        self._due_at: dict[str, datetime] = {}
        self._noted: dict[str, tuple[datetime, str | None]] = {}

    def load(self, now: datetime) -> None:
        """Take over from the leader before: what ran within its interval is not due yet."""
        rows = storage.schedules()
        for name, entry in self.entries.items():
            begun = rows[name].started_at if name in rows else None
            # A row from the future is left by a clock that was set back.
            self._due_at[name] = now if begun is None or begun > now else begun + timedelta(seconds=entry.seconds)

    def due(self, now: datetime, woken: set[str]) -> list[Every]:
        """Return what is to begin: its time has come, or somebody said that it has work."""
        return [entry for name, entry in self.entries.items() if name in woken or self._is_due(entry, now)]

    def _is_due(self, entry: Every, now: datetime) -> bool:
        """Whether its time has come; due later than a whole interval from now it is where the clock was set back."""
        return not now < self._due_at.get(entry.name, now) <= now + timedelta(seconds=entry.seconds)

    def begin(self, entry: Every, now: datetime) -> None:
        self._due_at[entry.name] = now + timedelta(seconds=entry.seconds)

    def note(self, entry: Every, started_at: datetime, error: str | None) -> None:
        """Keep how a round ended, once a minute and whenever that changes."""
        noted_at, noted_error = self._noted.get(entry.name, (None, None))
        if noted_at and error == noted_error and abs(started_at - noted_at) < NOTE_EVERY:
            return
        storage.note_round(entry.name, entry.seconds, started_at, utc_now(), error)
        self._noted[entry.name] = (started_at, error)


class Leader:
    """Holds or awaits the lease, keeps the claims of its process alive, and begins the rounds while it leads."""

    def __init__(self, app: Flask, owner: str, entries: Mapping[str, Every]) -> None:
        self.app = app
        self.owner = owner
        self.patience: Patience = app.extensions["jobs_patience"]
        self.timetable = Timetable(entries)
        self.rounds: dict[str, threading.Thread] = {}
        self.woken: set[str] = getattr(app.extensions["jobs_queue"], "woken", set())
        self._leads_until: datetime | None = None
        self._renewed_at: datetime | None = None

    def run(self, stopping: threading.Event, tick: Callable[[datetime], None]) -> None:
        """Call ``tick`` a few times a second until ``stopping`` is set, also while the database is away."""
        while not stopping.is_set():
            pause = PAUSE_SECONDS
            try:
                with self.app.app_context():
                    tick(utc_now())
            except SQLAlchemyError as error:
                log.error("the worker cannot reach the database", error=first_line(error))
                pause = PAUSE_AFTER_ERROR_SECONDS
            stopping.wait(pause)

    def renew(self, now: datetime, has_jobs: bool) -> bool:
        """Renew the lease and the process's claims when it is time; return whether this process leads."""
        if self._renewed_at is None or now - self._renewed_at >= self.patience.renew_every or now < self._renewed_at:
            self._renew(now)
            if has_jobs:
                storage.renew(self.owner, now)
        return self._leads_until is not None and now < self._leads_until

    def _renew(self, now: datetime) -> None:
        led_before = self._leads_until is not None
        leads = storage.lead(self.owner, now)
        self._leads_until = now + self.patience.leader_lease if leads else None
        self._renewed_at = now
        if leads and not led_before:
            self.timetable.load(now)

    def start_rounds(self, now: datetime, begin: Callable[[Every], threading.Thread]) -> None:
        """Let ``begin`` start what is due and not running still; it returns the thread it runs in."""
        for entry in self.timetable.due(now, self.woken):
            running = self.rounds.get(entry.name)
            if running is None or not running.is_alive():
                self.woken.discard(entry.name)
                self.timetable.begin(entry, now)
                self.rounds[entry.name] = begin(entry)

    def run_round(self, entry: Every, key: str = "") -> None:
        run_round(entry, utc_now(), self.timetable, key)

    def start(self, name: str, work: Callable[[], Any]) -> threading.Thread:
        """Run ``work`` in a thread and an application context of its own."""
        # A daemon: a process that must stop does not wait for work that will not end.
        thread = threading.Thread(target=self.in_context, args=(work,), name=name, daemon=True)
        thread.start()
        return thread

    def in_context(self, work: Callable[[], Any]) -> None:
        with self.app.app_context():
            try:
                work()
            except SQLAlchemyError as error:
                log.error("the worker cannot keep its books", error=first_line(error))

    def leave(self, threads: list[threading.Thread]) -> None:
        """Wait a moment for ``threads`` and the rounds, then hand over: the lease, and the jobs that still run."""
        deadline = stopwatch() + self.patience.grace_seconds
        for thread in [*threads, *self.rounds.values()]:
            thread.join(max(0.0, deadline - stopwatch()))
        with self.app.app_context():
            storage.hand_back(self.owner, utc_now())
            storage.resign(self.owner)
