"""Workers for tests: an empty registry, and real processes."""

import os
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from foundation.database import db, reading
from foundation.jobs.engines import worker_for
from foundation.jobs.patience import Patience
from foundation.jobs.registry import Registry

ROOT = Path(__file__).parents[2]
# Short enough for a test, and in the same proportions as the real ones.
IMPATIENT = Patience(
    leader_lease=timedelta(seconds=1.5),
    job_lease=timedelta(seconds=1.5),
    renew_every=timedelta(seconds=0.3),
    grace_seconds=0.5,
    heartbeat_seconds=0.3,
    silence_seconds=1.2,
    poll_seconds=0.2,
    take_back_seconds=1,
)


@pytest.fixture
def impatient():
    """Let workers of the running tests wait for moments, not for half minutes."""

    @contextmanager
    def shorten(app):
        whole, app.extensions["jobs_patience"] = app.extensions["jobs_patience"], IMPATIENT
        yield
        app.extensions["jobs_patience"] = whole

    return shorten


@pytest.fixture
def registry(any_app):
    """An empty registry in place of the house's, for the time of a test."""
    whole = any_app.extensions["jobs"]
    any_app.extensions["jobs"] = Registry()
    yield any_app.extensions["jobs"]
    any_app.extensions["jobs"] = whole


@pytest.fixture
def start_worker(impatient):
    """``start_worker(app)`` runs a worker of the app's engine in a thread; it is stopped at the end of the test."""
    workers = []

    def start(app):
        with impatient(app):
            worker = worker_for(app)
        worker.thread = threading.Thread(target=worker.run)
        worker.thread.start()
        workers.append(worker)
        return worker

    yield start
    for worker in workers:
        worker.stopping.set()
    for worker in workers:
        worker.thread.join(20)
        assert not worker.thread.is_alive()


def wait_for(condition, seconds=20):
    """Look until it is so, without holding the write lock; return whether it became so."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        db.session.rollback()
        with reading():
            if condition():
                return True
        time.sleep(0.05)
    return False


def start_process(app, *command):
    """Run ``command`` of Python with the settings of ``app`` and return the process."""
    settings = {f"SATISFECIT_{name}": app.config[name] for name in ("DATABASE_URL", "ENGINE", "SECRET_KEY")}
    environment = os.environ | settings | {
        "PYTHONPATH": str(ROOT), "SATISFECIT_INSTANCE": app.instance_path, "FLASK_APP": "app",
    }  # fmt: skip
    return subprocess.Popen([sys.executable, *command], cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True)
