"""What can be asked of the stops: whether one reaches an address, and which there are."""

from collections.abc import Collection, Iterable, Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select

from foundation.accounts.queries import scoped
from foundation.accounts.scope import Scope
from foundation.database import db
from foundation.many import any_of
from foundation.web.clock import utc_now
from notifications.hashing import address_hash
from notifications.keys import hashes_of, key_names, keys
from notifications.models import OptOut
from notifications.queries.borders import stop_reaches
from notifications.searching import address_typed
from notifications.stops import topics_that_stop

_AT_ONCE = 500
#: Beyond so many addresses it is quicker to read every stop that stands.
MANY = 5_000
PAGE = 20


def opted_out(addresses: Collection[str], principal_id: int | None, purpose: str) -> set[str]:
    """Return those of ``addresses`` to which nothing of ``purpose`` may be sent for ``principal_id``.

    Empty for purposes a stop does not reach: a person's own complaint goes on. A stop said to another principal
    counts where both have agreed that it does.
    """
    topics = topics_that_stop(purpose)
    if not topics:
        return set()
    if len(addresses) > MANY:
        return _stopped_of_many(addresses, principal_id, topics)
    return {address for batch in _batches(list(addresses)) for address in _stopped(batch, principal_id, topics)}


def _stopped(addresses: list[str], principal_id: int | None, topics: list[str]) -> Iterator[str]:
    by_hash: dict[str, list[str]] = {}
    for key in keys():
        for address in addresses:
            by_hash.setdefault(address_hash(key, address), []).append(address)
    named = _standing(principal_id, topics).where(any_of(OptOut.address_hash, "hashes"))
    found = db.session.scalars(named, {"hashes": list(by_hash)})
    return (address for digest in found for address in by_hash[digest])


def _standing(principal_id: int | None, topics: list[str]) -> Select[tuple[str]]:
    """The hashes of the addresses that a stop reaches."""
    reach: list[ColumnElement[bool]] = [OptOut.principal_id.is_(None)]
    if principal_id is not None:
        reach.append(OptOut.principal_id.in_(stop_reaches(principal_id, utc_now())))
    standing = select(OptOut.address_hash).where(OptOut.lifted_at.is_(None), OptOut.topic.in_(topics), or_(*reach))
    return standing.distinct()


def _stopped_of_many(addresses: Collection[str], principal_id: int | None, topics: list[str]) -> set[str]:
    """The same by reading every stop that stands: fewer than addresses, and no statement for each few of these."""
    stopped = set(db.session.scalars(_standing(principal_id, topics)))
    if not stopped:
        return set()
    return {one for key in keys() for one in addresses if address_hash.__wrapped__(key, one) in stopped}


def stops(scope: Scope, before: int | None = None) -> list[OptOut]:
    """Return the last stops, the newest first, one more than a page holds where there are more."""
    found = select(OptOut).order_by(OptOut.id.desc()).limit(PAGE + 1)
    if before is not None:
        found = found.where(OptOut.id < before)
    return list(db.session.scalars(_seen(found, scope)))


def stops_of(hashes: Collection[str], scope: Scope) -> list[OptOut]:
    """Return the stops of one address, the newest first; also those of everyone, to whoever knows the address."""
    found = select(OptOut).where(OptOut.address_hash.in_(hashes)).order_by(OptOut.id.desc())
    everyone = found.where(OptOut.principal_id.is_(None))
    both = [*db.session.scalars(_seen(found, scope)), *db.session.scalars(everyone)]
    return sorted(set(both), key=lambda row: -row.id)


def stop(scope: Scope, opt_out_id: int) -> OptOut | None:
    """Return one stop that ``scope`` may see."""
    return db.session.scalars(_seen(select(OptOut).where(OptOut.id == opt_out_id), scope)).first()


def every_stop(scope: Scope) -> Iterable[OptOut]:
    """Return every stop, oldest first, as for an export."""
    return db.session.scalars(_seen(select(OptOut).order_by(OptOut.id), scope).execution_options(yield_per=500))


def standing_count(scope: Scope) -> int:
    """Return how many stops stand; a person may have asked for several."""
    counted = select(func.count(OptOut.id)).where(OptOut.lifted_at.is_(None))
    return db.session.scalar(_seen(counted, scope)) or 0


def unrecognisable() -> tuple[int, datetime | None]:
    """Return how many standing stops were kept under a key that is set no more, and since when; they are not obeyed."""
    lost = and_(OptOut.lifted_at.is_(None), OptOut.key_name.is_not(None), OptOut.key_name.not_in(key_names()))
    count, first = db.session.execute(select(func.count(OptOut.id), func.min(OptOut.at)).where(lost)).one()
    return count, first


def hashes_typed(text: str) -> list[str]:
    """Return the hashes of the address somebody typed; none for what is no address."""
    address = address_typed(text)
    return hashes_of(address) if address else []


def _seen(statement: Any, scope: Scope) -> Any:
    return scoped(statement, scope, principal=OptOut.principal_id)


def _batches(values: list[str]) -> Iterator[list[str]]:
    yield from (values[start : start + _AT_ONCE] for start in range(0, len(values), _AT_ONCE))
