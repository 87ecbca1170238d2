"""Counting who came back, behind the page: once for each closed period, when the log goes seven days beyond it."""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import func, select

from contacts.frames import span
from contacts.models import Contact, Period, Principal
from foundation.database import db, insert_if_absent
from satisfaction.models import RepeatCount
from satisfaction.repeats import WINDOW, Made, followed

MADE_BY_CUSTOMERS = "in"


def count_repeats(now: datetime) -> Iterator[int]:
    """Count each closed period that was not counted yet and beyond whose seven days the log goes; yields its id.

    Time alone is not enough: a log that comes in month by month holds nobody who came back early in the next.
    A piece is one period: whoever calls commits after each.
    """
    counted = select(RepeatCount.period_id).where(RepeatCount.period_id == Period.id).exists()
    waiting = select(Period, Principal.zone).join(Principal, Principal.id == Period.principal_id)
    for period, zone in db.session.execute(waiting.where(Period.closed_at.is_not(None), ~counted)).all():
        start, end = span(period.first_day, period.last_day, ZoneInfo(zone))
        if end + WINDOW <= now and _goes_beyond(period.principal_id, end + WINDOW):
            _count(period, start, end, now)
            yield period.id


def _goes_beyond(principal_id: int, moment: datetime) -> bool:
    later = select(Contact.id).where(Contact.principal_id == principal_id, Contact.started_at >= moment)
    return db.session.scalar(later.limit(1)) is not None


def _count(period: Period, start: datetime, end: datetime, now: datetime) -> None:
    contacts = _contacts(period.principal_id, start, end)
    known: Counter[tuple[int, str]] = Counter()
    repeated: Counter[tuple[int, str]] = Counter()
    for place, again in followed(_made(period.principal_id, start, end)):
        known[place] += 1
        repeated[place] += again
    rows = [
        {
            "period_id": period.id, "site_id": site_id, "channel": channel, "contacts": number,
            "known": known[site_id, channel], "followed": repeated[site_id, channel], "counted_at": now,
        }
        for (site_id, channel), number in contacts.items()
    ]  # fmt: skip
    if rows:
        insert_if_absent(RepeatCount, rows, ["period_id", "site_id", "channel"])


def _contacts(principal_id: int, start: datetime, end: datetime) -> dict[tuple[int, str], int]:
    statement = (
        select(Contact.site_id, Contact.channel, func.count())
        .where(Contact.principal_id == principal_id, Contact.direction == MADE_BY_CUSTOMERS, Contact.late.is_(False))
        .where(Contact.started_at >= start, Contact.started_at < end)
        .group_by(Contact.site_id, Contact.channel)
    )
    return {(site_id, channel): number for site_id, channel, number in db.session.execute(statement)}


def _made(principal_id: int, start: datetime, end: datetime) -> Iterator[Made]:
    """In the order of customer, reason and time, up to seven days after ``end``: also what came late follows."""
    reason = func.coalesce(func.nullif(Contact.reason_leaf, ""), Contact.reason)
    statement = (
        select(Contact.customer_id, reason, Contact.started_at, Contact.site_id, Contact.channel, Contact.late)
        .where(Contact.principal_id == principal_id, Contact.direction == MADE_BY_CUSTOMERS)
        .where(Contact.customer_id.is_not(None), Contact.started_at >= start, Contact.started_at < end + WINDOW)
        .order_by(Contact.customer_id, reason, Contact.started_at, Contact.id)
        .execution_options(yield_per=10_000)
    )
    for customer, about, at, site_id, channel, late in db.session.execute(statement):
        yield Made(customer, about, at, (site_id, channel), at < end and not late)
