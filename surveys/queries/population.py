"""The contacts of a closed period as a programme sees them: who may be drawn, who not and why.

A draw reads a hundred thousand of them, so they are read as tuples and judged by kind: contacts whose columns are alike
fare alike, and there are far fewer kinds than contacts.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, Text, cast, func, literal, select

from contacts.models import Contact, Customer, EntryPoint, Period, Site
from contacts.queries import held, held_contacts
from contacts.queries.population import in_span
from foundation.database import db
from surveys.eligibility import FACT, HOLD, QUARANTINE, Kind, Rules, fact_words, ineligible_because
from surveys.frame_rows import Member, Person
from surveys.frames import stratum_key
from surveys.queries.suppressions import addresses, suppressed_because
from surveys.terms import Asking

__all__ = ["QUARANTINE", "Population", "addresses", "judged", "population", "read_rows"]
_ABOUT = (Contact.public_id, Contact.id, Contact.customer_id, Contact.site_id, Contact.language)
_WHO = (Customer.phone, func.coalesce(Customer.phone_takes_sms, False), Customer.email)
_FIELDS: Mapping[str, ColumnElement[Any]] = {
    "site": Site.key,
    "entry_point": func.coalesce(EntryPoint.key, ""),
    **{name: getattr(Contact, name) for name in ("channel", "direction", "outcome", "reason", "language", "agent")},
}


@dataclass(frozen=True)
class Population:
    """Every contact of a period with its standing, and the values behind each stratum's name."""

    members: list[Member]
    strata: dict[str, list[str]]


class _Row:
    """Where each part of a row begins."""

    KIND = len(_ABOUT) + len(_WHO)
    STRATUM = KIND + len(Kind._fields)


def population(terms: Asking, principal_id: int, period_id: int, at: datetime) -> Population:
    """Every contact of the period with its standing at ``at``."""
    return judged(terms, principal_id, read_rows(terms, period_id, at), at)


def read_rows(terms: Asking, period_id: int, at: datetime) -> Sequence[Any]:
    """The contacts of a period as tuples: what they are, who it was, their kind, the values of the strata fields."""
    rules = Rules.from_json(terms.rules)
    period = db.session.get_one(Period, period_id)
    columns = [*_ABOUT, *_WHO, *_kind(rules, at), *map(_field, terms.strata)]
    statement: Select[Any] = (
        select(*columns)
        .join(Site, Site.id == Contact.site_id)
        .outerjoin(Customer, Customer.id == Contact.customer_id)
        .where(in_span(period.principal_id, period.first_day, period.last_day), Contact.late.is_(False))
    )
    if rules.entry_points or "entry_point" in terms.strata:
        statement = statement.outerjoin(EntryPoint, EntryPoint.id == Contact.entry_point_id)
    return db.session.execute(statement).all()


def _kind(rules: Rules, at: datetime) -> list[ColumnElement[Any]]:
    """The columns of ``Kind``; what no rule reads is a constant, so that there are few kinds."""
    read: dict[str, ColumnElement[Any]] = {"direction": Contact.direction, "outcome": Contact.outcome}
    read |= {name: _FIELDS[name] for name, rule in _RULED.items() if getattr(rules, rule)}
    read |= {name: _field(FACT + getattr(rules, name)) for name in ("mark", "consent") if getattr(rules, name)}
    if rules.max_age_days is not None:
        read["too_old"] = Contact.started_at < at - timedelta(days=rules.max_age_days)
    return [read.get(name, literal(Kind._field_defaults.get(name))) for name in Kind._fields]


_RULED = {"channel": "channels", "entry_point": "entry_points", "reason": "reasons", "language": "languages"}


def _field(name: str) -> ColumnElement[Any]:
    if not name.startswith(FACT):
        return _FIELDS[name]
    return func.coalesce(cast(Contact.facts[name.removeprefix(FACT)].as_string(), Text), "")


def judged(terms: Asking, principal_id: int, rows: Sequence[Any], at: datetime) -> Population:
    """What the rules of ``terms`` make of ``rows``, which were read with the same rules and strata."""
    kinds, strata, names = _kinds(terms, rows), _strata(rows), {}
    suppressed: dict[int | None, str] = {}
    invited: dict[int | None, datetime] = {}
    on_hold: dict[int, str] = {}
    if terms.uses_addresses:
        asked = {row[2]: Person(row[2], *row[5:8]) for row in rows if not kinds[row[_Row.KIND : _Row.STRATUM]]}
        suppressed, invited = suppressed_because(terms, principal_id, asked, held(_known(asked), at), at)
        on_hold = _contacts_on_hold(terms, rows, at)
    members = []
    for row in rows:
        customer_id, status, clock = row[2], "eligible", None
        if reason := kinds[row[_Row.KIND : _Row.STRATUM]]:
            status = "ineligible"
        elif reason := suppressed.get(customer_id) or on_hold.get(row[1], ""):
            status, clock = "suppressed", invited.get(customer_id) if reason == QUARANTINE else None
        members.append(Member(*row[:5], strata[row[_Row.STRATUM :]], status, reason, clock))
    members.sort()
    names = {stratum: [fact_words(value) for value in values] for values, stratum in strata.items()}
    return Population(_clustered(members) if terms.uses_addresses else members, names)


def _known(asked: Iterable[int | None]) -> Iterator[int]:
    return (customer_id for customer_id in asked if customer_id is not None)


def _contacts_on_hold(terms: Asking, rows: Sequence[Any], at: datetime) -> dict[int, str]:
    """The reason of each contact under a hold of its own that does not merely delay."""
    blocking = Rules.from_json(terms.rules).blocks
    found = held_contacts((row[1] for row in rows), at).items()
    return {contact_id: HOLD + code for contact_id, code in found if blocking(HOLD + code)}


def _kinds(terms: Asking, rows: Sequence[Any]) -> dict[tuple[Any, ...], str]:
    """Kind → why such a contact may not be drawn; empty if it may."""
    rules = Rules.from_json(terms.rules)
    return {kind: ineligible_because(Kind(*kind), rules) for kind in {row[_Row.KIND : _Row.STRATUM] for row in rows}}


def _strata(rows: Sequence[Any]) -> dict[tuple[Any, ...], str]:
    """Values of the strata fields → the name of the stratum."""
    return {values: stratum_key(values) for values in {row[_Row.STRATUM :] for row in rows}}


def _clustered(members: list[Member]) -> list[Member]:
    """Number the customers who have several contacts that may be drawn, in the order of the public ids."""
    seen: set[int | None] = set()
    several: set[int | None] = set()
    for member in members:
        if member.status == "eligible":
            (several if member.customer_id in seen else seen).add(member.customer_id)
    if not several:
        return members
    numbers: dict[int | None, int] = {}
    return [
        member._replace(cluster=numbers.setdefault(member.customer_id, len(numbers) + 1))
        if member.status == "eligible" and member.customer_id in several
        else member
        for member in members
    ]
