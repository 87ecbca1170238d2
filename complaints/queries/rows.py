"""A line of each register, as plain values without identity."""

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True)
class ComplaintRow:
    """One complaint. Days are those of the handling site; a standing is one of ``clocks.standing``."""

    reference: str
    principal_id: int
    principal: str
    site_id: int | None
    site: str | None
    channel: str
    #: Of the contact it is about, where that is known.
    contact_channel: str | None
    contact: str | None
    origin: str
    language: str
    category: str | None
    sent_on: date
    received_on: date
    registered_on: date
    acknowledgement_due_on: date
    acknowledged_at: datetime | None
    acknowledgement: str
    answer_due_on: date
    answered_at: datetime | None
    answer: str
    legal_due_on: date
    legal: str
    outcome: str | None
    state: str
    level: int
    follows: str | None
    ended_at: datetime | None


@dataclass(frozen=True)
class AppealRow:
    """One appeal, in time or late; ``same_person`` is never true and printed to prove it."""

    reference: str
    principal_id: int
    principal: str
    site_id: int | None
    site: str | None
    category: str | None
    first_outcome: str | None
    first_answered_at: datetime | None
    window_until: date
    appealed_on: date
    late: bool
    answer_due_on: date
    answered_at: datetime | None
    answer: str
    outcome: str | None
    same_person: bool


@dataclass(frozen=True)
class ProposalRow:
    """One dissatisfied answer, and what it was taken for."""

    invitation: str
    principal_id: int
    principal: str
    site_id: int | None
    site: str | None
    answered_on: date
    proposed_at: datetime
    due_on: date
    qualification: str | None
    qualified_at: datetime | None
    qualified_by: str | None
    standing: str
    reference: str | None
