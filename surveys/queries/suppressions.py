"""Whom a programme would ask and may not: no address, a stop, a hold, a quarantine, too many invitations."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, func, select

from contacts.models import Customer
from contacts.queries import held
from contacts.queries.agreements import principals_sharing
from contacts.queries.people import merged_addresses
from foundation.database import UTCDateTime, db
from notifications.queries import opted_out
from surveys.anonymity import ANONYMOUS
from surveys.eligibility import ANSWERED_LATELY, HOLD, QUARANTINE, TOO_OFTEN, Address, Rules, address_of
from surveys.models import Draw, Invitation, ProgrammeVersion
from surveys.terms import Asking

#: Customer → (id, phone, whether it takes SMS, e-mail).
People = Mapping[int, tuple[Any, ...]]
INVITED_AT = func.coalesce(Invitation.sent_at, Invitation.created_at)


def suppressed_because(
    terms: Asking, principal_id: int, asked: People, at: datetime
) -> tuple[dict[int | None, str], dict[int | None, datetime]]:
    """Why customers may not be asked at ``at``, and when those in quarantine were last invited.

    The first reason counts. A contact of nobody known has no address.
    """
    rules = Rules.from_json(terms.rules)
    often = dict.fromkeys(_invited_often(rules, principal_id, at), TOO_OFTEN)
    lately = invited_lately(terms, principal_id, asked, at)
    blocked = dict.fromkeys(_answered_lately(rules, principal_id, at), ANSWERED_LATELY)
    on_hold = {one: HOLD + code for one, code in held(asked, at).items() if rules.blocks(HOLD + code)}
    found = often | dict.fromkeys(lately, QUARANTINE) | blocked | on_hold | _unreachable(terms, principal_id, asked)
    return {None: "no-address"} | found, lately


def _unreachable(terms: Asking, principal_id: int, asked: People) -> dict[int, str]:
    stopped = _stopped(terms, principal_id, asked.values())
    found: dict[int, str] = {}
    for one, phone, takes_sms, email in asked.values():
        if phone and takes_sms and phone not in stopped:
            continue  # nearly everybody
        address = address_of(terms.collection, phone if takes_sms else None, email, stopped)
        if isinstance(address, str):
            found[one] = address
    return found


def _stopped(terms: Asking, principal_id: int, people: Collection[tuple[Any, ...]]) -> set[str]:
    """Those of the addresses these people could be written to at that said stop."""
    known = {phone for _one, phone, takes_sms, _email in people if phone and takes_sms}
    if terms.collection == "web":
        known |= {email for _one, _phone, _takes_sms, email in people if email}
    return opted_out(known, principal_id, "survey") | _stopped_as_another(principal_id, people)


def _stopped_as_another(principal_id: int, people: Collection[tuple[Any, ...]]) -> set[str]:
    """The addresses of people who said stop from an address they have in a row that was merged into theirs."""
    merged = merged_addresses(principal_id)
    if not merged:
        return set()
    said = opted_out({address for theirs in merged.values() for address in theirs}, principal_id, "survey")
    ids = {one for one, theirs in merged.items() if theirs & said}
    return {address for one, phone, _takes_sms, email in people if one in ids for address in (phone, email) if address}


def addresses(terms: Asking, principal_id: int, customer_ids: Collection[int]) -> dict[int, Address | str]:
    """Where each customer would be written to, or ``no-address`` or ``opted-out``."""
    columns = (Customer.id, Customer.phone, Customer.phone_takes_sms, Customer.email)
    rows = db.session.execute(select(*columns).where(Customer.id.in_(customer_ids)))
    return addresses_of(terms, principal_id, [tuple(row) for row in rows])


def addresses_of(terms: Asking, principal_id: int, people: Collection[tuple[Any, ...]]) -> dict[int, Address | str]:
    """The same of people who are known already, as the values of ``People`` are."""
    stopped = _stopped(terms, principal_id, people)
    return {
        one: address_of(terms.collection, phone if takes_sms else None, email, stopped)
        for one, phone, takes_sms, email in people
    }


def invited_lately(terms: Asking, principal_id: int, asked: People, at: datetime) -> dict[int | None, datetime]:
    """When each customer was last invited, if that is less than the days of quarantine ago.

    By any programme of this principal, and of those who have agreed with it that a quarantine reaches over both: there
    a person is known by phone or e-mail.
    """
    if not terms.quarantine_days:
        return {}
    since = at - timedelta(days=terms.quarantine_days)
    last = func.max(INVITED_AT, type_=UTCDateTime)
    own = (
        select(Invitation.customer_id, last).where(*_invited(principal_id, since, at)).group_by(Invitation.customer_id)
    )
    found: dict[int | None, datetime] = {one: moment for one, moment in db.session.execute(own) if one is not None}
    add_elsewhere(found, principal_id, asked, since, at)
    return found


def add_elsewhere(
    found: dict[int | None, datetime],
    principal_id: int,
    asked: People,
    since: datetime,
    at: datetime,
) -> None:
    """Add those whom a principal that shares its quarantine invited after ``since``, where that was later."""
    if others := principals_sharing(principal_id, QUARANTINE, at) - {principal_id}:
        _add_elsewhere(found, others, asked, since, at)


def _add_elsewhere(
    found: dict[int | None, datetime],
    others: Collection[int],
    asked: People,
    since: datetime,
    at: datetime,
) -> None:
    """Add those whom one of the principals ``others`` invited by the same phone or e-mail, where that was later."""
    last = func.max(INVITED_AT, type_=UTCDateTime)
    theirs = select(Customer.phone, Customer.email, last).join(Invitation, Invitation.customer_id == Customer.id)
    known: dict[str, datetime] = {}
    for other in sorted(others):
        rows = db.session.execute(theirs.where(*_invited(other, since, at)).group_by(Customer.phone, Customer.email))
        for phone, email, moment in rows:
            known |= {address: max(moment, known.get(address, moment)) for address in (phone, email) if address}
    for one, phone, _takes_sms, email in asked.values():
        for address in (phone, email):
            if address in known:
                found[one] = max(known[address], found.get(one, known[address]))


def _invited(principal_id: int, since: datetime, at: datetime) -> list[ColumnElement[bool]]:
    """The conditions that an invitation of this principal was made by ``at`` and reached somebody after ``since``."""
    return [
        Invitation.principal_id == principal_id,
        Invitation.collection != "file",
        Invitation.disposition.not_in(("not_sent", "ineligible")),
        Invitation.created_at <= at,
        since < INVITED_AT,
    ]


def _invited_often(rules: Rules, principal_id: int, at: datetime) -> Sequence[int | None]:
    """Who was invited as often as a person may be."""
    if rules.per_person is None:
        return []
    since = at - timedelta(days=rules.per_person.days)
    invited = select(Invitation.customer_id).where(*_invited(principal_id, since, at))
    often = invited.group_by(Invitation.customer_id).having(func.count() >= rules.per_person.most)
    return [one for one in db.session.scalars(often) if one is not None]


def _answered_lately(rules: Rules, principal_id: int, at: datetime) -> Collection[int]:
    return answered_since(principal_id, rules, at) if ANSWERED_LATELY in rules.blocking else []


def answered_since(
    principal_id: int, rules: Rules, at: datetime, among: Collection[int] | None = None
) -> dict[int, datetime]:
    """Who answered any programme of this principal less than the days of the rule before ``at``, and when last.

    None that promised to be anonymous: a contact left out or waiting for this reason would tell who had answered.
    ``among``: of these customers only.
    """
    if not rules.answered_days:
        return {}
    last = func.max(Invitation.completed_at, type_=UTCDateTime)
    told = select(Draw.id).join(ProgrammeVersion, ProgrammeVersion.id == Draw.programme_version_id)
    found = select(Invitation.customer_id, last).where(
        Invitation.principal_id == principal_id,
        Invitation.draw_id.in_(told.where(ProgrammeVersion.promise != ANONYMOUS)),
        Invitation.customer_id.is_not(None),
        Invitation.completed_at > at - timedelta(days=rules.answered_days),
        Invitation.completed_at <= at,
    )
    if among is not None:
        found = found.where(Invitation.customer_id.in_(among))
    rows = db.session.execute(found.group_by(Invitation.customer_id))
    return {one: moment for one, moment in rows if one is not None}
