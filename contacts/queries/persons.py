"""One person: which rows and addresses are theirs, who else has them, and everything held of them."""

from collections.abc import Iterator
from datetime import datetime

from flask import current_app
from sqlalchemy import or_, select

from contacts.addresses import BadAddress, normalise_email, normalise_phone
from contacts.models import Contact, Customer, Erasure
from contacts.queries.agreements import principals_sharing
from foundation.accounts.queries import scoped
from foundation.accounts.scope import EVERYTHING, Scope
from foundation.database import db
from foundation.people import Found, Held, Part, Person

COUNTRIES = ("FR", "BE", "CH", "LU")


def parts() -> list[Part]:
    """What every package has of people, registered in app.py, in the order in which they let go: the locks' order."""
    return list(current_app.extensions["people"])


def customer_seen(customer_id: int, scope: Scope) -> Customer | None:
    """The customer, or the row it became part of, if ``scope`` sees the whole of its principal."""
    if scope.site_ids is not None:
        return None
    seen = scoped(select(Customer).where(Customer.id == customer_id), scope, principal=Customer.principal_id)
    customer = db.session.scalars(seen).one_or_none()
    if customer is not None and customer.merged_into_id is not None:
        return db.session.get_one(Customer, customer.merged_into_id)
    return customer


def rows_of(customer: Customer) -> list[Customer]:
    """The row of a person and those that became part of it."""
    merged = select(Customer).where(Customer.merged_into_id == customer.id).order_by(Customer.id)
    return [customer, *db.session.scalars(merged)]


def person_of(customer: Customer) -> Person:
    """The person behind a customer, as every package will be asked about."""
    rows = rows_of(customer)
    ids = tuple(row.id for row in rows)
    addresses = sorted({address for row in rows for address in (row.phone, row.email) if address})
    shared = _shared(customer.principal_id, ids, addresses)
    own = tuple(address for address in addresses if address not in shared)
    person = Person(customer.principal_id, ids, own, alone=not _elsewhere(customer.principal_id, own))
    about = frozenset(subject for part in parts() for subject in part.subjects(person))
    return Person(person.principal_id, ids, own, person.alone, about)


def sparing(person: Person, now: datetime) -> Person:
    """The same person with the subjects that may not go yet."""
    spared = frozenset(subject for part in parts() for subject in part.spared(person, now))
    return Person(person.principal_id, person.customer_ids, person.addresses, person.alone, person.subjects, spared)


def held_of(person: Person) -> Iterator[tuple[Part, Held]]:
    """Everything held of a person, package by package."""
    for part in parts():
        yield from ((part, held) for held in part.held(person))


def partners_of(customer: Customer, at: datetime) -> list[Customer]:
    """The same person at the principals that agreed to erase together: by number, or by e-mail where one has none."""
    sharing = principals_sharing(customer.principal_id, "erasure", at) - {customer.principal_id}
    if not sharing:
        return []
    found: dict[int, Customer] = {}
    for row in rows_of(customer):
        same = []
        if row.phone:
            same.append(Customer.phone == row.phone)
        if row.email:
            by_email = Customer.email == row.email
            same.append(by_email & Customer.phone.is_(None) if row.phone else by_email)
        living = select(Customer).where(Customer.principal_id.in_(sharing), Customer.erased_at.is_(None))
        for other in db.session.scalars(living.where(or_(*same)).order_by(Customer.id)) if same else ():
            whole = db.session.get_one(Customer, other.merged_into_id) if other.merged_into_id else other
            found[whole.id] = whole
    return list(found.values())


def erasures_of(customer: Customer) -> list[Erasure]:
    """When and how a customer was erased, and what is left of it, newest first."""
    return list(
        db.session.scalars(select(Erasure).where(Erasure.customer_id == customer.id).order_by(Erasure.id.desc()))
    )


def find(typed: str, scope: Scope) -> list[Found]:
    """Whom a number, an e-mail address or a reference leads to, among the principals ``scope`` sees as a whole."""
    if scope.site_ids is not None or not typed.strip():
        return []
    addresses = addresses_typed(typed)
    found = [_found(row) for row in _customers(typed, addresses, scope)]
    for part in parts():
        found += [one for one in part.find(typed, addresses, scope) if not _is_among(one, found)]
    return found


def addresses_typed(typed: str) -> list[str]:
    """The addresses that ``typed`` may stand for; a national number is read as one of each country near by."""
    if "@" in typed:
        try:
            address = normalise_email(typed)
        except BadAddress:
            return []
        return [address] if address else []
    read = []
    for country in COUNTRIES:
        try:
            phone = normalise_phone(typed, country)
        except BadAddress:
            continue
        read += [phone.e164] if phone and phone.e164 not in read else []
    return read


def _customers(typed: str, addresses: list[str], scope: Scope) -> list[Customer]:
    named = select(Contact.customer_id).where(
        or_(Contact.external_id == typed.strip(), Contact.public_id == typed.strip())
    )
    theirs = or_(Customer.phone.in_(addresses), Customer.email.in_(addresses), Customer.id.in_(named))
    wanted = scoped(select(Customer).where(theirs), scope, principal=Customer.principal_id).order_by(Customer.id)
    whole = {row.merged_into_id or row.id for row in db.session.scalars(wanted)}
    return list(db.session.scalars(select(Customer).where(Customer.id.in_(whole)).order_by(Customer.id)))


def _found(row: Customer) -> Found:
    return Found(row.principal_id, row.id, row.name, row.phone, row.phone_takes_sms, row.email)


def _is_among(one: Found, found: list[Found]) -> bool:
    """Whether the same person was found already: by row, or by an address at the same principal."""
    return any(
        one.principal_id == other.principal_id
        and (
            (one.customer_id is not None and one.customer_id == other.customer_id)
            or (one.phone is not None and one.phone == other.phone)
            or (one.email is not None and one.email == other.email)
        )
        for other in found
    )


def _shared(principal_id: int, ids: tuple[int, ...], addresses: list[str]) -> set[str]:
    """Those of the addresses that another customer of the same principal has too: a family's, an office's."""
    others = select(Customer.email).where(
        Customer.principal_id == principal_id, Customer.email.in_(addresses), Customer.id.not_in(ids)
    )
    return {email for email in db.session.scalars(others) if email}


def _elsewhere(principal_id: int, addresses: tuple[str, ...]) -> bool:
    """Whether another principal knows one of the addresses."""
    known = select(Customer.id).where(
        Customer.principal_id != principal_id, or_(Customer.phone.in_(addresses), Customer.email.in_(addresses))
    )
    if db.session.scalar(known.limit(1)) is not None:
        return True
    return any(one.principal_id != principal_id for part in parts() for one in part.find("", addresses, EVERYTHING))
