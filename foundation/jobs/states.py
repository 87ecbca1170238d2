"""The states of a job and how long it waits after a failure."""

from datetime import timedelta
from enum import StrEnum

MAX_ATTEMPTS = 8
FIRST_WAIT = timedelta(seconds=2)
LONGEST_WAIT = timedelta(minutes=15)


class State(StrEnum):
    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


STATES = tuple(State)


def wait_after(attempt: int) -> timedelta:
    """Return how long to wait after the failed ``attempt`` (1 or more): 2, 4, 8 seconds …, at most 15 minutes."""
    return min(LONGEST_WAIT, FIRST_WAIT * 2 ** (attempt - 1))


def is_exhausted(attempt: int) -> bool:
    """Return whether a job that failed at ``attempt`` waits for a person instead of another try."""
    return attempt >= MAX_ATTEMPTS
