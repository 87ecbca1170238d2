"""Who was erased, for whoever reads a log: what was written before that moment brings nobody back."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import select

from contacts.entries import Entry
from contacts.keys import erased_ids, marks_of
from contacts.models import Contact, ErasedAddress
from foundation.database import db


def has_erased(principal_id: int) -> bool:
    """Whether anybody of the principal was erased: where nobody was, reading a log costs nothing more."""
    gone = select(ErasedAddress.id).where(ErasedAddress.principal_id == principal_id)
    return db.session.scalar(gone.limit(1)) is not None


def living(principal_id: int, entries: Sequence[Entry]) -> list[Entry]:
    """The entries without the addresses of people who were erased after the contact: it stays, and is nobody's."""
    addresses = {one for entry in entries for one in _addresses(entry)}
    gone = erased_since(principal_id, addresses)
    return [_without(entry, gone) for entry in entries] if gone else list(entries)


def _without(entry: Entry, gone: dict[str, datetime]) -> Entry:
    """Whoever called again after they were erased is somebody new."""
    named = any(one in gone and entry.started_at <= gone[one] for one in _addresses(entry))
    return replace(entry, phone=None, email=None, name="", facts={}) if named else entry


def _addresses(entry: Entry) -> list[str]:
    return [one for one in (entry.phone.e164 if entry.phone else None, entry.email) if one]


def erased_since(principal_id: int, addresses: Collection[str]) -> dict[str, datetime]:
    """When the owner of each of these addresses was erased, for those whose owner was."""
    by_mark = {mark: address for address in addresses for mark in marks_of(address)}
    rows = db.session.execute(
        select(ErasedAddress.address_hash, ErasedAddress.erased_at).where(
            ErasedAddress.principal_id == principal_id, ErasedAddress.address_hash.in_(by_mark)
        )
    )
    return {by_mark[mark]: at for mark, at in rows}


def hidden_ids(principal_id: int, source: str, external_ids: Collection[str]) -> set[str]:
    """Those of the names that a contact of this log had before its person was erased: it is in already."""
    by_name = {name: one for one in external_ids for name in erased_ids(principal_id, source, one)}
    rows = db.session.scalars(
        select(Contact.external_id).where(
            Contact.principal_id == principal_id, Contact.source == source, Contact.external_id.in_(by_name)
        )
    )
    return {by_name[name] for name in rows}
