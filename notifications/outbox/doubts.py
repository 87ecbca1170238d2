"""When it is not known whether a message was sent."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, update

from foundation.database import UTCDateTime, db
from notifications.outbox.rows import MESSAGES, keep_events, lock, tell

_DOUBT = (
    update(MESSAGES)
    .where(MESSAGES.c.id == bindparam("message_id"), MESSAGES.c.state == bindparam("old_state"))
    .values(
        state=bindparam("new_state"),
        changed_at=bindparam("new_at"),
        last_error=bindparam("new_error"),
        look_at=bindparam("new_look_at", type_=UTCDateTime),
        looks=0,
        lease_owner=None,
        lease_until=None,
    )
)


@dataclass(frozen=True, slots=True)
class Doubt:
    """A claimed message may or may not have gone out; it is looked up from ``look_at`` on.

    ``owner`` asks for the lease to be still this one's.
    """

    message_id: int
    at: datetime
    look_at: datetime
    code: str
    owner: str | None = None


def doubt(message_id: int, at: datetime, look_at: datetime, *, code: str, owner: str | None = None) -> bool:
    """Put one claimed message in doubt; return whether it was still claimed, and by ``owner``."""
    return bool(doubt_many([Doubt(message_id, at, look_at, code, owner)]))


def doubt_many(doubts: Sequence[Doubt]) -> list[int]:
    """Say that it is not known whether claimed messages were sent; return the ids of those that were still claimed."""
    moves = [(one.message_id, one.at, one.look_at, one.code, one.owner) for one in doubts]
    return _move("claimed", "in_doubt", moves)


def give_to_person(message_id: int, at: datetime, code: str) -> bool:
    """Say that only a person can find out whether a message in doubt was sent."""
    return bool(_move("in_doubt", "needs_human", [(message_id, at, None, code, None)]))


def _move(old: str, new: str, moves: Sequence[tuple[int, datetime, datetime | None, str, str | None]]) -> list[int]:
    standing = lock({message_id for message_id, *_ in moves})
    rows: list[dict[str, Any]] = []
    changes = []
    for message_id, at, look_at, code, owner in moves:
        message = standing[message_id]
        if message.state != old or owner not in (None, message.row.lease_owner):
            continue
        message.state, message.last_error = new, code
        changes.append(message.change(at))
        rows.append({"message_id": message_id, "old_state": old, "new_state": new, "new_at": at, "new_error": code})
        rows[-1]["new_look_at"] = look_at
    if rows:
        db.session.execute(_DOUBT, rows)
    keep_events(
        {"message_id": one.message_id, "state": new, "at": one.at, "source": "dispatcher", "code": one.code}
        for one in changes
    )
    tell(changes)
    return [one.message_id for one in changes]
