"""The embedded worker: one leading process carries out the jobs and the schedule.

Any number of processes may run one; all but the leader wait. Work runs in threads
of its own, so that a long job holds up neither the schedule nor the leader's lease.
"""

import threading
from datetime import datetime

from flask import Flask

from foundation.jobs import storage
from foundation.jobs.engines.leading import Leader
from foundation.jobs.engines.running import run_job, worker_name
from foundation.jobs.registry import Every, Registry

JOB_SLOTS = 2


class Worker:
    """Carries out what the application has registered, for as long as it leads."""

    def __init__(self, app: Flask, owner: str | None = None) -> None:
        self.owner = owner or worker_name()
        self.registry: Registry = app.extensions["jobs"]
        self.stopping = app.extensions["jobs_stopping"] = threading.Event()
        self.leader = Leader(app, self.owner, self.registry.schedule)
        self.jobs: set[threading.Thread] = set()

    def run(self) -> None:
        """Work until ``stopping`` is set; leave within the grace, whatever still runs comes again later."""
        self.leader.run(self.stopping, self.tick)
        self.leader.leave(list(self.jobs))
        self.leader.app.extensions.pop("jobs_stopping", None)

    def tick(self, now: datetime) -> None:
        """Renew the lease when it is time, then start what is due."""
        if self.leader.renew(now, any(thread.is_alive() for thread in self.jobs)):
            self.leader.start_rounds(now, self._begin)
            self._start_jobs(now)

    def _begin(self, entry: Every) -> threading.Thread:
        return self.leader.start(entry.name, lambda: self.leader.run_round(entry))

    def _start_jobs(self, now: datetime) -> None:
        self.jobs = {thread for thread in self.jobs if thread.is_alive()}
        while len(self.jobs) < JOB_SLOTS and storage.job_is_due(now):
            job = storage.claim(self.owner, now)
            if job is None:
                return
            self.jobs.add(self.leader.start(job.kind, lambda job=job: run_job(self.registry, job, self.owner)))
