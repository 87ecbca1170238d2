"""Complainants that the contact log knows, and what is kept of one person in complaints."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import func, select

from complaints import pages
from complaints.lifecycle import OPEN_STATES
from complaints.models import Case, CaseMessage, Letter, Proposal
from complaints.queries.people import cases_of, kept_until, may_go, months_of, proposals_of
from complaints.references import read_reference
from complaints.services.erasing import erase_case, erase_proposal, subject_of
from contacts.models import Customer
from foundation.accounts.queries import scoped
from foundation.accounts.scope import Scope
from foundation.database import db
from foundation.many import change_each
from foundation.people import Found, Held, Kept, Limits, Outcome, Part, Person


def known_customer(principal_id: int, phone: str | None, email: str | None) -> int | None:
    """Return the id of the principal's customer with this phone, else with this e-mail address if only one has it."""
    one = func.coalesce(Customer.merged_into_id, Customer.id)
    living = select(one).distinct().where(Customer.principal_id == principal_id, Customer.erased_at.is_(None))
    if phone and (found := db.session.scalars(living.where(Customer.phone == phone)).first()):
        return found
    if not email:
        return None
    by_email = db.session.scalars(living.where(Customer.email == email).limit(2)).all()
    return by_email[0] if len(by_email) == 1 else None


def addresses_of(customer_id: int | None) -> dict[str, Any]:
    """Return name, phone and e-mail address of a customer, as a filing takes them."""
    customer = db.session.get(Customer, customer_id) if customer_id is not None else None
    if customer is None or customer.erased_at is not None:
        return {"name": "", "phone": None, "phone_takes_sms": False, "email": None}
    return {
        "name": customer.name,
        "phone": customer.phone,
        "phone_takes_sms": customer.phone_takes_sms,
        "email": customer.email,
    }


class ComplaintsPart(Part):
    """Cases with their words and letters, and answers that might have been complaints."""

    words = {
        "cases": _l("Complaints"),
        "case_messages": _l("Words about complaints"),
        "letters": _l("Decisions"),
        "proposals": _l("Answers that might be complaints"),
        "open-case": _l("the complaint is not closed: who made it is needed to answer it"),
        "legal-retention": _l("kept until then to establish or defend legal claims (article 17(3)(e) of the GDPR)"),
        "to-be-qualified": _l("somebody has yet to say whether it is a complaint"),
        "state": pages.STATES,
        "channel": pages.CHANNELS,
        "message_kind": pages.MESSAGES,
        "direction": {"in": _l("from the person"), "out": _l("to the person")},
    }

    def find(self, typed: str, addresses: Collection[str], scope: Scope) -> list[Found]:
        reference = read_reference(typed)
        theirs = Case.phone.in_(addresses) | Case.email.in_(addresses)
        wanted = select(Case).where(Case.reference == str(reference) if reference else theirs)
        wanted = scoped(wanted.where(Case.erased_at.is_(None)), scope, principal=Case.principal_id)
        return [_found(case) for case in db.session.scalars(wanted.order_by(Case.id))]

    def held(self, person: Person) -> list[Held]:
        cases = cases_of(person)
        ids = [case.id for case in cases]
        said = db.session.scalars(select(CaseMessage).where(CaseMessage.case_id.in_(ids)).order_by(CaseMessage.id))
        letters = db.session.scalars(select(Letter).where(Letter.case_id.in_(ids)).order_by(Letter.id))
        names = {case.id: case.reference for case in cases}
        return [
            Held("cases", [_case(case) for case in cases]),
            Held("case_messages", [_message(row, names) for row in said]),
            Held("letters", [_letter(row, names) for row in letters]),
            Held("proposals", [_proposal(row) for row in proposals_of(person)]),
        ]

    def subjects(self, person: Person) -> set[str]:
        return {subject_of(case) for case in cases_of(person)}

    def spared(self, person: Person, now: datetime) -> set[str]:
        months = months_of(person.principal_id)
        return {subject_of(case) for case in cases_of(person) if not may_go(case, months, now)}

    def outcome(self, person: Person, now: datetime) -> Outcome:
        months, proposals = months_of(person.principal_id), proposals_of(person)
        cases = cases_of(person)
        stays = [case for case in cases if not may_go(case, months, now)]
        kept = [_kept(case, months) for case in stays]
        waiting = sum(row.qualification is None for row in proposals)
        kept += [Kept("proposals", waiting, "to-be-qualified")] if waiting else []
        return Outcome({"cases": len(cases) - len(stays), "proposals": len(proposals) - waiting}, kept)

    def erase(self, person: Person, now: datetime) -> Outcome:
        outcome, months = self.outcome(person, now), months_of(person.principal_id)
        for proposal in proposals_of(person):
            if proposal.qualification is not None:
                erase_proposal(proposal)
        for case in cases_of(person):
            if may_go(case, months, now):
                erase_case(case, now)
        return outcome

    def active(self, customer_ids: Collection[int], since: datetime) -> set[int]:
        lately = Case.state.in_(OPEN_STATES) | (Case.ended_at >= since)
        cases = select(Case.customer_id).where(Case.customer_id.in_(customer_ids), lately)
        waits = Proposal.qualification.is_(None) | (Proposal.proposed_at >= since)
        proposals = select(Proposal.customer_id).where(Proposal.customer_id.in_(customer_ids), waits)
        return {one for one in db.session.scalars(cases.union(proposals)) if one is not None}

    def purge(self, limits: Limits, now: datetime, at_most: int) -> int:
        """Cases ended before the limit, and answers qualified before the limit of words."""
        done = 0
        if limits.complaint is not None:
            old = (Case.principal_id == limits.principal_id) & Case.erased_at.is_(None)
            old &= Case.ended_at < limits.complaint
            for case in db.session.scalars(select(Case).where(old).order_by(Case.id).limit(at_most).with_for_update()):
                erase_case(case, now)
                done += 1
        if limits.text is not None:
            old = (Proposal.principal_id == limits.principal_id) & Proposal.case_id.is_(None) & (Proposal.words != "")
            old &= Proposal.qualified_at < limits.text
            for proposal in db.session.scalars(select(Proposal).where(old).order_by(Proposal.id).limit(at_most)):
                erase_proposal(proposal)
                done += 1
        db.session.flush()
        return done

    def follow(self, kept_id: int, other_id: int) -> dict[str, list[int]]:
        moved = {}
        for name, model in _FOLLOWING.items():
            moved[name] = list(db.session.scalars(select(model.id).where(model.customer_id == other_id)))
            change_each(model, moved[name], customer_id=kept_id)
        return moved

    def follow_back(self, moved: Mapping[str, list[int]], other_id: int) -> None:
        for name, model in _FOLLOWING.items():
            change_each(model, moved.get(name, []), customer_id=other_id)


_FOLLOWING: dict[str, Any] = {"proposals": Proposal, "cases": Case}


def _kept(case: Case, months: int | None) -> Kept:
    until = kept_until(case, months)
    return Kept("cases", 1, "legal-retention" if until else "open-case", until)


def _found(case: Case) -> Found:
    return Found(case.principal_id, case.customer_id, case.name, case.phone, case.phone_takes_sms, case.email)


def _case(case: Case) -> dict[str, Any]:
    return {
        "reference": case.reference,
        "at": case.received_at,
        "channel": case.channel,
        "state": case.state,
        "name": case.name,
        "phone": case.phone or "",
        "email": case.email or "",
        "ended_at": case.ended_at,
    }


def _message(row: CaseMessage, names: Mapping[int, str]) -> dict[str, Any]:
    said = {"direction": row.direction, "message_kind": row.kind, "text": row.body}
    return {"reference": names[row.case_id], "at": row.at, **said}


def _letter(row: Letter, names: Mapping[int, str]) -> dict[str, Any]:
    return {"reference": names[row.case_id], "at": row.frozen_at, "subject": row.subject, "text": row.body}


def _proposal(row: Proposal) -> dict[str, Any]:
    return {"at": row.answered_at, "invitation": row.invitation, "text": row.words}
