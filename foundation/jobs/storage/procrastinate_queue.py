"""Announcing work through Procrastinate's tables; loaded only where that engine is chosen."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from procrastinate import App, SyncPsycopgConnector
from procrastinate.exceptions import AlreadyEnqueued

from foundation.database import db

JOB_TASK, ROUND_TASK = "satisfecit.job", "satisfecit.round"
# Long jobs have slots of their own, so that the dispatcher never waits for them.
JOBS, ROUNDS = "jobs", "rounds"
QUEUED = "SELECT 1 FROM procrastinate_jobs WHERE queueing_lock = %s AND status = 'todo'"


class ProcrastinateQueue:
    """Defers on connections of ours; the library's own pool is never opened here."""

    def __init__(self) -> None:
        self._app = App(connector=SyncPsycopgConnector())

    def defer(self, job_id: int, wait: timedelta) -> None:
        # No queueing lock: a second job with the same one would abort the caller's transaction.
        self._defer_job(db.session.connection().connection.driver_connection, job_id, wait)

    def defer_again(self, job_id: int) -> bool:
        """Announce a job row whose announcement was lost; return False when that was done already."""
        return self._alone(lambda connection: self._defer_job(connection, job_id, timedelta(), lock=f"job:{job_id}"))

    def wake(self, round_name: str, key: str) -> None:
        """Queue a round for ``key`` unless it is queued already: whoever begins it will see all the work there is."""
        lock = f"{round_name}:{key}"

        def defer(connection: Any) -> None:
            # Looked up first: a refused insert would each time be an error in the log of PostgreSQL.
            if connection.execute(QUEUED, [lock]).fetchone() is None:
                task = self._app.configure_task(ROUND_TASK, queue=ROUNDS, queueing_lock=lock, connection=connection)
                task.defer(name=round_name, key=key)

        self._alone(defer)

    def _defer_job(self, connection: Any, job_id: int, wait: timedelta, lock: str | None = None) -> None:
        # A wait, not a moment: the clock of a demo or a test may be set, the database's is not.
        seconds = wait.total_seconds()
        when = {"schedule_in": {"seconds": seconds}} if seconds > 0 else {}
        options = {"queue": JOBS, "queueing_lock": lock, "connection": connection, **when}
        self._app.configure_task(JOB_TASK, **options).defer(job_id=job_id)

    def _alone(self, defer: Callable[[Any], object]) -> bool:
        """Defer on a connection of its own and commit; False when one like it is waiting already."""
        with db.engine.connect() as borrowed:
            connection = borrowed.connection.driver_connection
            try:
                defer(connection)
                connection.commit()
            except AlreadyEnqueued:
                connection.rollback()
                return False
        return True
