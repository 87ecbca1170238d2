"""Recording what must not be rewritten, who looked, and giving entries their place."""

import secrets
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.dialects import postgresql, sqlite

from foundation.database import db, reading
from foundation.ledger.chain import GENESIS, Fact, canonical, commitment, seal
from foundation.ledger.models import Access, Entry, Head, Salt

AT_ONCE = 500


def record(
    kind: str,
    subject: str,
    facts: dict[str, Any],
    now: datetime,
    actor_id: int | None = None,
    personal: dict[str, Any] | None = None,
    principal_id: int | None = None,
) -> Entry:
    """Append an entry in the caller's transaction; the sealer orders it after the commit.

    ``facts`` must say nothing personal: they are kept as they are and go into
    evidence. Of ``personal`` only a salted commitment is kept. The entry is shown
    to those who see ``principal_id`` (default: the ``principal_id`` among the facts).
    """
    salt = secrets.token_hex(32)
    entry = Entry(
        kind=kind,
        subject=subject,
        actor_id=actor_id,
        principal_id=facts.get("principal_id") if principal_id is None else principal_id,
        recorded_at=now,
        facts=canonical(facts),
        commitment=None if personal is None else commitment(salt, personal),
    )
    db.session.add(entry)
    if personal is not None:
        db.session.flush()
        db.session.add(Salt(entry_id=entry.id, salt=salt))
    return entry


def forget_personal(subject: str) -> int:
    """Make the commitments of all entries of exactly this subject unopenable for good; return how many.

    The entries stay as they are, and the chain with them: what they committed to can be proved by nobody any more.
    """
    theirs = select(Entry.id).where(Entry.subject == subject, Entry.commitment.is_not(None))
    forgotten = db.session.execute(delete(Salt).where(Salt.entry_id.in_(theirs)))
    return int(forgotten.rowcount)


def log_access(subject: str, now: datetime, actor_id: int | None = None, **facts: Any) -> None:
    """Note in the caller's transaction that somebody looked at or took something."""
    db.session.add(Access(subject=subject, actor_id=actor_id, at=now, facts=facts))


def seal_round(_now: datetime) -> None:
    """Seal what has been committed, every second; takes the write lock only when there is something."""
    with reading():
        waiting = db.session.scalar(select(Entry.id).where(Entry.number.is_(None)).limit(1))
    if waiting is not None:
        seal_committed()


def seal_committed(limit: int = AT_ONCE) -> int:
    """Give up to ``limit`` committed entries their place in the chain; return how many.

    Claims by mark, not by the largest id: an entry whose transaction commits late
    is found whenever it appears. The head is locked first, so that two sealers
    never give one place twice. Does not commit.
    """
    head = _locked_head()
    number, previous = head.number, head.hash
    for entry in _unsealed(limit):
        number += 1
        digest = seal(fact_of(entry), number, previous)
        _place(entry, number, previous, digest)
        previous = digest
    sealed = number - head.number
    head.number, head.hash = number, previous
    db.session.flush()
    return sealed


def fact_of(entry: Entry) -> Fact:
    """Return what an entry says, as the chain hashes it."""
    return Fact(
        id=entry.id,
        kind=entry.kind,
        subject=entry.subject,
        actor_id=entry.actor_id,
        principal_id=entry.principal_id,
        recorded_at=entry.recorded_at,
        facts=entry.facts,
        commitment=entry.commitment,
    )


def _locked_head() -> Head:
    insert = postgresql.insert if db.engine.dialect.name == "postgresql" else sqlite.insert
    db.session.execute(insert(Head).values(id=1, number=0, hash=GENESIS).on_conflict_do_nothing())
    return db.session.scalars(select(Head).with_for_update().execution_options(populate_existing=True)).one()


def _unsealed(limit: int) -> Iterator[Entry]:
    # After the head is locked, so that what another sealer has just placed is seen as placed.
    yield from db.session.scalars(
        select(Entry)
        .where(Entry.number.is_(None))
        .order_by(Entry.id)
        .limit(limit)
        .execution_options(populate_existing=True)
    ).all()


def _place(entry: Entry, number: int, previous: str, digest: str) -> None:
    db.session.execute(
        update(Entry)
        .where(Entry.id == entry.id)
        .values(number=number, previous=previous, hash=digest)
        .execution_options(synchronize_session=False)
    )
