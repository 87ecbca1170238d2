"""Which entry points, sites and channels answers came from: for the scope map of contacts."""

from datetime import date

from sqlalchemy import func, select

from contacts.models import Contact, EntryPoint
from contacts.queries.population import in_span
from contacts.scope_map import Place
from foundation.accounts.queries import scoped
from foundation.accounts.scope import Scope
from foundation.database import db
from surveys.models import Invitation


def answered_places(principal_id: int, first_day: date, last_day: date, scope: Scope) -> dict[Place, int]:
    """Completed interviews about contacts of these days, both inclusive, by where the contacts came in or went out.

    Counts of whole interviews, as the coverage ladder prints them; what was answered is not read.
    """
    address = func.coalesce(EntryPoint.address, Contact.entry_address)
    place = (Contact.entry_point_id, address, Contact.site_id, Contact.channel, Contact.direction)
    statement = (
        select(*place, func.count())
        .join(Invitation, Invitation.contact_id == Contact.id)
        .outerjoin(EntryPoint, EntryPoint.id == Contact.entry_point_id)
        .where(in_span(principal_id, first_day, last_day), Invitation.disposition == "completed")
        .group_by(*place)
    )
    rows = db.session.execute(scoped(statement, scope, Contact.principal_id, Contact.site_id))
    return {Place(*row[:5]): row[5] for row in rows}
