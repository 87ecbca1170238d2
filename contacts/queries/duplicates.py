"""Rows that may be one person, and what was decided about them."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from sqlalchemy import func, select

from contacts.duplicates import PERSON, Row, possible
from contacts.models import Customer, CustomerLink, Principal
from foundation.accounts.queries import scoped
from foundation.accounts.scope import Scope
from foundation.database import db


@dataclass(frozen=True)
class Pair:
    """Two rows for a person to look at."""

    principal: Principal
    kept: Customer
    other: Customer


def alike(principal_id: int, at_most: int | None = None) -> Iterator[list[Row]]:
    """Rows of a principal with one e-mail address in common, several together, oldest first."""
    mine = (Customer.principal_id == principal_id) & Customer.erased_at.is_(None) & Customer.merged_into_id.is_(None)
    several = select(Customer.email).where(mine, Customer.email.is_not(None)).group_by(Customer.email)
    several = several.having(func.count() > 1).order_by(Customer.email)
    emails = list(db.session.scalars(several.limit(at_most)))
    columns = (Customer.id, Customer.phone, Customer.email, Customer.name)
    for start in range(0, len(emails), 500):
        rows = db.session.execute(
            select(*columns).where(mine, Customer.email.in_(emails[start : start + 500])).order_by(Customer.email, "id")
        )
        for _email, group in groupby(rows, key=lambda row: row.email):
            yield [Row(*row) for row in group]


def decided(principal_id: int, rule: str) -> set[tuple[int, int]]:
    """The pairs that ``rule`` has decided about: whether they were merged, or stay apart, or a merge was undone."""
    rows = db.session.execute(
        select(CustomerLink.kept_id, CustomerLink.other_id).where(
            CustomerLink.principal_id == principal_id, CustomerLink.rule == rule
        )
    )
    return {(min(kept, other), max(kept, other)) for kept, other in rows}


def undecided(principals: list[Principal], at_most: int) -> list[Pair]:
    """Possible duplicates nobody has decided about, at most so many."""
    found: list[Pair] = []
    for principal in principals:
        known = decided(principal.id, PERSON)
        for rows in alike(principal.id):
            for kept, other in possible(rows):
                if (min(kept.id, other.id), max(kept.id, other.id)) not in known:
                    one, two = db.session.get_one(Customer, kept.id), db.session.get_one(Customer, other.id)
                    found.append(Pair(principal, one, two))
                    if len(found) == at_most:
                        return found
    return found


def link_seen(link_id: int, scope: Scope) -> CustomerLink | None:
    """A decision that ``scope`` sees."""
    wanted = select(CustomerLink).where(CustomerLink.id == link_id)
    return db.session.scalars(scoped(wanted, scope, principal=CustomerLink.principal_id)).one_or_none()


def links_of(customer_ids: tuple[int, ...]) -> list[CustomerLink]:
    """What was decided about these rows, the newest first."""
    theirs = CustomerLink.kept_id.in_(customer_ids) | CustomerLink.other_id.in_(customer_ids)
    return list(db.session.scalars(select(CustomerLink).where(theirs).order_by(CustomerLink.id.desc())))
