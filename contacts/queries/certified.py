"""Spans of the certified scope."""

from collections import defaultdict

from sqlalchemy import or_, select

from contacts.certified import Span
from contacts.models import CertifiedSpan
from foundation.accounts.scope import EVERYTHING, Scope
from foundation.database import db


def certified_spans(scope: Scope = EVERYTHING) -> dict[int, list[Span]]:
    """The spans of each site that ``scope`` sees, by day; those of principals it does not see are left out."""
    statement = select(CertifiedSpan).order_by(CertifiedSpan.first_day, CertifiedSpan.id)
    if scope.site_ids is not None:
        statement = statement.where(CertifiedSpan.site_id.in_(scope.site_ids))
    if scope.principal_ids is not None:
        mine = CertifiedSpan.principal_id.in_(scope.principal_ids)
        statement = statement.where(or_(mine, CertifiedSpan.principal_id.is_(None)))
    found: dict[int, list[Span]] = defaultdict(list)
    for row in db.session.scalars(statement):
        found[row.site_id].append(Span(row.first_day, row.last_day, row.principal_id))
    return found
