"""A principal whose contacts were really drawn and got answers: what a binder is made of."""

import random
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import select, update

from complaints import services as complaints
from contacts.models import Contact, Principal
from contacts.services import close_period
from evidence.queries import subject_of
from evidence.subjects import Subject
from foundation.database import db
from foundation.ledger.services import seal_round
from surveys.models import Draw, Invitation, Programme
from surveys.services.drawing import carry_out
from surveys.services.draws import request_draw
from tests.complaints.factories import a_filing
from tests.conftest import NOW, create_user
from tests.satisfaction.factories import (
    FIRST_DAY,
    LAST_DAY,
    answer,
    create_contacts,
    create_principal,
    create_programme,
    create_site,
)

RULES = {"outcomes": ["answered"], "directions": ["in", "out"], "max_age_days": None}
PLACES = {("lille", "phone"): 90, ("lille", "email"): 40, ("lyon", "phone"): 70, ("lyon", "email"): 30}


def create_survey(principal: Principal | None = None, **changes: Any) -> Programme:
    """A programme of Belline with the contacts of October, some of them abandoned, and the period closed."""
    principal = principal or create_principal()
    sites = {key: create_site(key) for key in ("lille", "lyon")}
    for (site, channel), count in PLACES.items():
        contacts = create_contacts(principal.id, sites[site], channel, count)
        abandoned = update(Contact).where(Contact.id.in_(contacts[:5])).values(outcome="abandoned")
        db.session.execute(abandoned)
    filled = {"collection": "file", "rules": RULES, "method": "proportional", "sample_size": 80, "minimum": 6}
    programme = create_programme(principal, **filled | changes)
    close_period(principal.id, FIRST_DAY, LAST_DAY, NOW)
    db.session.commit()
    return programme


def draw(programme: Programme, first_day: date = FIRST_DAY, last_day: date = LAST_DAY) -> Draw:
    """The draw of a month, carried out."""
    asked = request_draw(programme, first_day, last_day, None, NOW)
    db.session.commit()
    for _piece in carry_out(asked.id, NOW):
        db.session.commit()
    return asked


def answer_all(made: Draw, seed: int = 1, share: float = 0.8) -> None:
    """Let a share of those drawn answer, as chance says, with every question there is a figure for."""
    chance = random.Random(seed)
    invitations = db.session.scalars(select(Invitation).where(Invitation.draw_id == made.id)).all()
    for invitation in invitations:
        invitation.disposition = "delivered"
    db.session.flush()
    places = db.session.execute(
        select(Contact.site_id, Contact.channel)
        .join(Invitation, Invitation.contact_id == Contact.id)
        .where(Invitation.draw_id == made.id)
    ).all()
    for site_id, channel in sorted(set(places)):
        count = round(places.count((site_id, channel)) * share)
        site = type("Place", (), {"id": site_id})
        answer(made, site, channel, [_answers(chance) for _ in range(count)])
    db.session.commit()


def _answers(chance: random.Random) -> dict[str, Any]:
    given: dict[str, Any] = {
        "satisfaction": chance.choice([1, 2, 3, 4, 4, 5, 5, 5]),
        "recommendation": chance.choice([2, 6, 7, 8, 9, 10, 10]),
        "solved": chance.choice(["yes", "yes", "no"]),
    }
    if chance.random() < 0.8:
        given["effort"] = chance.randint(1, 7)
    return given


def create_complaint(principal: Principal, received: datetime = datetime(2026, 10, 12, 9, tzinfo=UTC)) -> Any:
    """A complaint of October with its words and its complainant."""
    filing = replace(a_filing(principal), sent_at=received, received_at=received)
    case = complaints.file_complaint(filing, NOW)
    db.session.commit()
    return case


def create_evidence(**changes: Any) -> Subject:
    """October of Belline, with everything a binder holds, sealed."""
    programme = create_survey(**changes)
    answer_all(draw(programme))
    principal = db.session.get_one(Principal, programme.principal_id)
    create_complaint(principal)
    seal_round(NOW)
    db.session.commit()
    return subject_of(principal, FIRST_DAY, LAST_DAY, None)


__all__ = ["FIRST_DAY", "LAST_DAY", "create_evidence", "create_user"]
