"""The lines of the send log, read as they are needed: its memory does not grow with its length."""

from collections import deque
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from sqlalchemy import Select, func, select

from foundation.accounts.scope import Scope
from foundation.database import db
from foundation.timing.calendars import CalendarExhausted
from foundation.timing.storage import holiday_calendar
from notifications import hashing
from notifications.keys import address_key
from notifications.masking import mask_address, mask_text
from notifications.models import OutboxEvent, OutboxMessage
from notifications.queries.outbox import asked_between, seen
from notifications.send_log import Statement, moment_cell, window_cell

AT_ONCE = 1000


def lines(
    scope: Scope,
    first_day: date,
    last_day: date,
    principal_id: int | None = None,
    *,
    principals: Mapping[int, str],
    statement: Statement | None = None,
) -> Iterator[dict[str, Any]]:
    """Give each message asked for on the days (both included), in that order, as a line of the log.

    ``principals`` are their keys by id; ``principal_id`` narrows to one. ``statement``
    counts what is given. No body, no address: keyed hashes and a mask.
    """
    key = address_key()
    for row in db.session.execute(_chosen(scope, first_day, last_day, principal_id), execution_options=_STREAMED):
        line = _line(row, key, principals)
        if statement is not None:
            statement.count(line, is_holiday)
        yield line


_STREAMED = {"yield_per": AT_ONCE}


def add_up(
    scope: Scope, first_day: date, last_day: date, principal_id: int | None = None, *, principals: Mapping[int, str]
) -> Statement:
    """Return what the lines of that log add up to."""
    statement = Statement()
    deque(lines(scope, first_day, last_day, principal_id, principals=principals, statement=statement), maxlen=0)
    return statement


def is_holiday(region: str, day: date) -> bool:
    """Whether a day is a holiday of ``region``; one that no list reaches counts as one, for nothing shows otherwise."""
    try:
        return holiday_calendar(region).is_holiday(day)
    except CalendarExhausted:
        return True


def _chosen(scope: Scope, first_day: date, last_day: date, principal_id: int | None) -> Select[Any]:
    known_as = select(func.count(OutboxEvent.provider_id.distinct())).where(OutboxEvent.message_id == OutboxMessage.id)
    wanted = [column for column in OutboxMessage.__table__.c if column.name not in _UNREAD]
    chosen = select(*wanted, known_as.scalar_subquery().label("provider_ids"))
    chosen = chosen.where(*asked_between(first_day, last_day))
    if principal_id is not None:
        chosen = chosen.where(OutboxMessage.principal_id == principal_id)
    return seen(chosen.order_by(OutboxMessage.created_at, OutboxMessage.id), scope)


_UNREAD = {"html", "subject", "subject_key", "lease_owner", "lease_until", "looks", "look_at"}


def _line(row: Any, key: bytes, principals: Mapping[int, str]) -> dict[str, Any]:
    return {
        "id": row.public_id,
        "asked_as": hashing.keyed_hash(key, "asked", row.business_key),
        "principal": principals.get(row.principal_id, "") if row.principal_id is not None else "",
        "purpose": row.purpose,
        "class": row.message_class,
        "channel": row.channel,
        "language": row.language,
        "text_version": row.text_id if row.text_id is not None else "",
        "resend": row.resend,
        "recipient": mask_address(row.recipient),
        "recipient_hash": row.recipient_hash,
        "sender": row.sender,
        "zone": row.zone,
        "region": row.region,
        "window": window_cell(row.window),
        "asked_at": moment_cell(row.created_at),
        "not_before": moment_cell(row.not_before),
        "expires_at": moment_cell(row.expires_at),
        "claimed_at": moment_cell(row.claimed_at),
        "sent_at": moment_cell(row.sent_at),
        "delivered_at": moment_cell(row.changed_at if row.state == "delivered" else None),
        "state": row.state,
        "reason": row.last_error or row.held or "",
        "parts": row.parts if row.channel == "sms" else "",
        "attempts": row.attempt,
        "provider_id": row.provider_id or "",
        "provider_ids": row.provider_ids,
        # Of the text without the tokens of its links, which is the same before and after they are forgotten.
        "body_hash": row.body_hash or hashing.keyed_hash(key, "text", mask_text(row.body, row.secrets)),
    }
