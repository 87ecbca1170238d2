"""Stop and start: what a person asked of us, obeyed in the transaction that records it."""

from datetime import datetime

from sqlalchemy import select, update

from foundation.database import db, insert_if_absent
from notifications import hashing, outbox
from notifications.keys import address_key, hash_of
from notifications.models import OptOut, OptOutLink, OutboxMessage
from notifications.signals import opted_out
from notifications.states import STOPPABLE

# START undoes what STOP did, by keyword or at the provider; a link followed or a person told stays.
_KEYWORD_SOURCES = ("sms", "provider")


def opt_out(address: str, principal_id: int | None, source: str, now: datetime) -> bool:
    """Record that ``address`` wants no more surveys of ``principal_id`` (None: of anyone); return whether it is new.

    What waits for that address is suppressed in the same transaction; replies about
    the person's own complaint are not touched.
    """
    digest = hash_of(address)
    standing = select(OptOut.id).filter_by(address_hash=digest, principal_id=principal_id, lifted_at=None)
    # A stop by keyword may not be the reason that another one, which START does not lift, goes unrecorded.
    standing = standing.where(OptOut.source == source)
    is_new = db.session.scalar(standing.limit(1)) is None
    if is_new:
        scope = "all" if principal_id is None else "principal"
        values = {"address_hash": digest, "principal_id": principal_id, "scope": scope, "source": source, "at": now}
        db.session.add(OptOut(**values))
        db.session.flush()
    _suppress_waiting(digest, principal_id, now)
    if is_new:
        opted_out.send(address, principal_id=principal_id, at=now)
    return is_new


def lift_stop(address: str, now: datetime) -> int:
    """Lift what a STOP by SMS put on ``address``, and nothing else; return how many were lifted."""
    lifted = db.session.execute(
        update(OptOut)
        .where(OptOut.address_hash == hash_of(address), OptOut.lifted_at.is_(None), OptOut.source.in_(_KEYWORD_SOURCES))
        .values(lifted_at=now)
    )
    return lifted.rowcount


def opt_out_link(
    address: str, principal_id: int | None, now: datetime, *, public_url: str, brand: str = "", language: str = "fr"
) -> str:
    """Return the address of the page where ``address`` can say stop; the same one each time it is asked for."""
    token = hashing.opt_out_token(address_key(), address, principal_id)
    values = {
        "token_hash": hashing.token_hash(token),
        "address": address,
        "principal_id": principal_id,
        "brand": brand,
        "language": language,
        "created_at": now,
    }
    insert_if_absent(OptOutLink, [values], ["token_hash"])
    return f"{public_url.rstrip('/')}/o/{token}"


def _suppress_waiting(digest: str, principal_id: int | None, now: datetime) -> None:
    waiting = select(OutboxMessage.id).where(
        OutboxMessage.recipient_hash == digest,
        OutboxMessage.state == "queued",
        OutboxMessage.purpose.in_(STOPPABLE),
    )
    if principal_id is not None:
        waiting = waiting.where(OutboxMessage.principal_id == principal_id)
    # In order of id, as everywhere, so that two transactions never wait for each other.
    for message_id in db.session.scalars(waiting.order_by(OutboxMessage.id)).all():
        outbox.advance(message_id, "suppressed", now, source="outbox", code="opted-out", only_from="queued")
