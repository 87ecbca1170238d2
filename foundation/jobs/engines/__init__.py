"""Who carries out jobs: the embedded worker, or workers on Procrastinate.

Both do the same with the same rows. What differs is how a worker learns of work
(``storage.queues``) and how many processes work at once.
"""

from importlib import import_module

from flask import Flask

from foundation.jobs.engines.embedded import Worker
from foundation.jobs.engines.running import run_job, run_until_idle
from foundation.jobs.patience import Patience
from foundation.jobs.storage.queues import InProcess

__all__ = ["Worker", "init_engine", "run_job", "run_until_idle", "worker_for"]


def init_engine(app: Flask) -> None:
    """Choose by the settings how work is announced. ``JOBS_PATIENCE`` (tests) shortens the leases."""
    app.extensions["jobs_patience"] = app.config.get("JOBS_PATIENCE") or Patience()
    if app.config["ENGINE"] == "procrastinate":
        # Loaded by name: the embedded default is installed without it.
        app.extensions["jobs_queue"] = import_module("foundation.jobs.storage.procrastinate_queue").ProcrastinateQueue()
    else:
        app.extensions["jobs_queue"] = InProcess()


def worker_for(app: Flask) -> Worker:
    """Return the worker of the chosen engine: ``run()`` works until ``stopping`` is set."""
    if app.config["ENGINE"] == "procrastinate":
        return import_module("foundation.jobs.engines.distributed").Worker(app)
    return Worker(app)
