"""Waking a round right after the transaction that gave it work is committed, and never after one that was not."""

import structlog
from sqlalchemy import event
from sqlalchemy.orm import Session, SessionTransaction

from foundation.database import db
from foundation.jobs.storage.queues import queue

log = structlog.get_logger()

ASKED, READY = "wakes asked for", "wakes to send"


def wake_after_commit(round_name: str, key: str) -> None:
    """Remember one wake-up until the transaction ends; asked for twice, it is one."""
    db.session().info.setdefault(ASKED, {})[round_name, key] = None


@event.listens_for(db.session, "after_commit")
def _committed(session: Session) -> None:
    # The end of a savepoint is not the end of the transaction.
    if not session.in_nested_transaction():
        session.info[READY] = session.info.pop(ASKED, {})


@event.listens_for(db.session, "after_transaction_end")
def _ended(session: Session, transaction: SessionTransaction) -> None:
    """Send what is ready, once the connection is given back: to wait for a second one could wait for ever."""
    if transaction.parent is not None:
        return
    session.info.pop(ASKED, None)
    for round_name, key in session.info.pop(READY, {}):
        _send(round_name, key)


def _send(round_name: str, key: str) -> None:
    try:
        queue().wake(round_name, key)
    except Exception as error:
        # What was committed stays; the schedule finds its work a little later.
        log.warning("a wake-up was lost", round=round_name, error=f"{type(error).__name__}: {error}".splitlines()[0])
