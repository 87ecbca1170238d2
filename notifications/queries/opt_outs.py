"""What can be asked of the outbox and the opt-outs."""

from collections.abc import Collection, Iterator

from sqlalchemy import or_, select

from foundation.database import db
from notifications.keys import hash_of
from notifications.models import OptOut
from notifications.states import STOPPABLE

_AT_ONCE = 500


def opted_out(addresses: Collection[str], principal_id: int | None, purpose: str) -> set[str]:
    """Return those of ``addresses`` to which nothing of ``purpose`` may be sent for ``principal_id``.

    Empty for purposes a stop does not reach: a person's own complaint goes on.
    """
    if purpose not in STOPPABLE:
        return set()
    return {address for batch in _batches(list(addresses)) for address in _stopped(batch, principal_id)}


def _stopped(addresses: list[str], principal_id: int | None) -> Iterator[str]:
    by_hash: dict[str, list[str]] = {}
    for address in addresses:
        by_hash.setdefault(hash_of(address), []).append(address)
    reach = [OptOut.principal_id.is_(None)]
    if principal_id is not None:
        reach.append(OptOut.principal_id == principal_id)
    standing = select(OptOut.address_hash).where(
        OptOut.address_hash.in_(list(by_hash)), OptOut.lifted_at.is_(None), or_(*reach)
    )
    return (address for digest in db.session.scalars(standing.distinct()) for address in by_hash[digest])


def _batches(values: list[str]) -> Iterator[list[str]]:
    yield from (values[start : start + _AT_ONCE] for start in range(0, len(values), _AT_ONCE))
