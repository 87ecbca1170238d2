"""The contacts of the log by week and site: what complaints are set against."""

from collections import Counter
from collections.abc import Iterable
from datetime import date, timedelta

from sqlalchemy import select

from contacts.models import Principal, Site
from contacts.queries import contact_counts
from foundation.accounts.scope import Scope
from foundation.database import db

WEEK = timedelta(days=7)
DAY = timedelta(days=1)


def weeks_of(days: Iterable[tuple[date, date]]) -> list[tuple[date, date]]:
    """Spans of days cut into pieces of seven, from the first day of each; the last piece may be shorter."""
    found = []
    for first, last in days:
        while first <= last:
            found.append((first, min(first + WEEK - DAY, last)))
            first += WEEK
    return found


def contacts_of(principal: Principal, spans: Iterable[tuple[date, date]], scope: Scope) -> list[dict[str, int]]:
    """The contacts of each of the spans of days by the key of their site, those that came late left out."""
    keys = {row.id: row.key for row in db.session.execute(select(Site.id, Site.key))}
    found = []
    for first_day, last_day in spans:
        counts: Counter[str] = Counter()
        for (site_id, _channel), contacts in contact_counts(principal.id, first_day, last_day).items():
            if scope.sees_site(site_id):
                counts[keys[site_id]] += contacts
        found.append(dict(counts))
    return found
