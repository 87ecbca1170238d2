"""Upwards: what a provider or a person says of a message, whatever the order it comes in."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, func, select, update

from foundation.database import db
from foundation.many import Columns, ForRows, any_of
from notifications.masking import mask_text
from notifications.outbox.resends import send_again
from notifications.outbox.rows import MESSAGES, Standing, keep_events, lock, tell
from notifications.signals import Change
from notifications.states import RANKS, is_final

# States that say the provider has it, so that the moment it went out is known.
_OUT = frozenset({"accepted", "sending", "sent", "delivered", "undelivered"})
_RISEN = {
    name: MESSAGES.c[name].type
    for name in ("id", "state", "rank", "changed_at", "last_error", "sent_at", "provider_id")
}


def _rise(_dialect: str, risen: Columns) -> Any:
    raised = update(MESSAGES).where(MESSAGES.c.id == risen["id"], MESSAGES.c.rank < risen["rank"])
    known = {name: func.coalesce(MESSAGES.c[name], risen[name]) for name in ("sent_at", "provider_id")}
    said = {name: risen[name] for name in ("state", "rank", "changed_at", "last_error")}
    return raised.values(**said, **known, held=None, lease_owner=None, lease_until=None, look_at=None)


_RISE = ForRows(_RISEN, "id", _rise)
_REMEMBER = (
    update(MESSAGES)
    .where(MESSAGES.c.id == bindparam("message_id"), MESSAGES.c.provider_id.is_(None))
    .values(provider_id=bindparam("new_provider_id"))
)
_TEXTS = select(MESSAGES.c.id, MESSAGES.c.subject, MESSAGES.c.body, MESSAGES.c.html, MESSAGES.c.secrets).where(
    any_of(MESSAGES.c.id, "ids")
)
_MASK = (
    update(MESSAGES)
    .where(MESSAGES.c.id == bindparam("message_id"))
    .values(subject=bindparam("new_subject"), body=bindparam("new_body"), html=bindparam("new_html"), secrets=[])
)


@dataclass(frozen=True, slots=True)
class Rise:
    """One message is said to be in ``state`` since ``at``. ``only_from`` asks for the state it must be in now.

    The event is kept, unless ``record`` is false because its news is already stored.
    """

    message_id: int
    state: str
    at: datetime
    code: str | None = None
    provider_id: str | None = None
    actor_id: int | None = None
    only_from: str | None = None
    record: bool = True


def advance(message_id: int, state: str, at: datetime, *, source: str = "dispatcher", **facts: Any) -> bool:
    """Raise one message as ``advance_many`` does; return whether it rose. Keywords are those of ``Rise``."""
    return bool(advance_many([Rise(message_id, state, at, **facts)], source=source))


def advance_many(rises: Sequence[Rise], *, source: str = "dispatcher") -> list[Change]:
    """Raise messages, in this order; a lower or equal rank changes nothing. Return what rose.

    The events are kept either way. Subscribers hear of it in this transaction. What is
    final loses its secrets; what did not arrive for now is queued once more.
    """
    standing = lock({rise.message_id for rise in rises})
    risen: dict[int, Standing] = {}
    changes, events, learnt = [], [], []
    for rise in rises:
        message = standing[rise.message_id]
        rose = message.rank < RANKS[rise.state] and rise.only_from in (None, message.state)
        if rose:
            _raise(message, rise)
            risen[rise.message_id] = message
            changes.append(message.change(rise.at))
        elif rise.provider_id is not None and message.provider_id is None:
            message.provider_id = rise.provider_id
            learnt.append({"message_id": rise.message_id, "new_provider_id": rise.provider_id})
        if rise.record and (rose or rise.only_from is None):
            events.append(_event(rise, source))
    _write(risen, learnt)
    keep_events(events)
    _end(standing, changes)
    tell(changes)
    return changes


def _raise(message: Standing, rise: Rise) -> None:
    """Note on ``message`` what it becomes; what an earlier rise of the same batch said of it stays known."""
    message.state, message.rank, message.at = rise.state, RANKS[rise.state], rise.at
    if rise.code is not None or rise.state == "delivered":
        message.last_error = rise.code
    if rise.state in _OUT:
        message.sent_at = message.sent_at or rise.at
    message.provider_id = message.provider_id or rise.provider_id


def _write(risen: Mapping[int, Standing], learnt: list[dict[str, Any]]) -> None:
    if risen:
        _RISE.execute([_values(message) for message in risen.values()])
    if learnt:
        db.session.execute(_REMEMBER, learnt)


def _values(message: Standing) -> dict[str, Any]:
    return {
        "id": message.row.id,
        "state": message.state,
        "rank": message.rank,
        "changed_at": message.at,
        "last_error": message.last_error,
        "sent_at": message.sent_at,
        "provider_id": message.provider_id,
    }


def _event(rise: Rise, source: str) -> dict[str, Any]:
    return {
        "message_id": rise.message_id,
        "state": rise.state,
        "at": rise.at,
        "source": source,
        "code": rise.code,
        "provider_id": rise.provider_id,
        "actor_id": rise.actor_id,
    }


def _end(standing: dict[int, Standing], changes: list[Change]) -> None:
    """Queue again what may arrive later, then mask what is final: the new row needs the words the old one loses."""
    send_again([(standing[change.message_id].row.resend, change) for change in changes])
    final = {change.message_id for change in changes if is_final(change.channel, change.state)}
    if final:
        _mask(final)


def _mask(ids: Collection[int]) -> None:
    changed = []
    for row in db.session.execute(_TEXTS, {"ids": list(ids)}):
        masked = [mask_text(text, row.secrets) if text else text for text in (row.subject, row.body, row.html)]
        if row.secrets or masked != [row.subject, row.body, row.html]:
            values = dict(zip(("new_subject", "new_body", "new_html"), masked, strict=True))
            changed.append({"message_id": row.id, **values})
    if changed:
        db.session.execute(_MASK, changed)
