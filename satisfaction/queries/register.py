"""The contact log and the complaint register, counted by site."""

from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import and_, case, func, or_, select

from complaints.models import Case, Clock
from contacts.frames import span
from contacts.models import Principal, Site
from contacts.queries import contact_counts
from foundation.accounts.queries import scoped
from foundation.accounts.scope import Scope
from foundation.database import db
from satisfaction.complaint_figures import NO_SITE, DueCount


def contact_totals(principal: Principal, days: Iterable[tuple[date, date]], scope: Scope) -> dict[str, int]:
    """The contacts of the log on ``days`` (inclusive spans) by the key of their site, those that came late left out."""
    found: Counter[int] = Counter()
    for first_day, last_day in days:
        for (site_id, _channel), contacts in contact_counts(principal.id, first_day, last_day).items():
            if scope.sees_site(site_id):
                found[site_id] += contacts
    keys = db.session.execute(select(Site.id, Site.key).where(Site.id.in_(found)))
    return {row.key: found[row.id] for row in keys}


def complaints_received(
    principal: Principal, days: Iterable[tuple[date, date]], scope: Scope
) -> dict[str, dict[str, int]]:
    """Complaints received on ``days`` by origin (spontaneous, survey) and site. A sequel is not counted again."""
    statement = (
        select(Case.origin, func.coalesce(Site.key, NO_SITE), func.count())
        .select_from(Case)
        .join(Site, Site.id == Case.site_id, isouter=True)
        .where(Case.principal_id == principal.id, Case.follows_id.is_(None))
        .where(_on_days(Case.received_at, days, principal.zone))
        .group_by(Case.origin, Site.key)
    )
    found: dict[str, dict[str, int]] = {"spontaneous": {}, "survey": {}}
    for origin, site, count in db.session.execute(scoped(statement, scope, site=Case.site_id)):
        found[origin][site] = count
    return found


def answers_due(
    principal: Principal, first_day: date, last_day: date, now: datetime, scope: Scope
) -> dict[str, DueCount]:
    """Complaints whose answer fell due from ``first_day`` to ``last_day`` and before ``now``, by site.

    What ended before its date without an answer (withdrawn) was owed no more and is left out.
    """
    in_time = and_(Clock.met_at.is_not(None), Clock.met_at < Clock.due_at)
    statement = (
        select(func.coalesce(Site.key, NO_SITE), func.count(), func.sum(case((in_time, 1), else_=0)))
        .select_from(Clock)
        .join(Case, Case.id == Clock.case_id)
        .join(Site, Site.id == Case.site_id, isouter=True)
        .where(Case.principal_id == principal.id, Clock.kind == "answer", Clock.due_at <= now)
        .where(Clock.due_on >= first_day, Clock.due_on <= last_day)
        .where(or_(Clock.void_at.is_(None), Clock.void_at >= Clock.due_at))
        .group_by(Site.key)
    )
    rows = db.session.execute(scoped(statement, scope, site=Case.site_id))
    return {site: DueCount(due, int(met)) for site, due, met in rows}


def _on_days(column: Any, days: Iterable[tuple[date, date]], zone: str) -> Any:
    """Whether a moment falls on one of the spans of days, both ends inclusive, in ``zone``."""
    spans = [span(first_day, last_day, ZoneInfo(zone)) for first_day, last_day in days]
    return or_(False, *(and_(column >= start, column < end) for start, end in spans))
