"""One transaction for many messages, in which one that breaks costs its own message a delay and nothing else."""

from collections.abc import Callable, Sequence
from typing import TypeVar

import structlog

from foundation.database import db

log = structlog.get_logger()
Item = TypeVar("Item")


def together(items: Sequence[Item], work: Callable[[Sequence[Item]], object]) -> list[Item]:
    """Do ``work`` for all ``items`` at once; where that fails, for each apart. Return those it failed for."""
    if not items or _kept(partial_of(work, items)):
        return []
    if len(items) == 1:
        return list(items)
    return [item for item in items if not _kept(partial_of(work, [item]))]


def apart(message_id: int | None, work: Callable[[], object]) -> bool:
    """Do one message's ``work`` so that its failure leaves the others of the transaction as they are.

    Returns whether the work was done.
    """
    return _kept(work, message_id)


def partial_of(work: Callable[[Sequence[Item]], object], items: Sequence[Item]) -> Callable[[], object]:
    return lambda: work(items)


def _kept(work: Callable[[], object], message_id: int | None = None) -> bool:
    try:
        with db.session.begin_nested():
            work()
    except Exception as error:
        if getattr(error, "connection_invalidated", False):
            raise  # the database went away: nothing of this transaction can be kept
        log.error("a message could not be recorded", message=message_id, error=type(error).__name__)
        return False
    return True
