"""How a worker learns that there is work: what the chosen engine does when a job is written or a round is woken."""

from datetime import timedelta
from typing import Protocol

from flask import current_app


class Queue(Protocol):
    """What an engine does beside the job row, which is the same under all of them."""

    def defer(self, job_id: int, wait: timedelta) -> None:
        """Announce a job row in the transaction that writes it; it may run after ``wait``."""
        ...

    def wake(self, round_name: str, key: str) -> None:
        """Say now, apart from any transaction, that a round has work for ``key``."""
        ...


class InProcess:
    """The embedded engine polls the rows; a round woken in the leader's own process does not wait for its turn."""

    def __init__(self) -> None:
        self.woken: set[str] = set()

    def defer(self, job_id: int, wait: timedelta) -> None:
        pass

    def wake(self, round_name: str, key: str) -> None:
        self.woken.add(round_name)


def queue() -> Queue:
    """Return the queue of the running application."""
    return current_app.extensions["jobs_queue"]
