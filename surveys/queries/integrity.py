"""The contacts of a draw as the integrity page compares them, and what was noted about its questions."""

from collections.abc import Iterator, Mapping
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import func, select

from contacts.models import Contact, Customer, Principal, Site
from foundation.accounts.queries import scoped
from foundation.accounts.scope import Scope
from foundation.database import db
from surveys.anonymity import ANONYMOUS
from surveys.frames import stratum_parts
from surveys.integrity import FEWEST_TOGETHER, Integrity, Question, Unit, integrity
from surveys.models import Draw, FrameUnit, IntegrityNote, Invitation


def draw_integrity(draw: Draw, scope: Scope) -> Integrity:
    """Charts and questions of a draw, of the sites that whoever asks may see."""
    tells_answers = draw.terms.promise != ANONYMOUS
    found = integrity(_units(draw, scope, tells_answers), draw.terms.uses_addresses, tells_answers)
    if not tells_answers:
        return found
    questions = (*found.questions, *_one_address(draw, scope))
    return Integrity(found.charts, questions, found.tests, found.contacts, found.without_agent, found.answered)


def _units(draw: Draw, scope: Scope, tells_answers: bool) -> Iterator[Unit]:
    zone = ZoneInfo(db.session.get_one(Principal, draw.principal_id).zone)
    labels: dict[str, Any] = {}
    fields = draw.allocation.get("strata", [])
    about = (FrameUnit.public_id, FrameUnit.stratum, Site.key, Contact.channel, Contact.agent, Contact.customer_id)
    stands = (Contact.started_at, Contact.phone_state, FrameUnit.status, FrameUnit.drawn)
    times = (Invitation.sent_at, Invitation.delivered_at, Invitation.completed_at)
    for row in db.session.execute(_scoped(select(*about, *stands, *times), draw, scope)):
        contact, stratum, site, channel, agent, customer, started_at, phone, status, drawn, *reached = row
        if stratum not in labels:
            labels[stratum] = _without_subjects(fields, stratum)
        day = started_at.astimezone(zone).date()
        shown = (reached[0], *(reached[1:] if tells_answers else (None, None)))
        place = (contact, labels[stratum], site, channel, agent, customer, day, phone)
        yield Unit(*place, status == "eligible", drawn, *shown)


def _without_subjects(fields: list[str], stratum: str) -> tuple[str, ...]:
    """The stratum without what agents and sites are told apart by: else each would be compared with itself."""
    parts = stratum_parts(stratum) if fields else []
    return tuple(value for name, value in zip(fields, parts, strict=False) if name not in ("agent", "site"))


def _scoped(rows: Any, draw: Draw, scope: Scope) -> Any:
    same = (Invitation.draw_id == FrameUnit.draw_id) & (Invitation.contact_id == FrameUnit.contact_id)
    rows = (
        rows.select_from(FrameUnit)
        .join(Contact, Contact.id == FrameUnit.contact_id)
        .join(Site, Site.id == Contact.site_id)
        .outerjoin(Invitation, same)
        .where(FrameUnit.draw_id == draw.id)
    )
    return scoped(rows, scope, site=Contact.site_id)


def _one_address(draw: Draw, scope: Scope) -> Iterator[Question]:
    """E-mail addresses under which several customers answered; the address itself is not told."""
    counted = func.count(func.distinct(Customer.id))
    rows = _scoped(select(func.min(FrameUnit.public_id), counted, func.min(Site.key)), draw, scope)
    rows = rows.join(Customer, Customer.id == Contact.customer_id)
    rows = rows.where(Invitation.completed_at.is_not(None), Customer.email.is_not(None), Customer.email != "")
    done = _scoped(select(func.count()), draw, scope).where(Invitation.completed_at.is_not(None))
    answered = db.session.scalar(done)
    for contact, customers, site in db.session.execute(
        rows.group_by(Customer.email).having(counted >= FEWEST_TOGETHER).order_by(func.min(FrameUnit.public_id))
    ):
        yield Question("one-address", site, customers, answered or 0, facts={"contact": contact})


def notes_of(draw: Draw) -> Mapping[str, list[IntegrityNote]]:
    """Key of the question → what was noted about it, oldest first."""
    found: dict[str, list[IntegrityNote]] = {}
    for note in db.session.scalars(select(IntegrityNote).filter_by(draw_id=draw.id).order_by(IntegrityNote.id)):
        found.setdefault(note.question, []).append(note)
    return found
