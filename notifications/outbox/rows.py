"""The rows behind it, as plain tables: what many messages cost must not be objects."""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Table, insert, select
from sqlalchemy.orm.util import identity_key

from foundation.database import db
from foundation.many import ForRows, any_of
from notifications.models import OutboxEvent, OutboxMessage
from notifications.signals import Change, messages_changed

MESSAGES = cast(Table, OutboxMessage.__table__)
EVENTS = cast(Table, OutboxEvent.__table__)
_STANDING = (
    select(
        *(MESSAGES.c.id, MESSAGES.c.state, MESSAGES.c.rank, MESSAGES.c.attempt, MESSAGES.c.lease_owner),
        *(MESSAGES.c.channel, MESSAGES.c.purpose, MESSAGES.c.subject_key, MESSAGES.c.principal_id),
        *(MESSAGES.c.recipient_hash, MESSAGES.c.provider_id, MESSAGES.c.last_error, MESSAGES.c.resend),
    )
    .where(any_of(MESSAGES.c.id, "ids"))
    # In order of id, as everywhere, so that two transactions never wait for each other. Events may be added meanwhile.
    .order_by(MESSAGES.c.id)
    .with_for_update(key_share=True)
)
_EVENT_GIVEN = {column.name: column.type for column in EVENTS.c if column.name != "id"}
_EVENT = ForRows(
    _EVENT_GIVEN,
    "message_id",
    lambda _dialect, given: insert(EVENTS).from_select(list(given), select(*given.values()), include_defaults=False),
)


class Standing:
    """Where a locked message stands now, as the statements of this transaction change it."""

    __slots__ = ("at", "last_error", "provider_id", "rank", "row", "sent_at", "state")

    def __init__(self, row: Any) -> None:
        self.row, self.state, self.rank = row, row.state, row.rank
        self.provider_id, self.last_error = row.provider_id, row.last_error
        self.at: datetime | None = None
        self.sent_at: datetime | None = None

    def change(self, at: datetime) -> Change:
        """Return the news of what it has just become."""
        row = self.row
        return Change(
            row.id, row.subject_key, row.purpose, row.channel, row.principal_id, row.recipient_hash,
            self.state, at, self.last_error,
        )  # fmt: skip


def lock(ids: Collection[int]) -> dict[int, Standing]:
    """Lock messages in order of id and return where each stands; forgets what the session knew of them."""
    if not ids:
        return {}
    # Plain statements do not flush by themselves.
    db.session.flush()
    rows = db.session.execute(_STANDING, {"ids": list(ids)}).all()
    _forget(ids)
    return {row.id: Standing(row) for row in rows}


def keep_events(events: Iterable[dict[str, Any]]) -> None:
    """Add events, each with message_id, state, at, source and, where there is one, code, provider_id, actor_id."""
    if rows := [{**event, "applied_at": event["at"]} for event in events]:
        _EVENT.execute(rows)


def keep_alike(ids: Collection[int], state: str, at: datetime, source: str) -> None:
    """Add the same event for many messages."""
    keep_events({"message_id": message_id, "state": state, "at": at, "source": source} for message_id in ids)


def note(message: OutboxMessage, state: str, at: datetime, *, source: str, **facts: Any) -> None:
    """Keep one event of ``message`` that changes nothing by itself."""
    keep_events([{"message_id": message.id, "state": state, "at": at, "source": source, **facts}])


def tell(changes: list[Change]) -> None:
    """Let the subscribers hear of ``changes`` in this transaction."""
    if changes:
        messages_changed.send(changes)


def _forget(ids: Collection[int]) -> None:
    known = db.session.identity_map
    for message_id in ids if known else ():
        message = known.get(identity_key(OutboxMessage, message_id))
        if message is not None:
            db.session.expire(message)
