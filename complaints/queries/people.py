"""Complainants by their addresses, and what is held of one of them."""

from collections.abc import Iterator
from datetime import date, datetime

from sqlalchemy import or_, select

from complaints.lifecycle import ENDED_STATES
from complaints.models import Case, Proposal
from complaints.retention import ends_on
from contacts.models import Principal
from foundation.database import db
from foundation.people import Person


def every_address() -> Iterator[str]:
    """Every number and e-mail address of a complainant."""
    for column in (Case.phone, Case.email):
        yield from db.session.scalars(select(column).where(column.is_not(None)).distinct()).all()


def cases_of(person: Person) -> list[Case]:
    """The cases of a person, by customer or by address, oldest first; those whose complainant is gone are nobody's."""
    theirs = or_(
        Case.customer_id.in_(person.customer_ids),
        Case.phone.in_(person.addresses),
        Case.email.in_(person.addresses),
    )
    mine = select(Case).where(Case.principal_id == person.principal_id, theirs, Case.erased_at.is_(None))
    return list(db.session.scalars(mine.order_by(Case.id)))


def proposals_of(person: Person) -> list[Proposal]:
    """Answers that were proposed as complaints and are no case."""
    mine = select(Proposal).where(
        Proposal.principal_id == person.principal_id,
        Proposal.customer_id.in_(person.customer_ids),
        Proposal.case_id.is_(None),
        Proposal.words != "",
    )
    return list(db.session.scalars(mine.order_by(Proposal.id)))


def kept_until(case: Case, months: int | None) -> date | None:
    """The last day an ended case has to be kept; None for one that is not over yet."""
    if case.ended_at is None or case.state not in ENDED_STATES:
        return None
    zone = db.session.scalars(select(Principal.zone).where(Principal.id == case.principal_id)).one()
    return ends_on(case.ended_at, months, zone)


def months_of(principal_id: int) -> int | None:
    """How many months the principal keeps its ended cases; None where it has not said."""
    return db.session.scalar(select(Principal.complaint_months).where(Principal.id == principal_id))


def may_go(case: Case, months: int | None, now: datetime) -> bool:
    """Whether nothing keeps a case any more."""
    until = kept_until(case, months)
    return until is not None and until < now.date()
