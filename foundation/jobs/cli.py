"""``flask jobs``: the worker."""

import signal
from typing import Any

import click
from flask import current_app
from flask.cli import AppGroup

from foundation.jobs.engines import run_until_idle, worker_for

jobs = AppGroup("jobs", help="Work behind the page: sending, sealing and everything scheduled.")


@jobs.command("run")
@click.option("--once", is_flag=True, help="Do what is due now, then stop.")
def run(once: bool) -> None:
    """Carry out jobs and the schedule until stopped (Ctrl-C or SIGTERM).

    Several may run. With the embedded engine one works and the others take over when
    it stops; with procrastinate all of them work.
    """
    app = current_app._get_current_object()  # type: ignore[attr-defined]
    if once:
        click.echo(f"{run_until_idle(app)} jobs done.")
        return
    worker = worker_for(app)

    def stop(_signal: int, _frame: Any) -> None:
        worker.stopping.set()

    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, stop)
    click.echo("The worker is running. Ctrl-C stops it.")
    worker.run()
