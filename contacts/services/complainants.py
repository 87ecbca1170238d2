"""A row for somebody another package knows and contacts does not."""

from datetime import datetime

from contacts.models import Customer
from contacts.services import gates
from foundation.database import db
from foundation.ledger import services as ledger
from foundation.people import Found


def open_person(found: Found, now: datetime, actor_id: int) -> Customer:
    """Add a customer for somebody who only complained, so that what is held of them has one page."""
    gates.enter(found.principal_id)
    customer = Customer(
        principal_id=found.principal_id,
        name=found.name,
        phone=found.phone,
        phone_takes_sms=found.phone_takes_sms,
        email=found.email,
        created_at=now,
    )
    db.session.add(customer)
    db.session.flush()
    facts = {"principal_id": found.principal_id}
    ledger.record("contacts.person-opened", f"person:{customer.id}", facts, now, actor_id)
    return customer
