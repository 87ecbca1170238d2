"""The worker on Procrastinate: any number of processes, and all of them work.

Procrastinate tells which row is to be carried out; what it is, how far it is and
what became of it stays in the row. The schedule is led by one process at a time,
as under the embedded engine; rounds that can be woken are handed out to whoever is free.
"""

import asyncio
import threading
from collections.abc import Callable, Coroutine
from contextlib import suppress
from datetime import datetime
from typing import Any

import structlog
from flask import Flask
from procrastinate import App, BaseRetryStrategy, JobContext, PsycopgConnector, RetryDecision
from procrastinate.exceptions import ConnectorException
from procrastinate.jobs import Job as Announcement
from procrastinate.jobs import Status
from sqlalchemy.engine import make_url

from foundation.jobs import storage
from foundation.jobs.engines.leading import PAUSE_AFTER_ERROR_SECONDS, Leader
from foundation.jobs.engines.running import first_line, run_job, run_round, worker_name
from foundation.jobs.registry import Every, Registry
from foundation.jobs.states import wait_after
from foundation.jobs.storage.procrastinate_queue import JOB_TASK, JOBS, ROUND_TASK, ROUNDS, ProcrastinateQueue
from foundation.web.clock import utc_now

log = structlog.get_logger()

JOB_SLOTS, ROUND_SLOTS = 2, 8
# Announcements that ended otherwise than well are kept for whoever looks into Procrastinate's own tables.
KEEP_HOURS = 72
AT_ONCE = 100


class _AgainLater(BaseRetryStrategy):
    """What a stopping worker gives back runs at once elsewhere; what broke before its row was reached waits."""

    def get_retry_decision(self, *, exception: BaseException, job: Announcement) -> RetryDecision:
        if isinstance(exception, asyncio.CancelledError):
            return RetryDecision(retry_in={"seconds": 0})
        return RetryDecision(retry_in={"seconds": int(wait_after(min(job.attempts, 10) + 1).total_seconds())})


class Worker:
    """Carries out announced jobs and rounds, and leads the schedule when no other process does."""

    def __init__(self, app: Flask, owner: str | None = None) -> None:
        self.app = app
        self.owner = owner or worker_name()
        self.registry: Registry = app.extensions["jobs"]
        self.queue: ProcrastinateQueue = app.extensions["jobs_queue"]
        self.stopping = app.extensions["jobs_stopping"] = threading.Event()
        self.leader = Leader(app, self.owner, self.registry.schedule | self._housekeeping())
        self.patience = self.leader.patience
        self._running: set[int] = set()
        self._under_way: set[tuple[str, str]] = set()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._leading = threading.Thread(
            target=self.leader.run, args=(self.stopping, self.tick), name="leader", daemon=True
        )
        self._tasks = App(connector=PsycopgConnector(conninfo=_conninfo(app), min_size=1, max_size=4, timeout=5))
        self._tasks.task(name=JOB_TASK, pass_context=True, retry=_AgainLater())(self._job)
        self._tasks.task(name=ROUND_TASK)(self._round)

    def run(self) -> None:
        """Work until ``stopping`` is set; leave within the grace, and give back what still runs."""
        asyncio.run(self._serve())
        self.leader.leave([self._leading] if self._leading.is_alive() else [])
        self.app.extensions.pop("jobs_stopping", None)

    def tick(self, now: datetime) -> None:
        """Renew what this process holds; while it leads, begin what is due."""
        if self.leader.renew(now, bool(self._running)):
            self.leader.start_rounds(now, self._begin)

    def _begin(self, entry: Every) -> threading.Thread:
        if entry.wake is None:
            return self.leader.start(entry.name, lambda: self.leader.run_round(entry))
        return self.leader.start(entry.name, lambda: self._hand_out(entry))

    def _hand_out(self, entry: Every) -> None:
        """Wake whoever is free for each key that has work; a round without work has ended well."""
        woken: list[str] = []

        def wake_all(now: datetime) -> None:
            woken.extend(entry.keys(now))
            for key in woken:
                self.queue.wake(entry.name, key)

        now = utc_now()
        error = run_round(Every(entry.name, entry.seconds, wake_all), now)
        if error or not woken:
            self.leader.timetable.note(entry, now, error)

    async def _serve(self) -> None:
        """Keep Procrastinate's workers going, also across a restart of the database, until told to stop."""
        self._loop = asyncio.get_running_loop()
        stopped = asyncio.create_task(_in_thread(self.stopping.wait))
        while not stopped.done():
            attempt = asyncio.create_task(self._work())
            await asyncio.wait({attempt, stopped}, return_when=asyncio.FIRST_COMPLETED)
            attempt.cancel()
            (ended,) = await asyncio.gather(attempt, return_exceptions=True)
            if not stopped.done():
                log.error("the worker lost Procrastinate", error=first_line(ended or ConnectionError("it stopped")))
                await asyncio.wait({stopped}, timeout=PAUSE_AFTER_ERROR_SECONDS)

    async def _work(self) -> None:
        """Run both queues until one of them ends, which only a cancellation or a broken connection brings about."""
        async with self._tasks.open_async():
            if not self._leading.ident:
                self._leading.start()
            queues = [asyncio.create_task(self._run_queue(JOBS, JOB_SLOTS))]
            queues.append(asyncio.create_task(self._run_queue(ROUNDS, ROUND_SLOTS)))
            try:
                await asyncio.wait(queues, return_when=asyncio.FIRST_COMPLETED)
            finally:
                for one in queues:
                    one.cancel()
                await asyncio.gather(*queues, return_exceptions=True)

    async def _run_queue(self, queue: str, slots: int) -> None:
        await self._tasks.run_worker_async(
            queues=[queue],
            name=queue,
            concurrency=slots,
            fetch_job_polling_interval=self.patience.poll_seconds,
            shutdown_graceful_timeout=self.patience.grace_seconds,
            delete_jobs="successful",
            install_signal_handlers=False,
            update_heartbeat_interval=self.patience.heartbeat_seconds,
            stalled_worker_timeout=self.patience.silence_seconds,
        )

    async def _job(self, context: JobContext, job_id: int) -> None:
        try:
            await _in_thread(lambda: self._run_job(job_id))
        except asyncio.CancelledError:
            if self.stopping.is_set():
                # The row first: whoever takes the announcement next must find it free.
                await _in_thread(lambda: self.leader.in_context(lambda: storage.hand_back(self.owner, utc_now())))
            raise

    def _run_job(self, job_id: int) -> None:
        with self.app.app_context():
            job = storage.claim(self.owner, utc_now(), job_id)
            if job is None:
                storage.announce_later(job_id, utc_now())
                return
            self._running.add(job_id)
            try:
                run_job(self.registry, job, self.owner)
            finally:
                self._running.discard(job_id)

    async def _round(self, name: str, key: str) -> None:
        entry = self.registry.schedule.get(name)
        if entry is None:
            log.warning("a round that nobody knows was woken", round=name)
            return
        # Once in each process, so that one busy key leaves slots to the others.
        if (name, key) in self._under_way:
            return
        self._under_way.add((name, key))
        try:
            await _in_thread(lambda: self.leader.in_context(lambda: self.leader.run_round(entry, key)))
        except asyncio.CancelledError:
            # Not given back: the schedule begins every round again by itself.
            log.info("a round was cut short", round=name)
        finally:
            self._under_way.discard((name, key))

    def _housekeeping(self) -> dict[str, Every]:
        seconds = self.app.extensions["jobs_patience"].take_back_seconds
        rounds = [Every("jobs.take-back", seconds, self._take_back), Every("jobs.tidy", 3600, self._tidy)]
        return {entry.name: entry for entry in rounds}

    def _take_back(self, now: datetime) -> None:
        """Let what dead workers held run again, and announce jobs whose announcement was lost."""
        self._ask(self._retry_stalled)
        lost = storage.overdue(now - self.patience.renew_every, AT_ONCE)
        announced = self._ask(self._announced) if lost else set()
        for job_id in lost:
            if job_id not in announced:
                self.queue.defer_again(job_id)

    async def _announced(self) -> set[int]:
        waiting = await self._tasks.job_manager.list_jobs_async(queue=JOBS, task=JOB_TASK, status="todo")
        return {one.task_kwargs["job_id"] for one in waiting}

    async def _retry_stalled(self) -> None:
        manager = self._tasks.job_manager
        for stalled in await manager.get_stalled_jobs(seconds_since_heartbeat=self.patience.silence_seconds):
            try:
                await manager.retry_job(stalled)
            except ConnectorException:
                # One like it waits already: this one is over. Or its worker ended it just now.
                with suppress(ConnectorException):
                    await manager.finish_job_by_id_async(stalled.id, Status.ABORTED, delete_job=True)
        await manager.prune_stalled_workers(self.patience.silence_seconds)

    def _tidy(self, _now: datetime) -> None:
        """Delete what ended badly and nobody looked at; what ended well is deleted at once."""
        everything = {"include_failed": True, "include_cancelled": True, "include_aborted": True}
        self._ask(lambda: self._tasks.job_manager.delete_old_jobs(nb_hours=KEEP_HOURS, **everything))

    def _ask(self, question: Callable[[], Coroutine[Any, Any, Any]]) -> Any:
        """Put a question to Procrastinate from the thread of a round; return its answer."""
        if self._loop is None or self._loop.is_closed():
            raise ConnectionError("the worker is leaving")
        return asyncio.run_coroutine_threadsafe(question(), self._loop).result(self.patience.silence_seconds)


def _conninfo(app: Flask) -> str:
    return make_url(app.config["DATABASE_URL"]).set(drivername="postgresql").render_as_string(hide_password=False)


async def _in_thread(work: Callable[[], Any]) -> Any:
    """Run ``work`` in a thread that a process that must stop does not wait for; cancelling leaves it alone."""
    loop = asyncio.get_running_loop()
    future: asyncio.Future[Any] = loop.create_future()

    def tell(settle: Callable[[Any], None], outcome: Any) -> None:
        if not future.done():
            settle(outcome)

    def run() -> None:
        try:
            outcome, settle = work(), future.set_result
        except BaseException as error:
            outcome, settle = error, future.set_exception
        if not loop.is_closed():
            loop.call_soon_threadsafe(tell, settle, outcome)

    threading.Thread(target=run, daemon=True).start()
    return await future
