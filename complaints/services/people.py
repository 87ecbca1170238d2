"""Complainants that the contact log knows."""

from typing import Any

from sqlalchemy import select

from contacts.models import Customer
from foundation.database import db


def known_customer(principal_id: int, phone: str | None, email: str | None) -> int | None:
    """Return the id of the principal's customer with this phone, else with this e-mail address if only one has it."""
    living = select(Customer.id).filter_by(principal_id=principal_id, erased_at=None)
    if phone and (found := db.session.scalars(living.where(Customer.phone == phone)).first()):
        return found
    if not email:
        return None
    by_email = db.session.scalars(living.where(Customer.email == email).limit(2)).all()
    return by_email[0] if len(by_email) == 1 else None


def addresses_of(customer_id: int | None) -> dict[str, Any]:
    """Return name, phone and e-mail address of a customer, as a filing takes them."""
    customer = db.session.get(Customer, customer_id) if customer_id is not None else None
    if customer is None or customer.erased_at is not None:
        return {"name": "", "phone": None, "phone_takes_sms": False, "email": None}
    return {
        "name": customer.name,
        "phone": customer.phone,
        "phone_takes_sms": customer.phone_takes_sms,
        "email": customer.email,
    }
