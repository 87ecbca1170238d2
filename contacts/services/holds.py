"""Reasons not to ask someone now, begun and lifted."""

from datetime import datetime

from sqlalchemy import update

from contacts.models import Hold
from foundation.database import db, insert_if_absent


def hold_customer(customer_id: int, code: str, key: str, now: datetime, until: datetime | None = None) -> None:
    """Ask this customer nothing from ``now`` until ``until`` or ``lift_hold(key)``; idempotent by ``key``."""
    _hold({"customer_id": customer_id, "contact_id": None}, code, key, now, until)


def hold_contact(contact_id: int, code: str, key: str, now: datetime, until: datetime | None = None) -> None:
    """Ask nothing about this contact from ``now`` on; idempotent by ``key``."""
    _hold({"customer_id": None, "contact_id": contact_id}, code, key, now, until)


def lift_hold(key: str, now: datetime) -> None:
    """End the hold of this key at ``now``; nothing happens if there is none in force."""
    db.session.execute(update(Hold).where(Hold.key == key, Hold.lifted_at.is_(None)).values(lifted_at=now))


def _hold(subject: dict[str, int | None], code: str, key: str, now: datetime, until: datetime | None) -> None:
    dates = {"starts_at": now, "ends_at": until, "lifted_at": None}
    insert_if_absent(Hold, [{**subject, "code": code, "key": key, **dates}], conflict=["key"])
