"""What the contact log itself keeps of a person: who they are, their contacts, and lines of files that name them."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import func, or_, select

from contacts.models import Contact, Customer, CustomerLink, Hold, Site
from contacts.services.nobody import hide, note_hidden
from contacts.services.notes import empty_notes, notes_naming
from foundation.database import db
from foundation.many import change_each
from foundation.people import Held, Outcome, Part, Person


class ContactsPart(Part):
    """Customers, contacts, holds, and lines of imported files that were refused or read with something left out."""

    def __init__(self, words: Mapping[str, Any]) -> None:
        self.words = words

    def held(self, person: Person) -> list[Held]:
        customers = db.session.scalars(_rows(person))
        contacts = db.session.execute(_contacts(person).add_columns(Site.name).join(Site, Site.id == Contact.site_id))
        holds = db.session.scalars(_holds(person))
        links = db.session.scalars(
            select(CustomerLink)
            .where(CustomerLink.kept_id.in_(person.customer_ids) | CustomerLink.other_id.in_(person.customer_ids))
            .order_by(CustomerLink.id)
        )
        return [
            Held("customers", [_customer(row) for row in customers]),
            Held("contacts", [_contact(row, site) for row, site in contacts]),
            Held("holds", [_hold(row) for row in holds]),
            Held("customer_links", [_link(row) for row in links]),
            Held(
                "import_notes", [{"line": note.line, "text": " ; ".join(note.cells)} for note in notes_naming(person)]
            ),
        ]

    def outcome(self, person: Person, now: datetime) -> Outcome:
        living = _rows(person).where(Customer.erased_at.is_(None)).subquery()
        counted = db.session.scalar(select(func.count()).select_from(living)) or 0
        contacts = db.session.scalar(select(func.count()).select_from(_contacts(person).subquery())) or 0
        return Outcome({"customers": counted, "contacts": contacts, "import_notes": len(notes_naming(person))})

    def erase(self, person: Person, now: datetime) -> Outcome:
        outcome = self.outcome(person, now)
        empty_notes(notes_naming(person))
        for contact in db.session.scalars(_contacts(person)):
            hide(contact)
        for customer in db.session.scalars(_rows(person).with_for_update()):
            customer.phone = customer.email = None
            customer.name = customer.language = ""
            customer.erased_at = customer.erased_at or now
        note_hidden(person.principal_id, now)
        return outcome

    def active(self, customer_ids: Collection[int], since: datetime) -> set[int]:
        lately = select(Contact.customer_id).where(Contact.customer_id.in_(customer_ids), Contact.started_at >= since)
        never = ~select(Contact.id).where(Contact.customer_id == Customer.id).exists()
        known = select(Customer.id).where(Customer.id.in_(customer_ids), Customer.created_at >= since, never)
        return {one for one in db.session.scalars(lately.union(known)) if one is not None}

    def follow(self, kept_id: int, other_id: int) -> dict[str, list[int]]:
        moved = {}
        for name, model in _FOLLOWING.items():
            moved[name] = list(db.session.scalars(select(model.id).where(model.customer_id == other_id)))
            change_each(model, moved[name], customer_id=kept_id)
        return moved

    def follow_back(self, moved: Mapping[str, list[int]], other_id: int) -> None:
        for name, model in _FOLLOWING.items():
            change_each(model, moved.get(name, []), customer_id=other_id)


_FOLLOWING: dict[str, Any] = {"contacts": Contact, "holds": Hold}


def _rows(person: Person) -> Any:
    return select(Customer).where(Customer.id.in_(person.customer_ids)).order_by(Customer.id)


def _contacts(person: Person) -> Any:
    return select(Contact).where(Contact.customer_id.in_(person.customer_ids)).order_by(Contact.started_at, Contact.id)


def _holds(person: Person) -> Any:
    theirs = select(Contact.id).where(Contact.customer_id.in_(person.customer_ids))
    of_them = or_(Hold.customer_id.in_(person.customer_ids), Hold.contact_id.in_(theirs))
    return select(Hold).where(of_them).order_by(Hold.id)


def _customer(row: Customer) -> dict[str, Any]:
    return {
        "name": row.name,
        "phone": row.phone or "",
        "email": row.email or "",
        "language": row.language,
        "at": row.created_at,
    }


def _contact(row: Contact, site: str) -> dict[str, Any]:
    facts = ", ".join(f"{name}: {value}" for name, value in row.facts.items())
    return {
        "at": row.started_at,
        "ended_at": row.ended_at,
        "channel": row.channel,
        "direction": row.direction,
        "outcome": row.outcome,
        "site": site,
        "reason": row.reason,
        "source": row.source,
        "reference": row.external_id,
        "text": facts,
    }


def _hold(row: Hold) -> dict[str, Any]:
    return {"code": row.code, "at": row.starts_at, "until": row.lifted_at or row.ends_at}


def _link(row: CustomerLink) -> dict[str, Any]:
    said = {"rule": row.rule, "verdict": row.verdict, "reason": row.reason}
    return {"at": row.decided_at, **said, "until": row.undone_at}
