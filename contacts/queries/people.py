"""Customers by their addresses."""

from collections.abc import Collection, Iterator
from typing import Any

from sqlalchemy import Row, Select, bindparam, func, select

from contacts.models import Customer
from foundation.database import db
from foundation.many import any_of

KNOWN_OF_CUSTOMERS = ("id", "phone", "phone_takes_sms", "email", "name", "language")


def customers_by_phone(phone: str) -> list[Customer]:
    """Every principal's customer with this number (E.164), the most recent first."""
    return list(db.session.scalars(select(Customer).where(Customer.phone == phone).order_by(Customer.id.desc())))


def known_customers(principal_id: int, phones: Collection[str], emails: Collection[str]) -> list[Row[Any]]:
    """What is known (``KNOWN_OF_CUSTOMERS``, then ``merged_into_id``) of the principal's customers that have one of
    these numbers or addresses, each once, oldest first."""
    columns = (*(getattr(Customer, name) for name in KNOWN_OF_CUSTOMERS), Customer.merged_into_id)
    mine = select(*columns).where(Customer.principal_id == bindparam("principal"))
    found: dict[int, Row[Any]] = {}
    for looked_at, values in ((Customer.phone, phones), (Customer.email, emails)):
        if values:
            rows = db.session.execute(
                mine.where(any_of(looked_at, "values")), {"principal": principal_id, "values": values}
            )
            found.update((row.id, row) for row in rows)
    return [found[customer_id] for customer_id in sorted(found)]


def customers_by_id(ids: Collection[int]) -> list[Row[Any]]:
    """What is known (``KNOWN_OF_CUSTOMERS``) of these customers."""
    columns = (getattr(Customer, name) for name in KNOWN_OF_CUSTOMERS)
    return list(db.session.execute(select(*columns).where(Customer.id.in_(ids)).order_by(Customer.id)))


def people_with(addresses: Collection[str]) -> Select[tuple[int]]:
    """The ids of every principal's customers with one of these addresses, or with a row that was merged into theirs."""
    theirs = Customer.phone.in_(addresses) | Customer.email.in_(addresses)
    return select(func.coalesce(Customer.merged_into_id, Customer.id)).where(theirs)


def merged_addresses(principal_id: int) -> dict[int, set[str]]:
    """The addresses that rows of a principal brought along which became part of another, by that other's id."""
    rows = db.session.execute(
        select(Customer.merged_into_id, Customer.phone, Customer.email).where(
            Customer.principal_id == principal_id, Customer.merged_into_id.is_not(None)
        )
    )
    found: dict[int, set[str]] = {}
    for kept, phone, email in rows:
        found.setdefault(kept, set()).update(address for address in (phone, email) if address)
    return found


def every_address() -> Iterator[str]:
    """Every number and e-mail address of a customer, several times where several principals know it."""
    for column in (Customer.phone, Customer.email):
        yield from db.session.scalars(select(column).where(column.is_not(None)).distinct()).all()
