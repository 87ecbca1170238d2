"""Back into the queue: the one way down in rank, for what was certainly not sent."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, update

from foundation.database import db
from notifications.outbox.rows import MESSAGES, Standing, keep_events, lock
from notifications.states import RANKS

_RETURN = (
    update(MESSAGES)
    .where(MESSAGES.c.id == bindparam("message_id"), MESSAGES.c.state == bindparam("old_state"))
    .values(
        state="queued",
        rank=RANKS["queued"],
        changed_at=bindparam("new_at"),
        not_before=bindparam("new_not_before"),
        held=bindparam("new_held"),
        last_error=bindparam("new_error"),
        looks=0,
        attempt=MESSAGES.c.attempt - bindparam("taken_back"),
        lease_owner=None,
        lease_until=None,
        look_at=None,
    )
)


@dataclass(frozen=True, slots=True)
class Return:
    """A message to be put back from ``only_from``, to go out again from ``not_before`` (``at`` by default).

    Where given, it is put back only by the ``owner`` of the lease, or while ``attempt`` is still the last one.
    ``uncounted`` takes the attempt back, because nothing was tried.
    """

    message_id: int
    at: datetime
    only_from: str
    owner: str | None = None
    attempt: int | None = None
    not_before: datetime | None = None
    held: str | None = None
    code: str | None = None
    uncounted: bool = False
    actor_id: int | None = None


def requeue(message_id: int, at: datetime, *, only_from: str, source: str = "dispatcher", **facts: Any) -> bool:
    """Put one message back as ``requeue_many`` does; return whether it was still ours to put back."""
    return bool(requeue_many([Return(message_id, at, only_from, **facts)], source=source))


def requeue_many(returns: Sequence[Return], *, source: str = "dispatcher") -> list[int]:
    """Put back messages that were certainly not sent; return the ids of those that were still ours to put back."""
    standing = lock({back.message_id for back in returns})
    ours = [back for back in returns if _is_ours(standing[back.message_id], back)]
    if ours:
        db.session.execute(_RETURN, [_values(back) for back in ours])
    keep_events(_event(back, source) for back in ours)
    return [back.message_id for back in ours]


def _is_ours(message: Standing, back: Return) -> bool:
    row = message.row
    return (
        row.state == back.only_from
        and back.owner in (None, row.lease_owner)
        and back.attempt in (None, row.attempt)
    )  # fmt: skip


def _values(back: Return) -> dict[str, Any]:
    return {
        "message_id": back.message_id,
        "old_state": back.only_from,
        "new_at": back.at,
        "new_not_before": back.not_before or back.at,
        "new_held": back.held,
        "new_error": back.code,
        "taken_back": int(back.uncounted),
    }


def _event(back: Return, source: str) -> dict[str, Any]:
    return {
        "message_id": back.message_id,
        "state": "queued",
        "at": back.at,
        "source": source,
        "code": back.code or back.held,
        "actor_id": back.actor_id,
    }
