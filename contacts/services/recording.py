"""Contacts written to the log, whatever way they came: by file, by the API, from a watched folder."""

import json
import secrets
from collections.abc import Sequence
from datetime import datetime
from operator import attrgetter
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam, select

from contacts.entries import Entry
from contacts.frames import span
from contacts.models import Contact, Period, Principal
from contacts.queries.tombstones import has_erased, hidden_ids, living
from contacts.services import gates
from contacts.services.agents import keep_agents
from contacts.services.bulk import insert_rows, moment_writer, next_ids
from contacts.services.people import CustomerBook
from contacts.signals import contacts_recorded
from foundation.database import db
from foundation.many import any_of

#: What became of an entry. ``late``: added, but its period was closed. ``twice``: another with its identifier is above.
ADDED, LATE, KNOWN, TWICE = "added", "late", "known", "twice"
#: What a contact has from its entry as it stands there.
SAID = (
    *("site_id", "external_id", "channel", "direction", "entry_point_id", "entry_address", "reason"),
    *("reason_version_id", "reason_leaf", "reason_group", "outcome", "phone_state", "language"),
)
COLUMNS = (
    *("id", "public_id", "customer_id", "late", "started_at", "ended_at", "agent", "facts"),
    *("principal_id", "batch_id", "source", "recorded_at", *SAID),
)
_said = attrgetter(*SAID)
_KNOWN = select(Contact.external_id, Contact.batch_id).where(
    Contact.principal_id == bindparam("principal"),
    Contact.source == bindparam("source"),
    any_of(Contact.external_id, "names"),
)


def record_entries(
    principal_id: int, source: str, entries: Sequence[Entry], now: datetime, *, batch_id: int | None = None
) -> list[str]:
    """Write the entries that the log of ``source`` does not have yet; return what became of each, in their order.

    ``added``, ``late`` (added after its period was closed), ``known`` (there before, left as it is) or ``twice``
    (an entry above, or in an earlier piece of the file ``batch_id``, has its identifier). Enters the gate of the
    principal, so nobody else adds contacts of it until the caller commits; up to some 10,000 entries at once.
    """
    gates.enter(principal_id)
    outcomes = _outcomes(principal_id, source, entries, batch_id)
    fresh = [entry for entry, outcome in zip(entries, outcomes, strict=True) if outcome == ADDED]
    if not fresh:
        return outcomes
    closed = closed_spans(principal_id)
    late = [_is_in(entry.started_at, closed) for entry in fresh]
    _write(principal_id, source, batch_id, fresh, late, now)
    which = iter(late)
    return [(LATE if next(which) else ADDED) if outcome == ADDED else outcome for outcome in outcomes]


def _outcomes(principal_id: int, source: str, entries: Sequence[Entry], batch_id: int | None) -> list[str]:
    names = [entry.external_id for entry in entries]
    known = {
        name: TWICE if batch_id is not None and batch == batch_id else KNOWN
        for name, batch in db.session.execute(_KNOWN, {"principal": principal_id, "source": source, "names": names})
    }
    if has_erased(principal_id):
        known |= dict.fromkeys(hidden_ids(principal_id, source, names), KNOWN)
    outcomes = []
    for name in names:
        outcomes.append(known.get(name, ADDED))
        known.setdefault(name, TWICE)
    return outcomes


def _write(
    principal_id: int, source: str, batch_id: int | None, entries: list[Entry], late: list[bool], now: datetime
) -> None:
    if has_erased(principal_id):
        entries = living(principal_id, entries)
    customers = CustomerBook(principal_id, entries, now).ids()
    keep_agents(principal_id, {entry.agent for entry in entries}, now)
    ids = next_ids(Contact, len(entries))
    public_ids = new_public_ids(len(entries))
    at = moment_writer()
    same = (principal_id, batch_id, source, at(now))
    rows = [
        (
            *(one, public_id, customer, is_late, at(entry.started_at), entry.ended_at and at(entry.ended_at)),
            *(entry.agent.pseudonym, _document(entry.facts), *same, *_said(entry)),
        )
        for one, public_id, customer, is_late, entry in zip(ids, public_ids, customers, late, entries, strict=True)
    ]
    insert_rows(Contact, COLUMNS, rows)
    _tell(principal_id, ids, public_ids, late, now)


def _tell(principal_id: int, ids: list[int], public_ids: list[str], late: list[bool], now: datetime) -> None:
    in_time = [(one, public_id) for one, public_id, is_late in zip(ids, public_ids, late, strict=True) if not is_late]
    told: dict[str, Any] = {
        "ids": [one for one, _public_id in in_time],
        "public_ids": [public_id for _one, public_id in in_time],
        "late_ids": [one for one, is_late in zip(ids, late, strict=True) if is_late],
    }
    contacts_recorded.send(principal_id, **told, now=now)


def _document(facts: dict[str, str]) -> str:
    return json.dumps(facts, ensure_ascii=False, separators=(",", ":")) if facts else "{}"


def new_public_ids(number: int) -> list[str]:
    """As many times thirty-two random hexadecimal digits, from one draw of chance."""
    digits = secrets.token_bytes(16 * number).hex()
    return [digits[start : start + 32] for start in range(0, 32 * number, 32)]


def closed_spans(principal_id: int) -> list[tuple[datetime, datetime]]:
    """From when until when each closed period of the principal lasted; the second moment is outside it."""
    zone = ZoneInfo(db.session.scalars(select(Principal.zone).where(Principal.id == principal_id)).one())
    closed = select(Period.first_day, Period.last_day).where(
        Period.principal_id == principal_id, Period.closed_at.is_not(None)
    )
    return [span(first_day, last_day, zone) for first_day, last_day in db.session.execute(closed)]


def _is_in(at: datetime, spans: list[tuple[datetime, datetime]]) -> bool:
    return bool(spans) and any(start <= at < end for start, end in spans)
