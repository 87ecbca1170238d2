"""Finding the customers of contacts, or adding them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Table, update

from contacts.entries import Entry
from contacts.models import Customer
from contacts.queries.people import KNOWN_OF_CUSTOMERS, customers_by_id, known_customers
from contacts.services.bulk import insert_rows, moment_writer, next_ids
from foundation.many import ForRows

COLUMNS = (*KNOWN_OF_CUSTOMERS, "principal_id", "created_at")


_TABLE = cast(Table, Customer.__table__)
_CHANGE = ForRows(
    {name: _TABLE.c[name].type for name in KNOWN_OF_CUSTOMERS},
    "id",
    lambda _dialect, known: (
        update(_TABLE)
        .where(_TABLE.c.id == known["id"])
        .values({name: known[name] for name in KNOWN_OF_CUSTOMERS if name != "id"})
    ),
)


@dataclass(slots=True)
class Person:
    """A customer while their contacts are read; ``id`` is None as long as they are not in the table."""

    id: int | None = None
    phone: str | None = None
    phone_takes_sms: bool = True
    email: str | None = None
    name: str = ""
    language: str = ""
    is_changed: bool = False

    def complete(self, entry: Entry) -> None:
        """Take from ``entry`` what is not known yet."""
        before = (self.phone, self.email, self.name, self.language)
        if entry.phone and self.phone is None:
            self.phone, self.phone_takes_sms = entry.phone.e164, entry.phone.takes_sms
        self.email = self.email or entry.email
        self.name = self.name or entry.name
        self.language = self.language or entry.language
        self.is_changed |= before != (self.phone, self.email, self.name, self.language)


class CustomerBook:
    """The customers of one principal that some entries are about: known ones first, then new ones.

    A number is matched first, then an e-mail address. Two numbers are two customers even if
    they share an e-mail address, because offices and families do; a customer known by e-mail
    alone takes the number that comes with it. What is known is completed, never overwritten.
    """

    def __init__(self, principal_id: int, entries: Sequence[Entry], now: datetime) -> None:
        self.principal_id = principal_id
        self.now = now
        self.entries = entries
        self.by_phone: dict[str, Person] = {}
        self.by_email: dict[str, Person] = {}
        phones = {entry.phone.e164 for entry in entries if entry.phone}
        emails = {entry.email for entry in entries if entry.email}
        found = known_customers(principal_id, phones, emails)
        for row in found:
            if row.merged_into_id is None:
                self._enter(Person(*row[:-1]))
        self._enter_merged([row for row in found if row.merged_into_id is not None])

    def ids(self) -> list[int | None]:
        """The customer of each entry, added or completed in the table; None without any address."""
        people = [self._of(entry) for entry in self.entries]
        found = {id(person): person for person in people if person}.values()
        self._add([person for person in found if person.id is None])
        self._change([person for person in found if person.is_changed])
        return [person.id if person else None for person in people]

    def _of(self, entry: Entry) -> Person | None:
        if entry.phone is None and entry.email is None:
            return None
        person = self._known(entry) or Person()
        person.complete(entry)
        self._enter(person)
        return person

    def _known(self, entry: Entry) -> Person | None:
        by_email = self.by_email.get(entry.email) if entry.email else None
        if entry.phone is None:
            return by_email
        known = self.by_phone.get(entry.phone.e164)
        return known or (by_email if by_email and by_email.phone is None else None)

    def _enter(self, person: Person) -> None:
        if person.phone:
            self.by_phone.setdefault(person.phone, person)
        if person.email:
            self.by_email.setdefault(person.email, person)

    def _enter_merged(self, rows: Sequence[Any]) -> None:
        """Let the addresses of rows that became part of another lead to that one."""
        people = {person.id: person for person in (*self.by_phone.values(), *self.by_email.values())}
        wanted = {row.merged_into_id for row in rows} - people.keys()
        people |= {row.id: Person(*row) for row in (customers_by_id(wanted) if wanted else ())}
        for row in rows:
            for known, address in ((self.by_phone, row.phone), (self.by_email, row.email)):
                if address:
                    known.setdefault(address, people[row.merged_into_id])

    def _add(self, people: list[Person]) -> None:
        if not people:
            return
        for person, customer_id in zip(people, next_ids(Customer, len(people)), strict=True):
            person.id, person.is_changed = customer_id, False
        at = moment_writer()(self.now)
        insert_rows(Customer, COLUMNS, ((*row, self.principal_id, at) for row in map(_known_of, people)))

    def _change(self, people: list[Person]) -> None:
        if people:
            _CHANGE.execute([dict(zip(KNOWN_OF_CUSTOMERS, _known_of(person), strict=True)) for person in people])


def _known_of(person: Person) -> tuple[object, ...]:
    return (person.id, person.phone, person.phone_takes_sms, person.email, person.name, person.language)
