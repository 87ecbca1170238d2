"""Entry points of a principal."""

from sqlalchemy import select

from contacts.entry_points import EntryPoints
from contacts.models import EntryPoint
from foundation.database import db


def entry_points_of(principal_id: int) -> EntryPoints:
    """The ids of the principal's entry points, by channel, direction and address."""
    rows = db.session.execute(
        select(EntryPoint.channel, EntryPoint.direction, EntryPoint.address, EntryPoint.id).where(
            EntryPoint.principal_id == principal_id
        )
    )
    return {(row.channel, row.direction, row.address): row.id for row in rows}
