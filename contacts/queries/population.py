"""Populations: who contacted a principal in a span of days."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, and_, func, select

from contacts.frames import FrameRow, span
from contacts.models import Contact, Customer, EntryPoint, Period, Principal, Site
from foundation.database import db
from foundation.many import any_of

ROWS_AT_ONCE = 2000
FRAME_COLUMNS = (
    Contact.id,
    Contact.public_id,
    Contact.customer_id,
    Contact.principal_id,
    Contact.site_id,
    Site.key,
    Contact.channel,
    Contact.direction,
    Contact.started_at,
    Contact.reason,
    Contact.agent,
    Contact.outcome,
    Contact.language,
    and_(Customer.phone.is_not(None), func.coalesce(Customer.phone_takes_sms, False)),
    Customer.email.is_not(None),
    func.coalesce(EntryPoint.key, ""),
    Contact.reason_group,
    Contact.reason_leaf,
    Contact.facts,
)


_ROWS = (
    select(*FRAME_COLUMNS)
    .join(Site, Site.id == Contact.site_id)
    .outerjoin(Customer, Customer.id == Contact.customer_id)
    .outerjoin(EntryPoint, EntryPoint.id == Contact.entry_point_id)
)


def in_span(principal_id: int, first_day: date, last_day: date) -> ColumnElement[bool]:
    """The condition that a contact began on these days, both inclusive, of the principal's zone."""
    start, end = days_in_zone(principal_id, first_day, last_day)
    return and_(Contact.principal_id == principal_id, Contact.started_at >= start, Contact.started_at < end)


def days_in_zone(principal_id: int, first_day: date, last_day: date) -> tuple[datetime, datetime]:
    """When these days, both inclusive, begin and end in the principal's zone; the second moment is outside them."""
    zone = db.session.scalars(select(Principal.zone).where(Principal.id == principal_id)).one()
    return span(first_day, last_day, ZoneInfo(zone))


def span_frame(principal_id: int, first_day: date, last_day: date) -> Iterator[FrameRow]:
    """The contacts of these days in the order of their public ids, without late ones."""
    statement = (
        _ROWS.where(in_span(principal_id, first_day, last_day), Contact.late.is_(False))
        .order_by(Contact.public_id)
        .execution_options(yield_per=ROWS_AT_ONCE)
    )
    for row in db.session.execute(statement):
        yield FrameRow(*row)


def frame_of(contact_ids: Sequence[int]) -> list[FrameRow]:
    """These contacts, in the order in which they were recorded."""
    statement = _ROWS.where(any_of(Contact.id, "ids")).order_by(Contact.id)
    return [FrameRow(*row) for row in db.session.execute(statement, {"ids": contact_ids})]


def period_frame(period_id: int) -> Iterator[FrameRow]:
    """The population of a period in the order of public ids; fixed once the period is closed."""
    period = db.session.scalars(select(Period).where(Period.id == period_id)).one()
    return span_frame(period.principal_id, period.first_day, period.last_day)


def contact_counts(principal_id: int, first_day: date, last_day: date) -> dict[tuple[int, str], int]:
    """Contacts of these days per (site id, channel), without late ones: the same population as the frame."""
    return _counts(principal_id, first_day, last_day, late=False)


def late_counts(principal_id: int, first_day: date, last_day: date) -> dict[tuple[int, str], int]:
    """Contacts of these days that came after their period was closed, per (site id, channel)."""
    return _counts(principal_id, first_day, last_day, late=True)


def _counts(principal_id: int, first_day: date, last_day: date, late: bool) -> dict[tuple[int, str], int]:
    statement = (
        select(Contact.site_id, Contact.channel, func.count())
        .where(in_span(principal_id, first_day, last_day), Contact.late.is_(late))
        .group_by(Contact.site_id, Contact.channel)
    )
    return {(site_id, channel): count for site_id, channel, count in db.session.execute(statement)}
