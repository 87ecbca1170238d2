"""The messages themselves, as somebody may list and open them."""

from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flask import current_app
from sqlalchemy import ColumnElement, Select, and_, bindparam, func, or_, select, union_all

from foundation.accounts.queries import scoped
from foundation.accounts.scope import Scope
from foundation.database import db
from notifications.keys import hash_of
from notifications.listing import DEFAULT_SENDER, LANES, Listing
from notifications.models import OutboxEvent, OutboxMessage
from notifications.searching import candidates

PAGE = 20
_NEWEST_FIRST = (OutboxMessage.created_at.desc(), OutboxMessage.id.desc())


def messages(scope: Scope, listing: Listing, now: datetime, before: int | None = None) -> list[OutboxMessage]:
    """Return the newest that ``listing`` asks for, one more than a page holds where there are more.

    ``before`` is the message the last page ended with.
    """
    conditions = [*_asked(listing, now), *_older_than(before)]
    if listing.states:
        # One short walk along the index for each state: over several at once a database would sort all of them.
        each = [_first(scope, [*conditions, is_state(state)]) for state in listing.states]
        ids = union_all(*(select(part.subquery().c.id) for part in each)) if len(each) > 1 else each[0]
    else:
        ids = _first(scope, conditions)
    found = select(OutboxMessage).where(OutboxMessage.id.in_(ids)).order_by(*_NEWEST_FIRST).limit(PAGE + 1)
    return list(db.session.scalars(found))


def count(scope: Scope, listing: Listing, now: datetime) -> int:
    """Return how many messages ``listing`` asks for."""
    states = [or_(*(is_state(state) for state in listing.states))] if listing.states else []
    counted = select(func.count()).select_from(OutboxMessage).where(*_asked(listing, now), *states)
    return db.session.scalar(seen(counted, scope)) or 0


def message(scope: Scope, message_id: int) -> OutboxMessage | None:
    """Return one message that ``scope`` may see."""
    return db.session.scalars(seen(select(OutboxMessage).where(OutboxMessage.id == message_id), scope)).first()


def events(message_id: int) -> list[OutboxEvent]:
    """Return everything that was done or said about a message, in order."""
    kept = select(OutboxEvent).where(OutboxEvent.message_id == message_id)
    return list(db.session.scalars(kept.order_by(OutboxEvent.at, OutboxEvent.id)))


def find_recipient(scope: Scope, text: str) -> str | None:
    """Return the hash of the recipient somebody typed, if a message went there; however the number is written."""
    hashes = [hash_of(candidate) for candidate in candidates(text)]
    found = select(OutboxMessage.recipient_hash).where(OutboxMessage.recipient_hash.in_(hashes)).limit(1)
    return db.session.scalar(seen(found, scope))


def seen(statement: Any, scope: Scope) -> Any:
    """Narrow ``statement`` over messages to what ``scope`` sees."""
    return scoped(statement, scope, principal=OutboxMessage.principal_id, site=OutboxMessage.site_id)


def is_state(state: str) -> ColumnElement[bool]:
    """Compare with a state written out in the statement, so that the index of what is queued can serve it."""
    return OutboxMessage.state == bindparam(None, state, literal_execute=True)


def day_begins(day: date) -> datetime:
    """Return the moment a day begins where the installation is."""
    return datetime.combine(day, time(), ZoneInfo(current_app.config["TIMEZONE"]))


def asked_between(first_day: date | None, last_day: date | None) -> list[ColumnElement[bool]]:
    """What was asked for on days, both included."""
    bounds: list[ColumnElement[bool]] = []
    if first_day is not None:
        bounds.append(OutboxMessage.created_at >= day_begins(first_day))
    if last_day is not None:
        bounds.append(OutboxMessage.created_at < day_begins(last_day + timedelta(days=1)))
    return bounds


def _first(scope: Scope, conditions: list[ColumnElement[bool]]) -> Select[tuple[int]]:
    found = select(OutboxMessage.id).where(*conditions).order_by(*_NEWEST_FIRST).limit(PAGE + 1)
    return seen(found, scope)


def _older_than(before: int | None) -> list[ColumnElement[bool]]:
    if before is None:
        return []
    at = select(OutboxMessage.created_at).where(OutboxMessage.id == before).scalar_subquery()
    same_moment = and_(OutboxMessage.created_at == at, OutboxMessage.id < before)
    return [OutboxMessage.created_at <= at, or_(OutboxMessage.created_at < at, same_moment)]


def _asked(listing: Listing, now: datetime) -> list[ColumnElement[bool]]:
    """The filters but for the states."""
    equal = {
        OutboxMessage.channel: listing.channel,
        OutboxMessage.sender: "" if listing.sender == DEFAULT_SENDER else listing.sender,
        OutboxMessage.purpose: listing.purpose,
        OutboxMessage.principal_id: listing.principal,
        OutboxMessage.last_error: listing.reason,
        OutboxMessage.recipient_hash: listing.recipient,
        OutboxMessage.held: listing.held,
        OutboxMessage.priority: None if listing.lane is None else LANES.index(listing.lane),
    }
    conditions = [column == value for column, value in equal.items() if value is not None]
    if listing.due:
        conditions.append(OutboxMessage.not_before <= now)
    if listing.held is not None:
        conditions.append(OutboxMessage.not_before > now)
    return [*conditions, *asked_between(listing.first_day, listing.last_day)]
