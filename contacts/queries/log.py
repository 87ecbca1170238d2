"""The contact log, filtered and counted for the people who look at it."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Row, Select, func, select

from contacts.frames import span
from contacts.models import Contact, Period, Principal, Site
from foundation.accounts.queries import scoped
from foundation.accounts.scope import Scope
from foundation.database import db


@dataclass(frozen=True)
class LogFilter:
    """What part of the log to show; None shows all. Days are inclusive and of ``zone``."""

    principal_id: int | None = None
    site_id: int | None = None
    channel: str | None = None
    direction: str | None = None
    source: str | None = None
    #: An entry point by its id, or one in no list by its address; 0 with "": where the log names none.
    entry_point_id: int | None = None
    address: str | None = None
    first_day: date | None = None
    last_day: date | None = None
    zone: str = "Europe/Paris"


@dataclass(frozen=True)
class Population:
    """How many contacts a site had on a channel, and how many of them came too late to be counted."""

    site: str
    channel: str
    contacts: int
    late: int


def contacts_page(wanted: LogFilter, scope: Scope, page: int, size: int) -> list[Row[Any]]:
    """One page (from 1) of (contact, site, principal name), the latest first, and one more row if there are more."""
    statement = (
        select(Contact, Site, Principal.name)
        .join(Site, Site.id == Contact.site_id)
        .join(Principal, Principal.id == Contact.principal_id)
        .order_by(Contact.started_at.desc(), Contact.id.desc())
    )
    shown = _filtered(statement, wanted, scope).offset((page - 1) * size).limit(size + 1)
    return list(db.session.execute(shown))


def populations(wanted: LogFilter, scope: Scope) -> list[Population]:
    """Contacts per site and channel, by site name."""
    late = func.count().filter(Contact.late)
    statement = (
        select(Site.name, Contact.channel, func.count() - late, late)
        .join(Site, Site.id == Contact.site_id)
        .group_by(Site.id, Site.name, Contact.channel)
        .order_by(Site.name, Contact.channel)
    )
    return [Population(*row) for row in db.session.execute(_filtered(statement, wanted, scope))]


def contact_seen(contact_id: int, scope: Scope) -> bool:
    """Whether there is such a contact within ``scope``."""
    return db.session.scalars(
        _filtered(select(Contact.id).where(Contact.id == contact_id), LogFilter(), scope)
    ).one_or_none() is not None  # fmt: skip


def periods(scope: Scope) -> list[Row[Any]]:
    """(closed period, principal name) that ``scope`` sees, the latest days first."""
    known = select(Period, Principal.name).join(Principal, Principal.id == Period.principal_id)
    statement = known.where(Period.closed_at.is_not(None))
    statement = scoped(statement, scope, principal=Period.principal_id)
    return list(db.session.execute(statement.order_by(Period.first_day.desc(), Principal.name)))


def first_and_last(principal_id: int) -> tuple[datetime, datetime] | None:
    """When the first and the last contact of the principal began; None if there is none."""
    first, last = db.session.execute(
        select(func.min(Contact.started_at), func.max(Contact.started_at)).where(Contact.principal_id == principal_id)
    ).one()
    return (first, last) if first and last else None


def _filtered(statement: Select[Any], wanted: LogFilter, scope: Scope) -> Select[Any]:
    statement = scoped(statement, scope, principal=Contact.principal_id, site=Contact.site_id)
    if wanted.principal_id is not None:
        statement = statement.where(Contact.principal_id == wanted.principal_id)
    if wanted.site_id is not None:
        statement = statement.where(Contact.site_id == wanted.site_id)
    if wanted.channel is not None:
        statement = statement.where(Contact.channel == wanted.channel)
    if wanted.direction is not None:
        statement = statement.where(Contact.direction == wanted.direction)
    if wanted.source is not None:
        statement = statement.where(Contact.source == wanted.source)
    return _within_days(_by_entry_point(statement, wanted), wanted)


def _by_entry_point(statement: Select[Any], wanted: LogFilter) -> Select[Any]:
    if wanted.entry_point_id:
        return statement.where(Contact.entry_point_id == wanted.entry_point_id)
    if wanted.address is not None:
        return statement.where(Contact.entry_point_id.is_(None), Contact.entry_address == wanted.address)
    return statement


def _within_days(statement: Select[Any], wanted: LogFilter) -> Select[Any]:
    zone = ZoneInfo(wanted.zone)
    if wanted.first_day is not None:
        statement = statement.where(Contact.started_at >= span(wanted.first_day, wanted.first_day, zone)[0])
    if wanted.last_day is not None:
        statement = statement.where(Contact.started_at < span(wanted.last_day, wanted.last_day, zone)[1])
    return statement
