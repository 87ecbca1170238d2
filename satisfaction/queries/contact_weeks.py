"""The contacts of closed periods by week and site: what complaints are set against."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import date, timedelta
from typing import NamedTuple

from sqlalchemy import select

from contacts.models import Period, Site
from contacts.queries import contact_counts
from foundation.accounts.scope import Scope
from foundation.database import db
from satisfaction.models import ContactWeek

WEEK, DAY = timedelta(days=7), timedelta(days=1)


class Week(NamedTuple):
    """Seven days of a period, or what is left of them, both ends inclusive, and the contacts by the key of the site."""

    first_day: date
    last_day: date
    contacts: dict[str, int]


def weeks_of(first_day: date, last_day: date) -> list[tuple[date, date]]:
    """A period cut into pieces of seven days from its first; the last may be shorter."""
    starts = range(0, (last_day - first_day).days + 1, 7)
    return [
        (first_day + timedelta(days=start), min(first_day + timedelta(days=start) + WEEK - DAY, last_day))
        for start in starts
    ]


def contact_weeks(periods: Iterable[Period], scope: Scope) -> list[Week]:
    """The weeks of closed ``periods`` with their contacts, those that came late left out, of the sites in scope."""
    keys = {row.id: row.key for row in db.session.execute(select(Site.id, Site.key)) if scope.sees_site(row.id)}
    found = []
    for period in periods:
        counted = _counted(period)
        for first_day, last_day in weeks_of(period.first_day, period.last_day):
            counts = counted.get(first_day, {}) if counted else count_week(period.principal_id, first_day, last_day)
            found.append(Week(first_day, last_day, {keys[site]: n for site, n in counts.items() if site in keys}))
    return found


def count_week(principal_id: int, first_day: date, last_day: date) -> dict[int, int]:
    """The contacts of some days by the id of their site, read from the log."""
    counts: Counter[int] = Counter()
    for (site_id, _channel), contacts in contact_counts(principal_id, first_day, last_day).items():
        counts[site_id] += contacts
    return dict(counts)


def _counted(period: Period) -> dict[date, dict[int, int]]:
    found: dict[date, dict[int, int]] = defaultdict(dict)
    for row in db.session.scalars(select(ContactWeek).filter_by(period_id=period.id)):
        found[row.first_day][row.site_id] = row.contacts
    return dict(found)
