"""A stop as it is put down, lifted and obeyed: what every way of saying stop comes to."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, select, update

from foundation.database import db
from notifications import hashing, outbox
from notifications.keys import address_key, hashes_of
from notifications.masking import mask_address
from notifications.models import OptOut, OutboxMessage
from notifications.queries.borders import stop_reaches
from notifications.signals import opted_out
from notifications.stops import TOPICS

_LONGEST_HINT = 80


@dataclass(frozen=True)
class Who:
    """A person as this package remembers one: the hashes of their address (the present key's first) and a hint.

    ``address`` is None where only its hash is known.
    """

    hashes: list[str]
    hint: str
    address: str | None


def who(address: str) -> Who:
    """Return whoever has ``address``."""
    return Who(hashes_of(address), hint_of(address), address)


def hint_of(address: str) -> str:
    """Return enough of ``address`` to recognise it in a list."""
    return mask_address(address)[:_LONGEST_HINT]


def put_stop(who: Who, principal_id: int | None, topic: str, source: str, now: datetime, **facts: Any) -> OptOut | None:
    """Record a stop, suppress what waits and tell the others; return its row, or None where it stood already."""
    known = db.session.scalar(standing_stop(who.hashes, principal_id, topic, source, facts.get("sender")))
    recorded = None
    if known is None:
        recorded = OptOut(
            address_hash=who.hashes[0],
            key_name=hashing.key_name(address_key()),
            hint=who.hint,
            scope="all" if principal_id is None else "principal",
            principal_id=principal_id,
            topic=topic,
            source=source,
            at=now,
            **facts,
        )
        db.session.add(recorded)
        db.session.flush()
    # Messages are locked before what hangs on them, and all of that at once: in this order everyone takes them.
    reached = None if principal_id is None else stop_reaches(principal_id, now)
    waiting = outbox.lock(_waiting(who.hashes, reached, topic))
    if recorded is not None and who.address is not None:
        for one in [None] if reached is None else sorted(reached):
            opted_out.send(who.address, principal_id=one, topic=topic, at=now)
    rises = [outbox.Rise(id_, "suppressed", now, code="opted-out", only_from="queued") for id_ in waiting]
    outbox.advance_many(rises, source="outbox")
    return recorded


def standing_stop(hashes: list[str], principal_id: int | None, topic: str, source: str, sender: str | None) -> Any:
    """Find the id of the same stop of the same source: one that START lifts may not stand for one that stays."""
    same = select(OptOut.id).filter_by(
        principal_id=principal_id, topic=topic, source=source, sender=sender, lifted_at=None
    )
    return same.where(OptOut.address_hash.in_(hashes)).order_by(OptOut.id).limit(1)


def lift(conditions: list[ColumnElement[bool]], now: datetime, how: str, **facts: Any) -> int:
    """End the standing stops that meet ``conditions``; return how many."""
    lifted = update(OptOut).where(*conditions, OptOut.lifted_at.is_(None))
    return int(db.session.execute(lifted.values(lifted_at=now, lifted_how=how, **facts)).rowcount)


def hold_waiting(addresses: Collection[str]) -> None:
    """Lock what waits for ``addresses``, for whoever will say stop for them after locking something else."""
    hashes = [digest for address in addresses for digest in hashes_of(address)]
    outbox.lock(_waiting(hashes, None, "all"))


def _waiting(hashes: list[str], principal_ids: Collection[int] | None, topic: str) -> list[int]:
    """Find what is queued and would be stopped."""
    waiting = select(OutboxMessage.id).where(
        OutboxMessage.recipient_hash.in_(hashes),
        OutboxMessage.state == "queued",
        OutboxMessage.purpose.in_(TOPICS[topic]),
    )
    if principal_ids is not None:
        waiting = waiting.where(OutboxMessage.principal_id.in_(principal_ids))
    return list(db.session.scalars(waiting))
