"""How a message changes state: one statement each, upwards only, every event kept."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import structlog
from sqlalchemy import func, update

from foundation.database import db
from foundation.timing.storage import holiday_calendar
from notifications.masking import mask_text
from notifications.models import OutboxEvent, OutboxMessage
from notifications.signals import message_changed
from notifications.states import RANKS, is_final
from notifications.windows import Window

log = structlog.get_logger()
_FREE = {"lease_owner": None, "lease_until": None, "look_at": None}
# States that say the provider has it, so that the moment it went out is known.
_OUT = ("accepted", "sending", "sent", "delivered", "undelivered")


def apart(message_id: int | None, work: Callable[[], object]) -> bool:
    """Do one message's ``work`` so that its failure leaves the others of the transaction as they are.

    A subscriber that breaks costs its own message a delay, never the whole batch its record.
    Returns whether the work was done.
    """
    try:
        with db.session.begin_nested():
            work()
    except Exception as error:
        log.error("a message could not be recorded", message=message_id, error=type(error).__name__)
        return False
    return True


def lawful_moment(document: dict[str, Any] | None, zone: str, region: str, moment: datetime) -> datetime:
    """Return the first moment at or after ``moment`` in the window of ``document``; None allows every moment.

    Raises CalendarExhausted where the holidays of ``region`` are not known.
    """
    if document is None:
        return moment
    is_holiday = holiday_calendar(region).is_holiday
    return Window.from_document(document).next_moment(moment, ZoneInfo(zone), is_holiday)


def note(message: OutboxMessage, state: str, at: datetime, *, source: str, **facts: Any) -> None:
    """Keep one event of ``message`` that changes nothing by itself."""
    db.session.add(OutboxEvent(message_id=message.id, state=state, at=at, applied_at=at, source=source, **facts))


def advance(
    message_id: int,
    state: str,
    at: datetime,
    *,
    source: str = "dispatcher",
    code: str | None = None,
    provider_id: str | None = None,
    actor_id: int | None = None,
    only_from: str | None = None,
    record: bool = True,
) -> bool:
    """Raise a message to ``state``; return whether it rose. A lower or equal rank changes nothing.

    The event is kept either way, unless ``record`` is false because its news is
    already stored. Subscribers hear of it in this transaction. ``only_from`` asks
    for the state it must be in now.
    """
    condition = [OutboxMessage.id == message_id, OutboxMessage.rank < RANKS[state]]
    if only_from is not None:
        condition.append(OutboxMessage.state == only_from)
    values: dict[str, Any] = {"state": state, "rank": RANKS[state], "changed_at": at, "held": None, **_FREE}
    if code is not None or state == "delivered":
        values["last_error"] = code
    if state in _OUT:
        values["sent_at"] = func.coalesce(OutboxMessage.sent_at, at)
    if provider_id is not None:
        values["provider_id"] = func.coalesce(OutboxMessage.provider_id, provider_id)
    rose = _apply(condition, values)
    if not rose:
        _remember_provider_id(message_id, provider_id)
    message = db.session.get_one(OutboxMessage, message_id, populate_existing=True)
    if record and (rose or only_from is None):
        note(message, state, at, source=source, code=code, provider_id=provider_id, actor_id=actor_id)
    if rose:
        _mask_if_final(message)
        message_changed.send(message, state=state, at=at)
    return rose


def requeue(
    message_id: int,
    at: datetime,
    *,
    only_from: str,
    owner: str | None = None,
    attempt: int | None = None,
    not_before: datetime | None = None,
    held: str | None = None,
    code: str | None = None,
    uncounted: bool = False,
    source: str = "dispatcher",
    actor_id: int | None = None,
) -> bool:
    """Put back a message that was certainly not sent; return whether it was still ours to put back.

    ``uncounted`` takes the attempt back, because nothing was tried. The one way down
    in rank: only from ``only_from`` and, where given, only by the ``owner`` of the lease
    or while ``attempt`` is still the last one.
    """
    condition = [OutboxMessage.id == message_id, OutboxMessage.state == only_from]
    if owner is not None:
        condition.append(OutboxMessage.lease_owner == owner)
    if attempt is not None:
        condition.append(OutboxMessage.attempt == attempt)
    values = {
        "state": "queued",
        "rank": RANKS["queued"],
        "changed_at": at,
        "not_before": not_before or at,
        "held": held,
        "last_error": code,
        "looks": 0,
        "attempt": OutboxMessage.attempt - int(uncounted),
        **_FREE,
    }
    if not _apply(condition, values):
        return False
    message = db.session.get_one(OutboxMessage, message_id, populate_existing=True)
    note(message, "queued", at, source=source, code=code or held, actor_id=actor_id)
    return True


def doubt(message_id: int, at: datetime, look_at: datetime, *, code: str, owner: str | None = None) -> bool:
    """Say that it is not known whether a claimed message was sent; it is looked up from ``look_at`` on."""
    condition = [OutboxMessage.id == message_id, OutboxMessage.state == "claimed"]
    if owner is not None:
        condition.append(OutboxMessage.lease_owner == owner)
    values = {"state": "in_doubt", "changed_at": at, "looks": 0, "last_error": code, **_FREE, "look_at": look_at}
    if not _apply(condition, values):
        return False
    message = db.session.get_one(OutboxMessage, message_id, populate_existing=True)
    note(message, "in_doubt", at, source="dispatcher", code=code)
    message_changed.send(message, state="in_doubt", at=at)
    return True


def give_to_person(message_id: int, at: datetime, code: str) -> bool:
    """Say that only a person can find out whether a message in doubt was sent."""
    condition = [OutboxMessage.id == message_id, OutboxMessage.state == "in_doubt"]
    if not _apply(condition, {"state": "needs_human", "changed_at": at, "last_error": code, "look_at": None}):
        return False
    message = db.session.get_one(OutboxMessage, message_id, populate_existing=True)
    note(message, "needs_human", at, source="dispatcher", code=code)
    message_changed.send(message, state="needs_human", at=at)
    return True


def _apply(condition: list[Any], values: dict[str, Any]) -> bool:
    statement = update(OutboxMessage).where(*condition).values(**values)
    return bool(db.session.execute(statement, execution_options={"synchronize_session": False}).rowcount)


def _remember_provider_id(message_id: int, provider_id: str | None) -> None:
    if provider_id is not None:
        _apply([OutboxMessage.id == message_id, OutboxMessage.provider_id.is_(None)], {"provider_id": provider_id})


def _mask_if_final(message: OutboxMessage) -> None:
    if not is_final(message.channel, message.state):
        return
    message.subject = mask_text(message.subject, message.secrets)
    message.body = mask_text(message.body, message.secrets)
    message.html = mask_text(message.html, message.secrets) if message.html else None
    message.secrets = []
    db.session.flush()
