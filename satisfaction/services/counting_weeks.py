"""Counting the contacts of closed periods by week, behind the page: once for each."""

from collections.abc import Iterator

from sqlalchemy import select

from contacts.models import Period
from foundation.database import db, insert_if_absent
from satisfaction.models import ContactWeek
from satisfaction.queries.contact_weeks import count_week, weeks_of


def count_contact_weeks() -> Iterator[int]:
    """Count each closed period that was not counted yet; yields its id, and whoever calls commits after each.

    A period without contacts leaves no row, and costs next to nothing each time.
    """
    counted = select(ContactWeek.period_id).where(ContactWeek.period_id == Period.id).exists()
    waiting = select(Period).where(Period.closed_at.is_not(None), Period.population > 0, ~counted)
    for period in db.session.scalars(waiting).all():
        rows = [
            {"period_id": period.id, "first_day": first, "site_id": site_id, "contacts": contacts}
            for first, last in weeks_of(period.first_day, period.last_day)
            for site_id, contacts in count_week(period.principal_id, first, last).items()
        ]
        insert_if_absent(ContactWeek, rows, ["period_id", "first_day", "site_id"])
        yield period.id
