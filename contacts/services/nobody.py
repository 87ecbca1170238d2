"""Contacts that are nobody's any more: still counted, each customer's still together, and whose nobody can tell."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select

from contacts.keys import ERASED, erased_id, key_name
from contacts.models import Contact, Customer, ErasedAddress
from foundation.database import db, insert_if_absent


def cut_loose(principal_id: int, contact_ids: Collection[int], now: datetime) -> int:
    """Let these contacts of one customer hang on a new row that is nobody's; return its id."""
    nobody = Customer(principal_id=principal_id, name="", language="", created_at=now, erased_at=now)
    db.session.add(nobody)
    db.session.flush()
    for contact in db.session.scalars(select(Contact).where(Contact.id.in_(contact_ids))):
        contact.customer_id = nobody.id
        hide(contact)
    note_hidden(principal_id, now)
    return nobody.id


def note_hidden(principal_id: int, now: datetime) -> None:
    """Remember that names of contacts of this principal are hidden, so that whoever reads its logs looks for them."""
    values = {"principal_id": principal_id, "address_hash": ERASED, "key_name": key_name(), "erased_at": now}
    db.session.flush()
    insert_if_absent(ErasedAddress, [values], ["principal_id", "address_hash"])


def hide(contact: Contact) -> None:
    """Let a contact's name in its log lead back to nobody, and forget what else that log said.

    The new name is made of the old one, so that the same log imported again is recognised.
    """
    if not contact.external_id.startswith(ERASED):
        contact.external_id = erased_id(contact.principal_id, contact.source, contact.external_id)
    contact.facts = {}
