"""Erasing a person, everywhere at once: what goes, what has to stay until when, and what is remembered of it."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select

from contacts.keys import key_name, mark_of
from contacts.models import Customer, ErasedAddress, Erasure, Principal
from contacts.queries.persons import partners_of, parts, person_of, rows_of, sparing
from contacts.services import gates
from foundation.database import db
from foundation.ledger import services as ledger
from foundation.people import Kept, Outcome, Person

#: What is not settled yet is looked at again after so long.
SOON = timedelta(days=1)


class ErasureRefused(Exception):
    """Somebody who cannot be erased; ``code`` says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Planned:
    """What erasing would do at one principal; ``first``: the one that was asked."""

    customer: Customer
    principal: Principal
    first: bool
    gone: dict[str, int]
    kept: list[Kept]


def planned(customer: Customer, now: datetime) -> list[Planned]:
    """What erasing ``customer`` would do, at its principal and at those that agreed to erase together."""
    plans = []
    for one in (customer, *partners_of(customer, now)):
        outcome = _outcome(person_of(one), now)
        principal = db.session.get_one(Principal, one.principal_id)
        plans.append(Planned(one, principal, one is customer, outcome.gone, outcome.kept))
    return plans


def erase_person(
    customer_id: int, now: datetime, *, note: str = "", actor_id: int | None = None, ground: str = "asked"
) -> list[Erasure]:
    """Erase a person at their principal, and where an agreement says so at others; return one row for each principal.

    Identity, free words, the addresses and bodies of messages and the way from an answer to its person go. Facts stay,
    without a person: contacts, invitations, answers, cases; so every figure, frame and chain is what it was. What may
    not go yet stays, with its reason and its day, and goes by itself then. Raises ErasureRefused ``already-erased``.
    ``note`` says how they asked, without name or address.
    """
    customer = db.session.get_one(Customer, customer_id)
    if customer.erased_at is not None:
        raise ErasureRefused("already-erased")
    everyone = [customer, *partners_of(customer, now)] if ground == "asked" else [customer]
    for principal_id in sorted({one.principal_id for one in everyone}):
        gates.enter(principal_id)
    # Whoever pressed twice, or merged a row meanwhile, waited at the gate; what was read before it may be over.
    for one in everyone:
        db.session.refresh(one)
    if customer.erased_at is not None or customer.merged_into_id is not None:
        raise ErasureRefused("already-erased")
    everyone = [one for one in everyone if one.erased_at is None and one.merged_into_id is None]
    return [_erase(one, now, note, actor_id, ground) for one in everyone]


def finish_erasure(erasure: Erasure, now: datetime) -> bool:
    """Let go of what an erasure had to keep and may not any more; return whether nothing is kept now."""
    customer = db.session.get_one(Customer, erasure.customer_id)
    outcome = _let_go(person_of(customer), now)
    more = {kind: count for kind, count in outcome.gone.items() if count and kind in {"cases", "proposals", "messages"}}
    erasure.gone = {**erasure.gone, **{kind: erasure.gone.get(kind, 0) + count for kind, count in more.items()}}
    _note_kept(erasure, outcome.kept, now)
    if more:
        facts = {"gone": more, "kept": erasure.kept, "principal_id": erasure.principal_id}
        ledger.record("contacts.erasure-continued", f"erasure:{erasure.id}", facts, now)
    return erasure.look_on is None


def waiting_erasures(today: date, at_most: int) -> list[Erasure]:
    """Erasures of which something is to be looked at again."""
    due = select(Erasure).where(Erasure.look_on <= today).order_by(Erasure.look_on, Erasure.id).limit(at_most)
    return list(db.session.scalars(due))


def _erase(customer: Customer, now: datetime, note: str, actor_id: int | None, ground: str) -> Erasure:
    person = person_of(customer)
    addresses = {address for row in rows_of(customer) for address in (row.phone, row.email) if address}
    outcome = _let_go(person, now)
    _remember(person, addresses & set(person.addresses), now)
    erasure = Erasure(
        principal_id=customer.principal_id,
        customer_id=customer.id,
        ground=ground,
        note=note.strip(),
        at=now,
        actor_id=actor_id,
        gone=outcome.gone,
        kept=[],
    )
    _note_kept(erasure, outcome.kept, now)
    db.session.add(erasure)
    db.session.flush()
    facts = {"ground": ground, "gone": erasure.gone, "kept": erasure.kept, "principal_id": customer.principal_id}
    ledger.record("contacts.person-erased", f"erasure:{erasure.id}", facts, now, actor_id)
    return erasure


def _let_go(person: Person, now: datetime) -> Outcome:
    """Let every package let go, in the order of the locks; contacts, which know who it was, come last."""
    spared = sparing(person, now)
    outcomes = [part.erase(spared, now) for part in parts()]
    return _sum(outcomes)


def _outcome(person: Person, now: datetime) -> Outcome:
    spared = sparing(person, now)
    return _sum([part.outcome(spared, now) for part in parts()])


def _sum(outcomes: list[Outcome]) -> Outcome:
    gone = {kind: count for outcome in outcomes for kind, count in outcome.gone.items()}
    return Outcome(gone, [kept for outcome in outcomes for kept in outcome.kept])


def _note_kept(erasure: Erasure, kept: list[Kept], now: datetime) -> None:
    erasure.kept = [one.as_json() for one in kept]
    days = [one.until + timedelta(days=1) if one.until else (now + SOON).date() for one in kept]
    erasure.look_on = min(days) if days else None


def _remember(person: Person, addresses: set[str], now: datetime) -> None:
    """Keep the hash of each address, so that the log they came from does not bring them back."""
    known = {
        row.address_hash: row
        for row in db.session.scalars(
            select(ErasedAddress).where(
                ErasedAddress.principal_id == person.principal_id,
                ErasedAddress.address_hash.in_([mark_of(address) for address in addresses]),
            )
        )
    }
    for address in sorted(addresses):
        mark = mark_of(address)
        row = known.get(mark) or ErasedAddress(principal_id=person.principal_id, address_hash=mark)
        row.erased_at, row.key_name = now, key_name()
        db.session.add(row)
