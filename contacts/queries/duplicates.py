"""Rows that may be one person, and what was decided about them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from sqlalchemy import ColumnElement, func, or_, select

from contacts.duplicates import PERSON, Row, possible
from contacts.models import Customer, CustomerLink, Principal
from foundation.accounts.queries import scoped
from foundation.accounts.scope import Scope
from foundation.database import db
from foundation.many import any_of

ADDRESSES_AT_ONCE = 500


@dataclass(frozen=True)
class Pair:
    """Two rows for a person to look at."""

    principal: Principal
    kept: Customer
    other: Customer


def shared_emails(principal_id: int, after: str, at_most: int) -> list[str]:
    """E-mail addresses that several rows of a principal have, in their order, so many after ``after``."""
    several = select(Customer.email).where(_living(principal_id), Customer.email > after).group_by(Customer.email)
    several = several.having(func.count() > 1).order_by(Customer.email)
    return [email for email in db.session.scalars(several.limit(at_most)) if email]


def alike(principal_id: int, emails: Sequence[str]) -> Iterator[list[Row]]:
    """Rows of a principal with one of these e-mail addresses in common, several together, oldest first."""
    columns = (Customer.id, Customer.phone, Customer.email, Customer.name)
    wanted = select(*columns).where(_living(principal_id), any_of(Customer.email, "emails"))
    rows = db.session.execute(wanted.order_by(Customer.email, "id"), {"emails": emails})
    for _email, group in groupby(rows, key=lambda row: row.email):
        yield [Row(*row) for row in group]


def decided(principal_id: int, rule: str, ids: Sequence[int]) -> set[tuple[int, int]]:
    """The pairs that ``rule`` has decided about in which one of ``ids`` is: merged, apart, or a merge undone."""
    mine = (CustomerLink.principal_id == principal_id) & (CustomerLink.rule == rule)
    theirs = or_(any_of(CustomerLink.kept_id, "ids"), any_of(CustomerLink.other_id, "ids"))
    rows = db.session.execute(select(CustomerLink.kept_id, CustomerLink.other_id).where(mine, theirs), {"ids": ids})
    return {pair_of(kept, other) for kept, other in rows}


def pair_of(one: int, other: int) -> tuple[int, int]:
    """Two rows, whichever is named first."""
    return min(one, other), max(one, other)


def _living(principal_id: int) -> ColumnElement[bool]:
    return (Customer.principal_id == principal_id) & Customer.erased_at.is_(None) & Customer.merged_into_id.is_(None)


def undecided(principals: list[Principal], at_most: int) -> list[Pair]:
    """Possible duplicates nobody has decided about, at most so many."""
    found: list[Pair] = []
    for principal in principals:
        for kept, other in _undecided(principal.id):
            one, two = db.session.get_one(Customer, kept.id), db.session.get_one(Customer, other.id)
            found.append(Pair(principal, one, two))
            if len(found) == at_most:
                return found
    return found


def _undecided(principal_id: int) -> Iterator[tuple[Row, Row]]:
    last = ""
    while emails := shared_emails(principal_id, last, ADDRESSES_AT_ONCE):
        last = emails[-1]
        groups = list(alike(principal_id, emails))
        known = decided(principal_id, PERSON, [row.id for rows in groups for row in rows])
        pairs = (pair for rows in groups for pair in possible(rows))
        yield from ((kept, other) for kept, other in pairs if pair_of(kept.id, other.id) not in known)


def link_seen(link_id: int, scope: Scope) -> CustomerLink | None:
    """A decision that ``scope`` sees."""
    wanted = select(CustomerLink).where(CustomerLink.id == link_id)
    return db.session.scalars(scoped(wanted, scope, principal=CustomerLink.principal_id)).one_or_none()


def links_of(customer_ids: tuple[int, ...]) -> list[CustomerLink]:
    """What was decided about these rows, the newest first."""
    theirs = CustomerLink.kept_id.in_(customer_ids) | CustomerLink.other_id.in_(customer_ids)
    return list(db.session.scalars(select(CustomerLink).where(theirs).order_by(CustomerLink.id.desc())))
