"""The counts of who came back, of the closed periods within some days."""

from collections.abc import Collection

from sqlalchemy import select

from contacts.models import Site
from foundation.accounts.queries import scoped
from foundation.accounts.scope import Scope
from foundation.database import db
from satisfaction.cells import Place
from satisfaction.models import RepeatCount
from satisfaction.repeats import Repeats


def repeat_counts(period_ids: Collection[int], scope: Scope) -> tuple[dict[Place, Repeats], bool]:
    """The counts by place, and whether every one of the periods was counted."""
    statement = (
        select(RepeatCount, Site.key)
        .join(Site, Site.id == RepeatCount.site_id)
        .where(RepeatCount.period_id.in_(period_ids))
    )
    found: dict[Place, Repeats] = {}
    for row, site in db.session.execute(scoped(statement, scope, site=RepeatCount.site_id)):
        place = Place(site, row.channel)
        found[place] = found.get(place, Repeats(0, 0, 0)) + Repeats(row.contacts, row.known, row.followed)
    counted = db.session.scalars(
        select(RepeatCount.period_id).where(RepeatCount.period_id.in_(period_ids)).distinct()
    ).all()
    return found, set(period_ids) <= set(counted)
