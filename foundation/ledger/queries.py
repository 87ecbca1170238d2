"""What may be asked of the ledger."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, func, or_, select

from foundation.database import db
from foundation.ledger.chain import GENESIS, Break, Link, Verified, against_head, follow
from foundation.ledger.models import Entry, Head
from foundation.ledger.services import fact_of

ROWS_AT_ONCE = 1000


@dataclass(frozen=True)
class Verification:
    """What following the whole chain found; ``unsealed`` entries wait for the sealer."""

    sealed: int
    unsealed: int
    head: str
    broken: Break | None


def verify() -> Verification:
    """Follow the chain from its first entry to its head; slow on purpose: it reads everything."""
    number, digest = head()
    found = against_head(follow(links(upto=number)), number, digest)
    if found.broken is None and (beyond := _beyond_the_head()):
        found = Verified(found.number, found.hash, Break("forked", beyond))
    return Verification(sealed=found.number, unsealed=unsealed_count(), head=found.hash, broken=found.broken)


def head() -> tuple[int, str]:
    """Return number and hash of the last sealed entry; 0 and the first hash of all for an empty chain."""
    row = db.session.execute(select(Head.number, Head.hash)).first()
    return (row[0], row[1]) if row else (0, GENESIS)


def unsealed_count() -> int:
    """Return how many committed entries wait for their place."""
    return db.session.scalar(select(func.count()).select_from(Entry).where(Entry.number.is_(None))) or 0


def links(upto: int | None = None) -> Iterator[Link]:
    """Yield the sealed entries in their order, read in pages of the chain."""
    last = 0
    while True:
        page = select(Entry).where(Entry.number > last).order_by(Entry.number).limit(ROWS_AT_ONCE)
        if upto is not None:
            page = page.where(Entry.number <= upto)
        rows = list(db.session.scalars(page.execution_options(populate_existing=True)))
        if not rows:
            return
        for row in rows:
            db.session.expunge(row)
            yield link_of(row)
        last = rows[-1].number or last


def link_of(entry: Entry) -> Link:
    """Return a sealed entry in its place."""
    return Link(entry.number or 0, entry.previous or "", entry.hash or "", fact_of(entry))


def entries(kind: str = "", subject: str = "", since: datetime | None = None) -> Select[tuple[Entry]]:
    """Return the statement for the entries of a kind, of a subject or its kind, and since a moment; newest first."""
    statement = select(Entry).order_by(Entry.id.desc())
    if kind:
        statement = statement.where(Entry.kind == kind)
    if subject:
        statement = statement.where(Entry.subject.startswith(subject, autoescape=True))
    if since:
        statement = statement.where(Entry.recorded_at >= since)
    return statement


def entries_of(subjects: Iterable[str]) -> list[Entry]:
    """Return the sealed entries of exactly these subjects, in the order of the chain."""
    wanted = sorted(set(subjects))
    found = [
        entry
        for start in range(0, len(wanted), ROWS_AT_ONCE)
        for entry in db.session.scalars(
            select(Entry).where(Entry.number.is_not(None), Entry.subject.in_(wanted[start : start + ROWS_AT_ONCE]))
        )
    ]
    return sorted(found, key=lambda entry: entry.number or 0)


def kinds() -> Select[tuple[str]]:
    """Return the statement for the kinds of entries there are, sorted."""
    return select(Entry.kind).distinct().order_by(Entry.kind)


def _beyond_the_head() -> int | None:
    """Return the number of an entry that claims a place after the head, in one look at both."""
    current = select(Head.number).scalar_subquery()
    return db.session.scalar(
        select(func.min(Entry.number)).where(Entry.number.is_not(None), or_(current.is_(None), Entry.number > current))
    )
