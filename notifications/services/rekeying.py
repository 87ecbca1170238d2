"""Hashing known addresses anew after their key was changed; what nobody knows any more keeps its former hash."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

from sqlalchemy import Select, func, or_, select, update

from foundation.database import db
from notifications import hashing
from notifications.errors import NotificationRefused
from notifications.keys import address_key, former_key
from notifications.models import InboundMessage, OptOut, OptOutLink, OutboxMessage

AT_ONCE = 500


@dataclass
class Rekeyed:
    """How many messages, stops and links have the new hash now, and how many stops no known address explains."""

    messages: int = 0
    stops: int = 0
    links: int = 0
    left: int = 0


def rekey(books: Iterable[Iterable[str]]) -> Iterator[Rekeyed]:
    """Hash with the present key what was hashed with the former one; yields after each piece, the caller commits.

    ``books`` hold the addresses still known elsewhere (customers, complainants). Doing it
    again changes nothing more. Raises NotificationRefused ``no-former-key``.
    """
    present, former = address_key(), former_key()
    if former is None:
        raise NotificationRefused("no-former-key")
    done = Rekeyed()
    for _piece in _messages(present, done):
        yield done
    for book in (_own_addresses(), *books):
        for some in _pieces(book):
            _stops({hashing.address_hash(former, one): hashing.address_hash(present, one) for one in some}, done)
            yield done
    left = select(func.count(OptOut.id)).where(OptOut.lifted_at.is_(None), _of_another_key())
    done.left = db.session.scalar(left) or 0
    yield done


def _messages(present: bytes, done: Rekeyed) -> Iterator[None]:
    """The addresses of messages are kept with them, so each gets its new hash."""
    last = 0
    columns = select(OutboxMessage.id, OutboxMessage.recipient, OutboxMessage.recipient_hash)
    # Whose person was erased has a name of its own instead, which no address explains.
    in_order = columns.where(OutboxMessage.erased_at.is_(None)).order_by(OutboxMessage.id).limit(AT_ONCE)
    while rows := db.session.execute(in_order.where(OutboxMessage.id > last)).all():
        last = rows[-1].id
        hashes = [(row, hashing.address_hash(present, row.recipient)) for row in rows]
        changed = [{"id": row.id, "recipient_hash": fresh} for row, fresh in hashes if fresh != row.recipient_hash]
        if changed:
            db.session.execute(update(OutboxMessage), changed)
        done.messages += len(changed)
        yield


def _stops(fresh_of: dict[str, str], done: Rekeyed) -> None:
    name = hashing.key_name(address_key())
    for model in (OptOut, OptOutLink):
        known = select(model.address_hash).where(model.address_hash.in_(fresh_of)).distinct()
        for old in db.session.scalars(known).all():
            values = {"address_hash": fresh_of[old]} | ({"key_name": name} if model is OptOut else {})
            moved = db.session.execute(update(model).where(model.address_hash == old).values(**values)).rowcount
            if model is OptOut:
                done.stops += moved
            else:
                done.links += moved


def _of_another_key() -> Any:
    name = hashing.key_name(address_key())
    return or_(OptOut.key_name.is_(None), OptOut.key_name != name)


def _own_addresses() -> Iterator[str]:
    """Every address this package wrote to or heard from."""
    sent: Select[tuple[str]] = select(OutboxMessage.recipient).distinct()
    for statement in (sent, select(InboundMessage.sender).distinct()):
        yield from db.session.scalars(statement).all()


def _pieces(addresses: Iterable[str]) -> Iterator[list[str]]:
    iterator = iter(addresses)
    while some := list(islice(iterator, AT_ONCE)):
        yield some
