"""The page behind an /o/ link: made, obeyed and taken back, with nothing kept but hashes."""

from datetime import datetime

from sqlalchemy import ColumnElement, or_, select

from foundation.database import db, insert_if_absent
from notifications import hashing
from notifications.keys import address_key, hash_of, hashes_of
from notifications.models import OptOut, OptOutLink, OutboxMessage
from notifications.services.stops import Who, hint_of, lift, put_stop


def opt_out_link(
    address: str, principal_id: int | None, now: datetime, *, public_url: str, brand: str = "", language: str = "fr"
) -> str:
    """Return the address of the page where ``address`` can say stop; the same one each time it is asked for."""
    token = hashing.opt_out_token(address_key(), address, principal_id)
    values = {
        "token_hash": hashing.token_hash(token),
        "address_hash": hash_of(address),
        "hint": hint_of(address),
        "principal_id": principal_id,
        "brand": brand,
        "language": language,
        "created_at": now,
    }
    insert_if_absent(OptOutLink, [values], ["token_hash"])
    return f"{public_url.rstrip('/')}/o/{token}"


def stop_by_link(link: OptOutLink, topic: str, everyone: bool, now: datetime) -> None:
    """Obey what was chosen on the page of ``link``: ``topic`` of its principal, or of everyone."""
    put_stop(_who_of(link), None if everyone else link.principal_id, topic, "link", now)


def undo_link(link: OptOutLink, now: datetime) -> int:
    """Take back what was stopped on the page of ``link``; return how many stops. What was suppressed stays so."""
    return lift(of_link(link), now, "undo")


def of_link(link: OptOutLink) -> list[ColumnElement[bool]]:
    """Return the conditions of the standing stops that the page of ``link`` speaks of and may take back."""
    reach = [OptOut.principal_id.is_(None)]
    if link.principal_id is not None:
        reach.append(OptOut.principal_id == link.principal_id)
    return [
        OptOut.address_hash.in_(_who_of(link).hashes),
        OptOut.source == "link",
        OptOut.lifted_at.is_(None),
        or_(*reach),
    ]


def _who_of(link: OptOutLink) -> Who:
    """Whom a link speaks of; the address itself only as long as a message to it is kept."""
    sent = select(OutboxMessage.recipient).filter_by(recipient_hash=link.address_hash).limit(1)
    address = db.session.scalar(sent)
    return Who(hashes_of(address) if address else [link.address_hash], link.hint, address)
