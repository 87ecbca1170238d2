"""The contacts of a closed period as a programme sees them: who may be drawn, who not and why.

A draw reads a hundred thousand of them, so they are read as tuples and judged by kind: contacts whose columns are alike
fare alike, and there are far fewer kinds than contacts.
"""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from operator import itemgetter
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Select, Text, and_, cast, false, func, or_, select

from contacts.frames import span
from contacts.models import Contact, Customer, EntryPoint, Period, Principal, Site
from contacts.queries import held_contacts
from contacts.queries.certified import certified_spans
from contacts.queries.population import in_span
from foundation.database import db
from surveys.eligibility import FACT, HOLD, QUARANTINE, Kind, Rules, fact_words, ineligible_because
from surveys.frame_rows import Member
from surveys.frames import stratum_key
from surveys.queries.suppressions import addresses, suppressed_because
from surveys.terms import Asking

__all__ = ["QUARANTINE", "Population", "addresses", "judged", "population", "read_rows"]
_ABOUT = (Contact.public_id, Contact.id, Contact.site_id, Contact.language)
_WHO = (Contact.customer_id, Customer.phone, func.coalesce(Customer.phone_takes_sms, False), Customer.email)
#: Until further notice.
FOREVER = date(9000, 1, 1)
_ID, _CUSTOMER, _KIND = 1, len(_ABOUT), len(_ABOUT) + len(_WHO)
_FIELDS: Mapping[str, ColumnElement[Any]] = {
    "site": Site.key,
    "entry_point": func.coalesce(EntryPoint.key, ""),
    **{name: getattr(Contact, name) for name in ("channel", "direction", "outcome", "reason", "language", "agent")},
}
#: Columns of ``Kind`` that are read only where there is a rule about them.
_RULED = {"channel": "channels", "entry_point": "entry_points", "reason": "reasons", "language": "languages"}


class Fate(NamedTuple):
    """What contacts with the same columns share: their stratum, and why they may not be drawn, if so."""

    stratum: str
    reason: str


@dataclass(frozen=True)
class Population:
    """Every contact of a period with its standing, and the values behind each stratum's name."""

    members: list[Member]
    strata: dict[str, list[str]]


@dataclass(frozen=True)
class Rows:
    """The contacts of a period as the database gives them: about 4, who 4, then ``kind`` and the strata fields."""

    rows: list[tuple[Any, ...]]
    kind: tuple[str, ...]


def population(terms: Asking, principal_id: int, period_id: int, at: datetime) -> Population:
    """Every contact of the period with its standing at ``at``."""
    return judged(terms, principal_id, read_rows(terms, period_id, at), at)


def read_rows(terms: Asking, period_id: int, at: datetime) -> Rows:
    """The contacts of a period, in the order of their public ids."""
    rules = Rules.from_json(terms.rules)
    period, kind = db.session.get_one(Period, period_id), _kind(rules, at)
    if rules.certified_only:
        kind["in_scope"] = _is_certified(period.principal_id)
    statement: Select[Any] = (
        select(*_ABOUT, *_WHO, *kind.values(), *map(_field, terms.strata))
        .join(Site, Site.id == Contact.site_id)
        .outerjoin(Customer, Customer.id == Contact.customer_id)
        .where(in_span(period.principal_id, period.first_day, period.last_day), Contact.late.is_(False))
    )
    if rules.entry_points or "entry_point" in terms.strata:
        statement = statement.outerjoin(EntryPoint, EntryPoint.id == Contact.entry_point_id)
    # The tuples of the driver: an object for each row would cost as much as all the rest.
    cursor = db.session.connection().execute(statement).cursor
    assert cursor is not None
    return Rows(sorted(cursor.fetchall(), key=itemgetter(0)), tuple(kind))


def _kind(rules: Rules, at: datetime) -> dict[str, ColumnElement[Any]]:
    """The columns of ``Kind`` that the rules read."""
    read: dict[str, ColumnElement[Any]] = {"direction": Contact.direction, "outcome": Contact.outcome}
    read |= {name: _FIELDS[name] for name, rule in _RULED.items() if getattr(rules, rule)}
    read |= {name: _field(FACT + getattr(rules, name)) for name in ("mark", "consent") if getattr(rules, name)}
    if rules.max_age_days is not None:
        read["too_old"] = Contact.started_at < at - timedelta(days=rules.max_age_days)
    return read


def _is_certified(principal_id: int) -> ColumnElement[bool]:
    """The condition that the site was in the certified scope on the day of the contact, in the principal's zone."""
    zone = ZoneInfo(db.session.get_one(Principal, principal_id).zone)
    found: list[ColumnElement[bool]] = []
    for site_id, spans in certified_spans().items():
        for each in spans:
            if each.concerns(principal_id):
                begins, ends = span(each.first_day, each.last_day or FOREVER, zone)
                found.append(and_(Contact.site_id == site_id, Contact.started_at >= begins, Contact.started_at < ends))
    return or_(false(), *found)


def _field(name: str) -> ColumnElement[Any]:
    if not name.startswith(FACT):
        return _FIELDS[name]
    return func.coalesce(cast(Contact.facts[name.removeprefix(FACT)].as_string(), Text), "")


def judged(terms: Asking, principal_id: int, read: Rows, at: datetime) -> Population:
    """What the rules of ``terms`` make of what was read by the same rules and strata fields."""
    kinds = [row[_KIND:] for row in read.rows]
    by_kind, strata = _fates(terms, read.kind, set(kinds))
    fates = [by_kind[kind] for kind in kinds]
    suppressed: dict[int, str] = {}
    clocks: dict[int | None, datetime] = {}
    clusters: dict[int | None, int] = {}
    if terms.uses_addresses:
        asked = [row for row, fate in zip(read.rows, fates, strict=True) if not fate.reason]
        suppressed, clocks = _suppressed(terms, principal_id, asked, at)
        clusters = _clusters([row[_CUSTOMER] for row in asked if row[_ID] not in suppressed])
    members = []
    for row, (stratum, reason) in zip(read.rows, fates, strict=True):
        customer_id, clock, cluster = row[_CUSTOMER], None, None
        if reason:
            status = "ineligible"
        elif reason := suppressed.get(row[_ID], ""):
            status, clock = "suppressed", clocks.get(customer_id) if reason == QUARANTINE else None
        else:
            status, cluster = "eligible", clusters.get(customer_id)
        members.append(Member._make((*row[: _CUSTOMER + 1], stratum, status, reason, clock, cluster)))
    return Population(members, strata)


def _fates(
    terms: Asking, kind: Sequence[str], found: Collection[tuple[Any, ...]]
) -> tuple[dict[tuple[Any, ...], Fate], dict[str, list[str]]]:
    """The columns that decide → what they decide; and the values behind each stratum's name."""
    rules, fates, strata = Rules.from_json(terms.rules), {}, {}
    for columns in found:
        values = [fact_words(value) for value in columns[len(kind) :]]
        stratum = stratum_key(values)
        strata[stratum] = values
        fates[columns] = Fate(stratum, ineligible_because(Kind(**dict(zip(kind, columns, strict=False))), rules))
    return fates, strata


def _suppressed(
    terms: Asking, principal_id: int, asked: Sequence[tuple[Any, ...]], at: datetime
) -> tuple[dict[int, str], dict[int | None, datetime]]:
    """Id of the contact → why it may not be asked about, and when those in quarantine were last invited."""
    people = {row[_CUSTOMER]: row[_CUSTOMER:_KIND] for row in asked}
    people.pop(None, None)
    customers, clocks = suppressed_because(terms, principal_id, people, at)
    blocking = Rules.from_json(terms.rules).blocks
    calls = held_contacts(map(itemgetter(_ID), asked), at)
    found = {contact_id: HOLD + code for contact_id, code in calls.items() if blocking(HOLD + code)}
    found |= {row[_ID]: customers[row[_CUSTOMER]] for row in asked if row[_CUSTOMER] in customers}
    return found, clocks


def _clusters(taking_part: Sequence[int | None]) -> dict[int | None, int]:
    """Customers with several contacts that may be drawn → their number, in the order of the public ids.

    ``taking_part``: the customer of each contact that may be drawn, in that order.
    """
    several = (customer_id for customer_id, times in Counter(taking_part).items() if times > 1)
    return {customer_id: number for number, customer_id in enumerate(several, 1)}
