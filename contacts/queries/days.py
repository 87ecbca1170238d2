"""Contacts counted by day, where a day is one of the principal's zone."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Date, case, cast, func, select

from contacts.frames import span
from contacts.gaps import Cell
from contacts.models import Contact, Principal
from foundation.accounts.queries import scoped
from foundation.accounts.scope import EVERYTHING, Scope
from foundation.database import db


def daily_counts(principal_id: int, first_day: date, last_day: date, scope: Scope = EVERYTHING) -> dict[Cell, int]:
    """Contacts of these days, both inclusive, late ones too, per source, site, channel and day."""
    zone = ZoneInfo(db.session.scalars(select(Principal.zone).where(Principal.id == principal_id)).one())
    start, end = span(first_day, last_day, zone)
    day = local_day(Contact.started_at, zone, start, end)
    statement = (
        select(Contact.source, Contact.site_id, Contact.channel, day, func.count())
        .where(Contact.principal_id == principal_id, Contact.started_at >= start, Contact.started_at < end)
        .group_by(Contact.source, Contact.site_id, Contact.channel, day)
    )
    rows = db.session.execute(scoped(statement, scope, principal=Contact.principal_id, site=Contact.site_id))
    return {Cell(source, site_id, channel, _as_date(on)): count for source, site_id, channel, on, count in rows}


def local_day(column: Any, zone: ZoneInfo, start: datetime, end: datetime) -> ColumnElement[Any]:
    """The day of ``zone`` on which a moment between ``start`` and ``end`` lies, as the database computes it.

    SQLite knows no zones: it adds the offset that holds, which changes at most twice a year.
    """
    if db.session.get_bind().dialect.name == "postgresql":
        return cast(func.timezone(zone.key, column), Date)
    *earlier, (_from, last) = _offsets(zone, start, end)
    until = [begins for begins, _offset in [*earlier, (_from, last)]][1:]
    branches = [
        (column < switch, func.date(column, f"{offset} seconds"))
        for (_begins, offset), switch in zip(earlier, until, strict=True)
    ]
    rest = func.date(column, f"{last} seconds")
    return case(*branches, else_=rest) if branches else rest


def _offsets(zone: ZoneInfo, start: datetime, end: datetime) -> list[tuple[datetime, int]]:
    """From which moment (UTC) which offset holds, in seconds with its sign."""
    found = [(start, _offset(zone, start))]
    moment = start
    while moment < end:
        following = moment + timedelta(hours=1)
        if _offset(zone, following) != found[-1][1]:
            found.append((_switch(zone, moment, following), _offset(zone, following)))
        moment = following
    return found


def _offset(zone: ZoneInfo, moment: datetime) -> int:
    offset = moment.astimezone(zone).utcoffset() or timedelta()
    return int(offset.total_seconds())


def _switch(zone: ZoneInfo, before: datetime, after: datetime) -> datetime:
    """The first second of the new offset."""
    while after - before > timedelta(seconds=1):
        middle = (before + (after - before) / 2).replace(microsecond=0)
        before, after = (middle, after) if _offset(zone, middle) == _offset(zone, before) else (before, middle)
    return after.astimezone(UTC)


def _as_date(value: date | str) -> date:
    return date.fromisoformat(value) if isinstance(value, str) else value
