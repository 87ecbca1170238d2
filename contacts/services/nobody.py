"""Contacts that are nobody's any more: still counted, each customer's still together, and whose nobody can tell."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select

from contacts.keys import ERASED, erased_id, key_name
from contacts.models import Contact, Customer, ErasedAddress
from foundation.database import db, insert_if_absent


def cut_loose(principal_id: int, contact_ids: Collection[int], now: datetime) -> dict[int, int]:
    """Let these contacts of one customer hang on a row that is nobody's; return whose each is then.

    A contact that another survey was about is nobody's already and stays that one's, the others join it: so what was
    one person's stays together, and no row is left that nothing hangs on.
    """
    theirs = select(Contact).where(Contact.id.in_(contact_ids)).order_by(Contact.id)
    contacts = db.session.scalars(theirs.execution_options(populate_existing=True)).all()
    wanted = {contact.customer_id for contact in contacts if contact.customer_id is not None}
    cut = select(Customer.id).where(Customer.id.in_(wanted), Customer.erased_at.is_not(None)).order_by(Customer.id)
    known = db.session.scalars(cut).all()
    nobody = known[0] if known else _nobody(principal_id, now)
    for contact in contacts:
        contact.customer_id = contact.customer_id if contact.customer_id in known else nobody
        hide(contact)
    note_hidden(principal_id, now)
    return {contact.id: contact.customer_id or nobody for contact in contacts}


def _nobody(principal_id: int, now: datetime) -> int:
    row = Customer(principal_id=principal_id, name="", language="", created_at=now, erased_at=now)
    db.session.add(row)
    db.session.flush()
    return row.id


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
