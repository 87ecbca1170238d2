"""Customers by their addresses."""

from collections.abc import Iterable, Iterator

from sqlalchemy import select

from contacts.models import Customer
from foundation.database import db


def customers_by_phone(phone: str) -> list[Customer]:
    """Every principal's customer with this number (E.164), the most recent first."""
    return list(db.session.scalars(select(Customer).where(Customer.phone == phone).order_by(Customer.id.desc())))


def customers_with(principal_id: int, phones: Iterable[str], emails: Iterable[str]) -> list[Customer]:
    """The principal's customers that have one of these numbers or e-mail addresses, oldest first."""
    mine = select(Customer).where(Customer.principal_id == principal_id)
    by_phone = db.session.scalars(mine.where(Customer.phone.in_(list(phones)))).all()
    by_email = db.session.scalars(mine.where(Customer.email.in_(list(emails)))).all()
    return sorted({*by_phone, *by_email}, key=lambda customer: customer.id)


def every_address() -> Iterator[str]:
    """Every number and e-mail address of a customer, several times where several principals know it."""
    for column in (Customer.phone, Customer.email):
        yield from db.session.scalars(select(column).where(column.is_not(None)).distinct()).all()
