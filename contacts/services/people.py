"""Finding the customer of a contact, or adding them."""

from collections.abc import Sequence
from datetime import datetime

from contacts.importing import Entry
from contacts.models import Customer
from contacts.queries.people import customers_with
from foundation.database import db


class CustomerBook:
    """The customers of one principal that some entries are about: known ones first, then new ones.

    A number is matched first, then an e-mail address. Two numbers are two customers even if
    they share an e-mail address, because offices and families do; a customer known by e-mail
    alone takes the number that comes with it. What is known is completed, never overwritten.
    """

    def __init__(self, principal_id: int, entries: Sequence[Entry], now: datetime) -> None:
        self.principal_id = principal_id
        self.now = now
        self.by_phone: dict[str, Customer] = {}
        self.by_email: dict[str, Customer] = {}
        phones = {entry.phone.e164 for entry in entries if entry.phone}
        emails = {entry.email for entry in entries if entry.email}
        for customer in customers_with(principal_id, phones, emails):
            self._enter(customer)

    def customer_of(self, entry: Entry) -> Customer | None:
        """The customer of ``entry``, new or completed in the session; None without any address."""
        if entry.phone is None and entry.email is None:
            return None
        customer = self._known(entry) or self._added()
        if entry.phone and customer.phone is None:
            customer.phone, customer.phone_takes_sms = entry.phone.e164, entry.phone.takes_sms
        customer.email = customer.email or entry.email
        customer.name = customer.name or entry.name
        customer.language = customer.language or entry.language
        self._enter(customer)
        return customer

    def _known(self, entry: Entry) -> Customer | None:
        by_email = self.by_email.get(entry.email) if entry.email else None
        if entry.phone is None:
            return by_email
        known = self.by_phone.get(entry.phone.e164)
        return known or (by_email if by_email and by_email.phone is None else None)

    def _added(self) -> Customer:
        customer = Customer(principal_id=self.principal_id, name="", language="", created_at=self.now)
        db.session.add(customer)
        return customer

    def _enter(self, customer: Customer) -> None:
        if customer.phone:
            self.by_phone.setdefault(customer.phone, customer)
        if customer.email:
            self.by_email.setdefault(customer.email, customer)
