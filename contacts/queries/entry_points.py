"""Entry points of a principal."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, and_, func, select

from contacts.entry_points import EntryPoints
from contacts.models import Contact, EntryPoint, Principal, Site
from foundation.accounts.queries import scoped
from foundation.accounts.scope import EVERYTHING, Scope
from foundation.database import db


@dataclass(frozen=True)
class Unlisted:
    """A number, address or queue that contacts named and that is in no list."""

    principal_id: int
    channel: str
    direction: str
    address: str
    contacts: int
    first: datetime
    last: datetime


def entry_points_of(principal_id: int) -> EntryPoints:
    """The ids of the principal's entry points, by channel, direction and address."""
    rows = db.session.execute(
        select(EntryPoint.channel, EntryPoint.direction, EntryPoint.address, EntryPoint.id).where(
            EntryPoint.principal_id == principal_id
        )
    )
    return {(row.channel, row.direction, row.address): row.id for row in rows}


def entry_points(scope: Scope = EVERYTHING, principal_id: int | None = None) -> list[Row[Any]]:
    """(entry point, principal's name, site's name or None) that ``scope`` sees, by principal and name."""
    statement = (
        select(EntryPoint, Principal.name, Site.name)
        .join(Principal, Principal.id == EntryPoint.principal_id)
        .outerjoin(Site, Site.id == EntryPoint.site_id)
        .order_by(Principal.name, EntryPoint.direction, EntryPoint.channel, EntryPoint.name, EntryPoint.id)
    )
    if principal_id is not None:
        statement = statement.where(EntryPoint.principal_id == principal_id)
    return list(db.session.execute(scoped(statement, scope, EntryPoint.principal_id, EntryPoint.site_id)))


def unlisted(principal_id: int, scope: Scope = EVERYTHING, limit: int = 50) -> list[Unlisted]:
    """What contacts of this principal named and no list knows, the most often named first."""
    point = and_(
        EntryPoint.principal_id == Contact.principal_id,
        EntryPoint.channel == Contact.channel,
        EntryPoint.direction == Contact.direction,
        EntryPoint.address == Contact.entry_address,
    )
    named = (Contact.principal_id, Contact.channel, Contact.direction, Contact.entry_address)
    statement = (
        select(*named, func.count(), func.min(Contact.started_at), func.max(Contact.started_at))
        .outerjoin(EntryPoint, point)
        .where(
            Contact.principal_id == principal_id,
            Contact.entry_point_id.is_(None),
            Contact.entry_address != "",
            EntryPoint.id.is_(None),
        )
        .group_by(*named)
        .order_by(func.count().desc(), Contact.entry_address)
        .limit(limit)
    )
    return [
        Unlisted(*row) for row in db.session.execute(scoped(statement, scope, Contact.principal_id, Contact.site_id))
    ]
