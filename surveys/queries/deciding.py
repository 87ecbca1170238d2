"""What deciding a contact that has just been recorded needs to know."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import and_, func, or_, select

from contacts.models import Customer, Period
from contacts.queries import days_in_zone, held, held_contacts
from foundation.database import UTCDateTime, db
from foundation.many import any_of
from surveys.continuous import Decided, Plan, Rate
from surveys.dispositions import DELAYING_HOLDS
from surveys.eligibility import ANSWERED_LATELY, HOLD, QUARANTINE, Rules
from surveys.models import Draw, FrameUnit, Invitation, ProgrammeVersion, SeedCommitment
from surveys.queries.seeds import opened
from surveys.queries.suppressions import INVITED_AT, People, add_elsewhere, addresses_of, answered_since

NO_ADDRESS = "no-address"
_of_the_same = and_(FrameUnit.draw_id == Invitation.draw_id, FrameUnit.contact_id == Invitation.contact_id)


@dataclass(frozen=True)
class Running:
    """A continuous draw under way, and the moments between which its contacts began (the second is outside)."""

    draw: Draw
    terms: ProgrammeVersion
    seed: bytes
    plan: Plan
    rules: Rules
    begins: datetime
    ends: datetime


def running_draws(principal_id: int) -> list[Running]:
    """The continuous draws of a principal whose period is open, in the order of their ids."""
    statement = (
        select(Draw, SeedCommitment, Period.first_day, Period.last_day)
        .join(SeedCommitment, SeedCommitment.id == Draw.seed_commitment_id)
        .join(Period, Period.id == Draw.period_id)
        .where(Draw.principal_id == principal_id, Draw.state == "running", Period.closed_at.is_(None))
        .order_by(Draw.id)
    )
    return [
        Running(
            draw,
            draw.terms,
            opened(seed),
            Plan.from_json(draw.allocation),
            Rules.from_json(draw.terms.rules),
            *days_in_zone(principal_id, first_day, last_day),
        )
        for draw, seed, first_day, last_day in db.session.execute(statement)
    ]


def histories(customer_ids: Sequence[int], since: datetime) -> dict[int, list[Decided]]:
    """What continuous draws decided of these customers after ``since``, in the order of decision."""
    rows = db.session.execute(
        select(
            FrameUnit.customer_id,
            FrameUnit.decided_at,
            FrameUnit.pi_drawn,
            FrameUnit.pi_eligible,
            ProgrammeVersion.quarantine_days,
            FrameUnit.pi,
            FrameUnit.drawn,
        )
        .join(Draw, Draw.id == FrameUnit.draw_id)
        .join(ProgrammeVersion, ProgrammeVersion.id == Draw.programme_version_id)
        .where(any_of(FrameUnit.customer_id, "customers"))
        .where(FrameUnit.decided_at.is_not(None), FrameUnit.decided_at > since, FrameUnit.pi.is_not(None))
        .order_by(FrameUnit.contact_id, FrameUnit.draw_id),
        {"customers": customer_ids},
    )
    found: dict[int, list[Decided]] = defaultdict(list)
    for customer_id, at, hits, of, days, pi, taken in rows:
        found[customer_id].append(Decided(at, Rate(hits, of), timedelta(days=days), pi, taken))
    return found


def not_to_be_asked(terms: ProgrammeVersion, principal_id: int, people: People, at: datetime) -> dict[int | None, str]:
    """Why customers may not be asked now, whatever the lot says; the first reason counts.

    A quarantine that a continuous draw of this principal began is no such reason: it is in the probability. One that a
    batch began is, or another principal that shares its own. What only delays is none either: whoever is taken is asked
    once it is over.
    """
    rules = Rules.from_json(terms.rules)
    ids = sorted(people)
    reasons: dict[int | None, str] = dict.fromkeys(_in_quarantine(terms, principal_id, people, ids, at), QUARANTINE)
    if ANSWERED_LATELY in rules.blocking:
        reasons |= dict.fromkeys(answered_since(principal_id, rules, at, ids), ANSWERED_LATELY)
    reasons |= _as_reasons(held(ids, at, but=_delaying(rules)))
    where = addresses_of(terms, principal_id, people.values())
    reasons |= {customer_id: found for customer_id, found in where.items() if isinstance(found, str)}
    return {None: NO_ADDRESS} | reasons


def contacts_not_to_be_asked(terms: ProgrammeVersion, contact_ids: Sequence[int], at: datetime) -> dict[int, str]:
    """The contacts under a hold of their own, each with its reason."""
    return _as_reasons(held_contacts(contact_ids, at, but=_delaying(Rules.from_json(terms.rules))))


def people(customer_ids: Sequence[int]) -> People:
    """What is read of customers to know whether they may be asked."""
    columns = (Customer.id, Customer.phone, Customer.phone_takes_sms, Customer.email)
    rows = db.session.execute(select(*columns).where(any_of(Customer.id, "ids")), {"ids": customer_ids})
    return {row.id: tuple(row) for row in rows}


def _delaying(rules: Rules) -> Collection[str]:
    return {code for code in DELAYING_HOLDS if not rules.blocks(HOLD + code)}


def _as_reasons(holds: Mapping[int, str]) -> dict[int, str]:
    return {one: HOLD + code for one, code in holds.items()}


def _in_quarantine(
    terms: ProgrammeVersion,
    principal_id: int,
    people: People,
    customer_ids: Sequence[int],
    at: datetime,
) -> Collection[int | None]:
    """Whom a batch invited within the quarantine, or a principal that shares its own.

    And whom a continuous draw took as somebody else, whose row was merged into theirs since: the two were decided
    apart, so no probability knows of it.
    """
    if not terms.quarantine_days or not customer_ids:
        return ()
    since = at - timedelta(days=terms.quarantine_days)
    invited = (
        select(Invitation.customer_id, func.max(INVITED_AT, type_=UTCDateTime))
        .join(Draw, Draw.id == Invitation.draw_id)
        .outerjoin(FrameUnit, _of_the_same)
        .where(any_of(Invitation.customer_id, "customers"), Invitation.principal_id == principal_id)
        .where(or_(Draw.kind == "batch", FrameUnit.customer_id != Invitation.customer_id))
        .where(Invitation.collection != "file", since < INVITED_AT)
        .where(Invitation.disposition.not_in(("not_sent", "ineligible")))
        .group_by(Invitation.customer_id)
    )
    rows = db.session.execute(invited, {"customers": customer_ids})
    found: dict[int | None, datetime] = {customer_id: moment for customer_id, moment in rows}  # noqa: C416
    add_elsewhere(found, principal_id, people, since, at)
    return found.keys()
