"""Two rows that are one person: everything hangs on one of them from then on, and can be told apart again."""

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import select

from contacts.duplicates import EMAIL_ALONE, PERSON, Row, Verdict, judge
from contacts.keys import evidence_hash
from contacts.models import Customer, CustomerLink
from contacts.queries.duplicates import ADDRESSES_AT_ONCE, alike, decided, pair_of, shared_emails
from contacts.queries.persons import parts
from contacts.services import gates
from foundation.database import db
from foundation.ledger import services as ledger

#: What the row that goes on takes from the other where it has nothing itself.
COMPLETED = ("email", "name", "language")


class MergeRefused(Exception):
    """Two rows that cannot be merged, or a merge that cannot be undone; ``code`` says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def merge(kept_id: int, other_id: int, now: datetime, actor_id: int | None = None) -> CustomerLink:
    """Make ``other_id`` part of ``kept_id`` because somebody says that they are one person.

    Contacts, holds, invitations and cases follow; addresses of both lead to the one that goes on. Raises MergeRefused
    ``not-two-rows``, ``other-principal`` (a principal is a border) or ``gone`` (erased, or part of another already).
    """
    kept, other = _both(kept_id, other_id)
    return _merge(Verdict(_row(kept), _row(other), PERSON), now, actor_id)


def keep_apart(kept_id: int, other_id: int, now: datetime, actor_id: int) -> CustomerLink:
    """Write down that somebody says that these two are two people; they are not proposed again. Raises MergeRefused."""
    kept, other = _both(kept_id, other_id)
    return _note(Verdict(_row(kept), _row(other), PERSON, "said-so"), kept.principal_id, now, actor_id)


def undo_merge(link_id: int, now: datetime, actor_id: int | None = None) -> CustomerLink:
    """Tell two rows apart again: what a merge moved goes back; what came since stays with the row that went on.

    Raises MergeRefused ``not-merged``, or ``gone`` where somebody of them was erased since.
    """
    link = db.session.get_one(CustomerLink, link_id, with_for_update=True, populate_existing=True)
    if link.verdict != "merged" or link.undone_at is not None:
        raise MergeRefused("not-merged")
    gates.enter(link.principal_id)
    kept, other = (db.session.get_one(Customer, one, populate_existing=True) for one in (link.kept_id, link.other_id))
    if kept.erased_at is not None or other.erased_at is not None or other.merged_into_id != kept.id:
        raise MergeRefused("gone")
    for part in parts():
        part.follow_back(link.moved, other.id)
    for name in link.moved.get("completed", []):
        setattr(kept, name, None if name == "email" else "")
    other.merged_into_id = None
    for row in db.session.scalars(select(Customer).where(Customer.id.in_(link.moved.get("rows", [])))):
        row.merged_into_id = other.id
    link.undone_at, link.undone_by = now, actor_id
    db.session.flush()
    facts = {"rule": link.rule, "principal_id": link.principal_id}
    ledger.record("contacts.merge-undone", f"customer-link:{link.id}", facts, now, actor_id)
    return link


def apply_rules(principal_id: int, now: datetime, at_most: int = 100) -> Iterator[int]:
    """Let the rules decide about rows nobody has decided about, a few shared addresses after the other.

    Yields how many pairs were decided, about ``at_most`` at once; the caller commits there, and at the end.
    """
    last = ""
    while emails := shared_emails(principal_id, last, ADDRESSES_AT_ONCE):
        last = emails[-1]
        while _waiting(principal_id, emails):
            gates.enter(principal_id)
            # Looked at anew inside the gate: somebody may have been merged by hand, or erased, since.
            yield _decide(principal_id, _waiting(principal_id, emails)[:at_most], now)


def _decide(principal_id: int, verdicts: list[Verdict], now: datetime) -> int:
    for verdict in verdicts:
        if verdict.merges:
            _merge(verdict, now, None)
        else:
            _note(verdict, principal_id, now, None)
    return len(verdicts)


def _waiting(principal_id: int, emails: list[str]) -> list[Verdict]:
    verdicts = [verdict for rows in alike(principal_id, emails) for verdict in judge(rows)]
    known = decided(principal_id, EMAIL_ALONE, [verdict.other.id for verdict in verdicts])
    return [verdict for verdict in verdicts if pair_of(verdict.kept.id, verdict.other.id) not in known]


def _both(kept_id: int, other_id: int) -> tuple[Customer, Customer]:
    kept, other = db.session.get(Customer, kept_id), db.session.get(Customer, other_id)
    if kept is None or other is None or kept is other:
        raise MergeRefused("not-two-rows")
    if kept.principal_id != other.principal_id:
        raise MergeRefused("other-principal")
    gates.enter(kept.principal_id)
    for row in (kept, other):
        db.session.refresh(row)
        if row.erased_at is not None or row.merged_into_id is not None:
            raise MergeRefused("gone")
    return kept, other


def _row(customer: Customer) -> Row:
    return Row(customer.id, customer.phone, customer.email, customer.name)


def _merge(verdict: Verdict, now: datetime, actor_id: int | None) -> CustomerLink:
    kept = db.session.get_one(Customer, verdict.kept.id, populate_existing=True)
    other = db.session.get_one(Customer, verdict.other.id, populate_existing=True)
    link = _note(verdict, kept.principal_id, now, actor_id)
    moved: dict[str, list[int | str]] = {}
    for part in parts():
        moved |= part.follow(kept.id, other.id)  # type: ignore[arg-type]
    rows = list(db.session.scalars(select(Customer).where(Customer.merged_into_id == other.id)))
    for row in (*rows, other):
        row.merged_into_id = kept.id
    completed = [name for name in COMPLETED if not getattr(kept, name) and getattr(other, name)]
    for name in completed:
        setattr(kept, name, getattr(other, name))
    link.moved = {**moved, "rows": [row.id for row in rows], "completed": completed}
    db.session.flush()
    counts = {name: len(ids) for name, ids in moved.items()}
    facts = {"rule": link.rule, "moved": counts, "evidence": link.evidence_hash, "principal_id": link.principal_id}
    ledger.record("contacts.merged", f"customer-link:{link.id}", facts, now, actor_id)
    return link


def _note(verdict: Verdict, principal_id: int, now: datetime, actor_id: int | None) -> CustomerLink:
    link = CustomerLink(
        principal_id=principal_id,
        kept_id=verdict.kept.id,
        other_id=verdict.other.id,
        rule=verdict.rule,
        verdict="merged" if verdict.merges else "apart",
        reason=verdict.reason,
        evidence_hash=evidence_hash(verdict.evidence()),
        decided_at=now,
        decided_by=actor_id,
        moved={},
    )
    db.session.add(link)
    db.session.flush()
    return link
