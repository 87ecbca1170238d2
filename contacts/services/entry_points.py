"""Entry and exit points: added, changed and closed; one added later takes up the contacts that named it."""

import re
import unicodedata
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, func, select, update

from contacts.entry_points import normal_address
from contacts.models import Contact, EntryPoint
from contacts.services import gates
from contacts.services.open_contacts import in_open_periods
from foundation.accounts.queries import scoped
from foundation.accounts.scope import EVERYTHING, Scope
from foundation.database import db
from foundation.ledger import services as ledger

#: What may be changed: a point is its channel, direction and address, and another address is another point.
CHANGED = ("name", "site_id", "first_day", "last_day")


class EntryPointRefused(Exception):
    """``entry-point-known``, ``-key-taken``, ``-reversed``, ``-elsewhere`` or ``changed-meanwhile``."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def add_entry_point(
    principal_id: int,
    values: Mapping[str, Any],
    now: datetime,
    actor_id: int | None = None,
    scope: Scope = EVERYTHING,
) -> tuple[EntryPoint, int]:
    """Add one, and give it the contacts of open periods that named its address; returns it and how many they were.

    ``values`` has ``channel``, ``direction``, ``address`` (as people write it) and ``name``, and may have ``key``,
    ``site_id``, ``first_day`` and ``last_day``. Raises EntryPointRefused, also for an address that contacts of sites
    outside ``scope`` named: it would be said of them by who does not see them.
    """
    gates.enter(principal_id)
    known = {**dict.fromkeys(CHANGED), **values, "address": normal_address(values["address"])[:200]}
    known["name"] = known["name"] or known["address"]
    known["key"] = _key(principal_id, known)
    _refuse(principal_id, known)
    point = EntryPoint(principal_id=principal_id, created_at=now, version=1, **known)
    _refuse_elsewhere(point, scope)
    db.session.add(point)
    db.session.flush()
    taken = take_up(point)
    _tell_ledger(point, "added", {**point.facts(), **_days(point), "contacts": taken}, now, actor_id)
    return point, taken


def change_entry_point(
    point: EntryPoint, version: int, values: Mapping[str, Any], now: datetime, actor_id: int | None = None
) -> None:
    """Change name, site and days of one that still is at ``version``. Raises EntryPointRefused."""
    db.session.refresh(point, with_for_update={"key_share": True})
    if point.version != version:
        raise EntryPointRefused("changed-meanwhile")
    _refuse_days(values["first_day"], values["last_day"])
    changed = {name: values[name] for name in CHANGED if getattr(point, name) != values[name]}
    if not changed:
        return
    for name, value in changed.items():
        setattr(point, name, value)
    point.version += 1
    said = {name: value.isoformat() if isinstance(value, date) else value for name, value in changed.items()}
    _tell_ledger(point, "changed", said, now, actor_id)


def _refuse(principal_id: int, known: Mapping[str, Any]) -> None:
    _refuse_days(known["first_day"], known["last_day"])
    place = {name: known[name] for name in ("channel", "direction", "address")}
    mine = select(EntryPoint.id).filter_by(principal_id=principal_id)
    if db.session.scalars(mine.filter_by(**place)).first() is not None:
        raise EntryPointRefused("entry-point-known")
    if db.session.scalars(mine.filter_by(key=known["key"])).first() is not None:
        raise EntryPointRefused("entry-point-key-taken")


def _refuse_elsewhere(point: EntryPoint, scope: Scope) -> None:
    named = select(func.count()).where(_named(point))
    if db.session.scalar(named) != db.session.scalar(scoped(named, scope, site=Contact.site_id)):
        raise EntryPointRefused("entry-point-elsewhere")


def _refuse_days(first_day: date | None, last_day: date | None) -> None:
    if first_day and last_day and last_day < first_day:
        raise EntryPointRefused("entry-point-reversed")


def _key(principal_id: int, known: Mapping[str, Any]) -> str:
    """The key that was given, else one from the name that is not taken."""
    if known.get("key"):
        return str(known["key"])
    letters = unicodedata.normalize("NFKD", f"{known['name']} {known['channel']}".lower())
    stem = re.sub(r"[^a-z0-9]+", "-", "".join(c for c in letters if not unicodedata.combining(c))).strip("-")[:50]
    taken = set(db.session.scalars(select(EntryPoint.key).filter_by(principal_id=principal_id)))
    return next(key for key in [stem, *(f"{stem}-{n}" for n in range(2, len(taken) + 3))] if key not in taken)


def take_up(point: EntryPoint) -> int:
    """Attach the contacts of open periods that named this address; return how many. A closed frame stays as it is."""
    named = update(Contact).where(
        in_open_periods(point.principal_id),
        Contact.entry_point_id.is_(None),
        _named(point),
    )
    return int(db.session.execute(named.values(entry_point_id=point.id), execution_options=NO_SYNC).rowcount)


def _named(point: EntryPoint) -> ColumnElement[bool]:
    """The condition that a contact named this address, whenever it was made."""
    return and_(
        Contact.principal_id == point.principal_id,
        Contact.channel == point.channel,
        Contact.direction == point.direction,
        Contact.entry_address == point.address,
    )


NO_SYNC = {"synchronize_session": False}


def _days(point: EntryPoint) -> dict[str, str | None]:
    days = {"first_day": point.first_day, "last_day": point.last_day}
    return {name: day.isoformat() if day else None for name, day in days.items()}


def _tell_ledger(point: EntryPoint, act: str, facts: dict[str, Any], now: datetime, actor_id: int | None) -> None:
    subject = f"entry-point:{point.id}"
    ledger.record(f"contacts.entry-point-{act}", subject, facts, now, actor_id, principal_id=point.principal_id)
