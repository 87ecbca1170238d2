"""What the scope map is made of."""

from datetime import date

from sqlalchemy import func, select

from contacts.models import Contact, EntryPoint
from contacts.queries.population import in_span
from contacts.scope_map import Count, Place, Point
from foundation.accounts.queries import scoped
from foundation.accounts.scope import Scope
from foundation.database import db


def points_of(principal_id: int, scope: Scope) -> list[Point]:
    """The entry and exit points of the principal that ``scope`` sees."""
    statement = select(EntryPoint).where(EntryPoint.principal_id == principal_id)
    rows = db.session.scalars(scoped(statement, scope, EntryPoint.principal_id, EntryPoint.site_id))
    names = ("id", "name", "address", "channel", "direction", "site_id", "first_day", "last_day")
    return [Point(**{name: getattr(row, name) for name in names}) for row in rows]


def counted_places(principal_id: int, first_day: date, last_day: date, scope: Scope) -> dict[Place, Count]:
    """Contacts of these days, both inclusive, late ones too, by where they came in or went out."""
    address = func.coalesce(EntryPoint.address, Contact.entry_address)
    place = (Contact.entry_point_id, address, Contact.site_id, Contact.channel, Contact.direction)
    statement = (
        select(*place, func.count(), func.count().filter(Contact.outcome == "answered"))
        .outerjoin(EntryPoint, EntryPoint.id == Contact.entry_point_id)
        .where(in_span(principal_id, first_day, last_day))
        .group_by(*place)
    )
    rows = db.session.execute(scoped(statement, scope, Contact.principal_id, Contact.site_id))
    return {Place(*row[:5]): Count(*row[5:]) for row in rows}
