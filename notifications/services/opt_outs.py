"""Stop and start: what a person asked of us, obeyed in the transaction that records it."""

from datetime import datetime

from sqlalchemy import or_, update

from foundation.database import db
from notifications.keys import hashes_of
from notifications.models import OptOut, OptOutLink
from notifications.queries.senders import principals_behind, sender_key
from notifications.services.stops import lift, put_stop, who
from notifications.stops import LIFTED_BY_START


def opt_out(
    address: str,
    principal_id: int | None,
    source: str,
    now: datetime,
    *,
    topic: str = "all",
    sender: str | None = None,
) -> bool:
    """Record that ``address`` wants no more of ``topic`` from ``principal_id`` (None: from anyone).

    Returns whether it is new. ``sender`` is the number the word was sent to. What waits for that address is
    suppressed in the same transaction; replies about the person's own complaint are
    not touched.
    """
    return put_stop(who(address), principal_id, topic, source, now, sender=sender) is not None


def stop_sender(address: str, sender: str, source: str, now: datetime) -> None:
    """Obey a STOP sent to ``sender``, or its provider's word of one: it covers every principal who writes from there.

    Nobody known to do so means everybody.
    """
    channel = _channel_of(address)
    for principal_id in principals_behind(sender, channel, hashes_of(address)) or [None]:
        opt_out(address, principal_id, source, now, sender=sender_key(sender, channel))


def lift_stop(address: str, now: datetime, sender: str | None = None) -> int:
    """Lift what a STOP sent to ``sender`` put on ``address``, and nothing else; return how many were lifted.

    None lifts those of every number. A stop by link, or one that a person recorded, stays.
    """
    conditions = [OptOut.address_hash.in_(hashes_of(address)), OptOut.source.in_(LIFTED_BY_START)]
    if sender is not None:
        same = {sender, sender_key(sender, _channel_of(address))}
        conditions.append(or_(OptOut.sender.is_(None), OptOut.sender.in_(same)))
    return lift(conditions, now, "start")


def _channel_of(address: str) -> str:
    return "email" if "@" in address else "sms"


def forget_address(address: str, principal_id: int | None = None) -> None:
    """Erase what is readable of ``address`` from stops and links; the keyed hash stays, and with it the stop.

    ``principal_id`` erases at that principal only: others know the address too, each for itself.
    """
    hashes = hashes_of(address)
    blank = {"hint": "", "note": None, "lift_note": None}
    for model, values in ((OptOut, blank), (OptOutLink, {"hint": ""})):
        theirs = update(model).where(model.address_hash.in_(hashes))
        if principal_id is not None:
            theirs = theirs.where(model.principal_id == principal_id)
        db.session.execute(theirs.values(**values))
