"""The contacts of a closed period as a programme sees them: who may be drawn, who not and why."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import func, select

from contacts.models import Customer
from contacts.queries import held, held_contacts, period_frame
from foundation.database import UTCDateTime, db
from notifications.queries import opted_out
from surveys.eligibility import ELIGIBLE, Address, Rules, Standing, address_of, standing, stratum_values
from surveys.frames import stratum_key
from surveys.models import Invitation, ProgrammeVersion

AT_ONCE = 500
QUARANTINE = "quarantine"


@dataclass(frozen=True, slots=True)
class Member:
    """One contact of the population and what it is to a draw. ``cluster``: see surveys.sampling.

    ``clock``: when a customer in quarantine was last invited.
    """

    contact_id: int
    public_id: str
    customer_id: int | None
    site_id: int
    language: str
    stratum: str
    standing: Standing
    clock: datetime | None = None
    cluster: int | None = None


def population(
    terms: ProgrammeVersion, principal_id: int, period_id: int, at: datetime
) -> tuple[list[Member], dict[str, list[str]]]:
    """Every contact of the period with its standing at ``at``, and the values behind each stratum's name."""
    rules = Rules.from_json(terms.rules)
    rows = list(period_frame(period_id))
    suppressed: dict[int | None, str] = {}
    invited: dict[int, datetime] = {}
    on_hold: dict[int, str] = {}
    if terms.uses_addresses:
        suppressed, invited = _suppressed(terms, principal_id, {row.customer_id for row in rows}, at)
        on_hold = held_contacts((row.contact_id for row in rows), at)
    members, strata = [], {}
    for row in rows:
        values = stratum_values(row, terms.strata)
        stratum = stratum_key(values)
        strata[stratum] = values
        stands = standing(row, rules, at, suppressed)
        if stands == ELIGIBLE and row.contact_id in on_hold:
            stands = Standing("suppressed", f"hold-{on_hold[row.contact_id]}")
        members.append(
            Member(
                row.contact_id,
                row.public_id,
                row.customer_id,
                row.site_id,
                row.language,
                stratum,
                stands,
                invited.get(row.customer_id or 0) if stands.reason == QUARANTINE else None,
            )
        )
    return (_clustered(members) if terms.uses_addresses else members), strata


def _clustered(members: list[Member]) -> list[Member]:
    """Number the customers who have several contacts that may be drawn, in the order of the public ids."""
    contacts = Counter(member.customer_id for member in members if member.standing.status == "eligible")
    numbers: dict[int | None, int] = {}
    clustered = []
    for member in sorted(members, key=lambda member: member.public_id):
        if member.standing.status == "eligible" and contacts[member.customer_id] > 1:
            member = replace(member, cluster=numbers.setdefault(member.customer_id, len(numbers) + 1))
        clustered.append(member)
    return clustered


def _suppressed(
    terms: ProgrammeVersion, principal_id: int, customer_ids: set[int | None], at: datetime
) -> tuple[dict[int | None, str], dict[int, datetime]]:
    """Why customers may not be asked now, and when those in quarantine were invited; the first reason counts.

    A contact of nobody known has no address.
    """
    ids = sorted(customer_id for customer_id in customer_ids if customer_id is not None)
    reasons: dict[int | None, str] = {None: "no-address"}
    invited: dict[int, datetime] = {}
    for some in _batches(ids):
        lately = _invited_lately(terms, principal_id, some, at)
        invited |= lately
        quarantined = dict.fromkeys(lately, QUARANTINE)
        on_hold = {customer_id: f"hold-{code}" for customer_id, code in held(some, at).items()}
        reasons |= quarantined | on_hold | _unreachable(terms, principal_id, some)
    return reasons, invited


def _unreachable(terms: ProgrammeVersion, principal_id: int, customer_ids: Sequence[int]) -> dict[int, str]:
    found = addresses(terms, principal_id, customer_ids)
    return {customer_id: reason for customer_id, reason in found.items() if isinstance(reason, str)}


def addresses(terms: ProgrammeVersion, principal_id: int, customer_ids: Sequence[int]) -> dict[int, Address | str]:
    """Where each customer would be written to, or ``no-address`` or ``opted-out``."""
    known = db.session.execute(
        select(Customer.id, Customer.phone, Customer.phone_takes_sms, Customer.email).where(
            Customer.id.in_(customer_ids)
        )
    ).all()
    asked = {address for row in known for address in (row.phone, row.email) if address}
    stopped = opted_out(asked, principal_id, "survey")
    return {
        row.id: address_of(terms.collection, row.phone if row.phone_takes_sms else None, row.email, stopped)
        for row in known
    }


def _invited_lately(
    terms: ProgrammeVersion, principal_id: int, customer_ids: Sequence[int], at: datetime
) -> dict[int, datetime]:
    """When each of these customers was last invited, if that is less than the days of quarantine ago."""
    if not terms.quarantine_days:
        return {}
    invited_at = func.coalesce(Invitation.sent_at, Invitation.created_at)
    rows = db.session.execute(
        select(Invitation.customer_id, func.max(invited_at, type_=UTCDateTime))
        .where(
            Invitation.customer_id.in_(customer_ids),
            Invitation.principal_id == principal_id,
            Invitation.collection != "file",
            Invitation.disposition.not_in(("not_sent", "ineligible")),
            invited_at > at - timedelta(days=terms.quarantine_days),
        )
        .group_by(Invitation.customer_id)
    )
    return {customer_id: moment for customer_id, moment in rows if customer_id is not None}


def _batches(ids: list[int]) -> Iterator[list[int]]:
    yield from (ids[start : start + AT_ONCE] for start in range(0, len(ids), AT_ONCE))
