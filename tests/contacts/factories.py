"""Principals, sites, customers, contacts and periods for tests; each call commits nothing."""

from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Any

from contacts.models import Contact, Customer, Period, Principal, Site
from foundation.database import db

CREATED = datetime(2026, 1, 1, tzinfo=UTC)
STARTED = datetime(2026, 10, 15, 9, 0, tzinfo=UTC)
_numbers = count(1)


def create_principal(**changes: Any) -> Principal:
    number = next(_numbers)
    values = {
        "key": f"belline-{number}",
        "name": f"Mutuelle Belline {number}",
        "brand": "Belline",
        "zone": "Europe/Paris",
        "language": "fr",
        "created_at": CREATED,
    }
    return _added(Principal(**{**values, **changes}))


def create_site(**changes: Any) -> Site:
    number = next(_numbers)
    values = {"key": f"lyon-{number}", "name": f"Lyon {number}", "zone": "Europe/Paris", "created_at": CREATED}
    return _added(Site(**{**values, **changes}))


def create_customer(principal: Principal, **changes: Any) -> Customer:
    values = {"phone": f"+3363998{next(_numbers):04d}", "phone_takes_sms": True, "created_at": CREATED}
    return _added(Customer(principal_id=principal.id, **{**values, **changes}))


def create_contact(
    principal: Principal | None = None, site: Site | None = None, customer: Customer | None = None, **changes: Any
) -> Contact:
    number = next(_numbers)
    values = {
        "principal_id": (principal or create_principal()).id,
        "site_id": (site or create_site()).id,
        "customer_id": customer.id if customer else None,
        "source": "calls",
        "external_id": f"C{number}",
        "channel": "phone",
        "direction": "in",
        "started_at": STARTED + timedelta(minutes=number % 500),
        "outcome": "answered",
        "language": "fr",
        "recorded_at": STARTED + timedelta(days=1),
    }
    return _added(Contact(**{**values, **changes}))


def create_period(principal: Principal, first_day: date, last_day: date, **changes: Any) -> Period:
    """A closed period, as it is found: its hash is not that of any contacts."""
    values = {"closed_at": CREATED, "population": 0, "frame_hash": "0" * 64}
    return _added(Period(principal_id=principal.id, first_day=first_day, last_day=last_day, **{**values, **changes}))


def _added(row: Any) -> Any:
    db.session.add(row)
    db.session.flush()
    return row
