"""Gaps between what sources say they sent and what was counted, and silent days."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import func, select

from contacts.gaps import DAYS_TO_SEND, WEEKS_BEFORE, Cell, Gap, Said, count_gaps, silent_days
from contacts.models import Contact, Explanation, Principal, Site, SourceCount
from contacts.queries.days import daily_counts
from contacts.queries.log import first_and_last
from foundation.accounts.queries import scoped
from foundation.accounts.scope import EVERYTHING, Scope
from foundation.database import db
from foundation.timing.storage import holiday_calendar


def told_counts(principal_id: int, first_day: date, last_day: date, scope: Scope = EVERYTHING) -> dict[Cell, int]:
    """What the sources say they had on these days, both inclusive."""
    statement = select(SourceCount).where(
        SourceCount.principal_id == principal_id, SourceCount.day >= first_day, SourceCount.day <= last_day
    )
    rows = db.session.scalars(scoped(statement, scope, principal=SourceCount.principal_id, site=SourceCount.site_id))
    return {Cell(row.source, row.site_id, row.channel, row.day): row.contacts for row in rows}


def gaps(principal_id: int, first_day: date, last_day: date, now: datetime, scope: Scope = EVERYTHING) -> list[Gap]:
    """Every gap of these days, both inclusive, by day, as they are known at ``now``; those explained say by whom."""
    counted = daily_counts(principal_id, first_day - timedelta(weeks=WEEKS_BEFORE), last_day, scope)
    told = told_counts(principal_id, first_day, last_day, scope)
    found = count_gaps(told, counted) + _silent(principal_id, counted, first_day, last_day, now)
    said = _said(principal_id, first_day, last_day)
    explained = [replace(gap, said=said.get((gap.kind, gap.cell, gap.expected, gap.counted))) for gap in found]
    return sorted(explained, key=lambda gap: (gap.cell.day, gap.cell.source, gap.cell.site_id, gap.cell.channel))


def unexplained(
    principal_id: int, first_day: date, last_day: date, now: datetime, scope: Scope = EVERYTHING
) -> list[Gap]:
    """The gaps of these days that wait for an explanation."""
    return [gap for gap in gaps(principal_id, first_day, last_day, now, scope) if gap.said is None]


def _silent(principal_id: int, counted: dict[Cell, int], first_day: date, last_day: date, now: datetime) -> list[Gap]:
    together: Counter[tuple[int, str, date]] = Counter()
    for cell, number in counted.items():
        together[cell.site_id, cell.channel, cell.day] += number
    ends = first_and_last(principal_id)
    if ends is None:
        return []
    zone = ZoneInfo(db.session.scalars(select(Principal.zone).where(Principal.id == principal_id)).one())
    since, until = (moment.astimezone(zone).date() for moment in ends)
    closed = _holidays({site_id for site_id, _channel, _day in together})
    until = max(until, now.astimezone(zone).date() - timedelta(days=DAYS_TO_SEND))
    return silent_days(together, first_day, min(last_day, until), since, closed)


def _holidays(site_ids: Iterable[int]) -> set[tuple[int, date]]:
    regions = db.session.execute(select(Site.id, Site.holiday_region).where(Site.id.in_(list(site_ids))))
    return {(site_id, day) for site_id, region in regions for day in holiday_calendar(region).holidays}


def _said(principal_id: int, first_day: date, last_day: date) -> dict[tuple[str, Cell, int, int], Said]:
    rows = db.session.scalars(
        select(Explanation).where(
            Explanation.principal_id == principal_id, Explanation.day >= first_day, Explanation.day <= last_day
        )
    )
    return {
        (row.kind, Cell(row.source, row.site_id, row.channel, row.day), row.expected, row.counted): Said(
            row.reason, row.explained_at, row.explained_by
        )
        for row in rows
    }


def known_sources(principal_id: int) -> list[str]:
    """The sources this principal's contacts came from, by name."""
    statement = select(Contact.source).where(Contact.principal_id == principal_id).distinct()
    return sorted(db.session.scalars(statement))


def days_of_batch(batch_id: int, zone: str) -> tuple[date, date] | None:
    """The first and the last day, in ``zone``, of the contacts that an import added; None where it added none."""
    first, last = db.session.execute(
        select(func.min(Contact.started_at), func.max(Contact.started_at)).where(Contact.batch_id == batch_id)
    ).one()
    return (first.astimezone(ZoneInfo(zone)).date(), last.astimezone(ZoneInfo(zone)).date()) if first else None
