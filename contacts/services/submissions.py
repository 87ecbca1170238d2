"""Contacts that a program sent, written to the log."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from contacts.entries import ReadRow
from contacts.models import Contact
from contacts.services.recording import record_entries
from contacts.submitted import Submitted
from foundation.database import db
from foundation.many import any_of

REFUSED = "refused"


@dataclass(frozen=True)
class Outcome:
    """What became of one object: an outcome of ``record_entries`` or ``refused``; the public id of its contact."""

    submitted: Submitted
    outcome: str
    public_id: str | None = None


def record_submitted(principal_id: int, submitted: Sequence[Submitted], now: datetime) -> list[Outcome]:
    """Write the readable ones that the log does not have yet; return what became of each, in their order."""
    by_source: dict[str, list[Submitted]] = defaultdict(list)
    for one in submitted:
        if isinstance(one.outcome, ReadRow):
            by_source[one.source].append(one)
    became: dict[int, Outcome] = {}
    for source, some in by_source.items():
        became |= _recorded(principal_id, source, some, now)
    return [became.get(one.row) or Outcome(one, REFUSED) for one in submitted]


def _recorded(principal_id: int, source: str, submitted: list[Submitted], now: datetime) -> dict[int, Outcome]:
    entries = [one.outcome.entry for one in submitted if isinstance(one.outcome, ReadRow)]
    outcomes = record_entries(principal_id, source, entries, now)
    named = select(Contact.external_id, Contact.public_id).where(
        Contact.principal_id == principal_id, Contact.source == source, any_of(Contact.external_id, "names")
    )
    names = {"names": [entry.external_id for entry in entries]}
    public_ids = dict(db.session.execute(named, names).tuples().all())
    return {
        one.row: Outcome(one, outcome, public_ids.get(entry.external_id))
        for one, entry, outcome in zip(submitted, entries, outcomes, strict=True)
    }
