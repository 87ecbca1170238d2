"""Which contacts may still be read anew: those of no closed period."""

from sqlalchemy import ColumnElement, and_, not_, or_, true

from contacts.models import Contact
from contacts.services.recording import closed_spans


def in_open_periods(principal_id: int) -> ColumnElement[bool]:
    """The condition that a contact of this principal is in no closed period: what is closed never changes."""
    closed = [and_(Contact.started_at >= start, Contact.started_at < end) for start, end in closed_spans(principal_id)]
    outside = not_(or_(*closed)) if closed else true()
    return and_(Contact.principal_id == principal_id, Contact.late.is_(False), outside)
