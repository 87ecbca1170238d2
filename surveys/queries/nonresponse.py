"""The frame of a draw with all that is known of each contact, and who of it responded."""

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, String, and_, cast, func, or_, select

from contacts.models import Contact, EntryPoint, Principal, Site
from foundation.accounts.queries import scoped
from foundation.accounts.scope import EVERYTHING, Scope
from foundation.database import db
from surveys.eligibility import SAME_CUSTOMER
from surveys.frames import stratum_parts
from surveys.models import AnswerEvent, Draw, FrameUnit, Invitation
from surveys.nonresponse import Group, NonResponse, Person, halves_of, nonresponse
from surveys.queries.answers import COUNTED, DECIDING
from surveys.queries.past import asked_question

VARIABLES = (
    "site", "channel", "direction", "reason", "entry_point", "outcome", "language", "weekday", "hour", "age",
)  # fmt: skip
#: Days from the contact to the draw: the last day of each class.
AGES = (3, 7, 14, 21, 31)


def draw_nonresponse(draw: Draw, scope: Scope) -> NonResponse:
    """Respondents against the frame of a draw, of the sites that whoever asks may see. Not for anonymous draws."""
    fields = [name for name in draw.allocation.get("strata", ()) if name not in VARIABLES]
    return nonresponse(_people(draw, scope, fields), (*VARIABLES, *fields))


def draw_halves(draw: Draw) -> list[Group]:
    """The earlier and the later half of those who responded, of all sites; only they are read."""
    return halves_of(list(_people(draw, EVERYTHING, [], Invitation.disposition.in_(COUNTED))))


def _people(draw: Draw, scope: Scope, fields: list[str], *conditions: ColumnElement[bool]) -> Iterator[Person]:
    zone = ZoneInfo(db.session.get_one(Principal, draw.principal_id).zone)
    until, strata = draw.drawn_at or draw.requested_at, draw.allocation.get("strata", [])
    scores = _scores(draw)
    for row in db.session.execute(_rows(draw, scope).where(*conditions)):
        said = dict(zip(VARIABLES[:7], row[:7], strict=True)) | _times(row.started_at, until, zone)
        parts = dict(zip(strata, stratum_parts(row.stratum), strict=False)) if strata else {}
        responded = row.disposition in COUNTED
        delay = row.completed_at - row.sent_at if responded and row.completed_at and row.sent_at else None
        yield Person(
            said | {name: parts.get(name, "") for name in fields},
            row.stratum,
            row.customer_id if row.customer_id is not None else f"contact:{row.contact_id}",
            _weight(row),
            responded,
            delay,
            row.reminders or 0,
            scores.get(row.invitation_id) if responded else None,
        )


def _weight(row: Any) -> float | None:
    """One over the probability of being drawn, times the contacts it stands for; None of those not drawn."""
    if not row.drawn:
        return None
    base = 1 / row.pi if row.pi else row.pi_eligible / row.pi_drawn
    return base * (row.multiplicity or 1)


def _times(started_at: datetime, until: datetime, zone: ZoneInfo) -> dict[str, str]:
    local, days = started_at.astimezone(zone), (until - started_at).days
    age = next((str(last) for last in AGES if days <= last), f">{AGES[-1]}")
    return {"weekday": str(local.weekday()), "hour": f"{local.hour:02}", "age": age}


def _rows(draw: Draw, scope: Scope) -> Any:
    said = (
        Site.key,
        Contact.channel,
        Contact.direction,
        func.coalesce(func.nullif(Contact.reason_group, ""), Contact.reason),
    )
    more = (func.coalesce(EntryPoint.key, ""), Contact.outcome, Contact.language)
    units = (FrameUnit.stratum, FrameUnit.drawn, FrameUnit.pi, FrameUnit.pi_drawn, FrameUnit.pi_eligible)
    stands = (Invitation.disposition, Invitation.sent_at, Invitation.completed_at, Invitation.reminders)
    who = (Contact.started_at, Contact.customer_id, FrameUnit.contact_id, FrameUnit.multiplicity)
    same = (Invitation.draw_id == FrameUnit.draw_id) & (Invitation.contact_id == FrameUnit.contact_id)
    standing = FrameUnit.status == "eligible"
    if draw.weighs_contacts:
        standing = or_(standing, FrameUnit.reason == SAME_CUSTOMER)
    rows = (
        select(*said, *more, *units, *stands, *who, Invitation.id.label("invitation_id"))
        .select_from(FrameUnit)
        .join(Contact, Contact.id == FrameUnit.contact_id)
        .join(Site, Site.id == Contact.site_id)
        .outerjoin(EntryPoint, EntryPoint.id == Contact.entry_point_id)
        .outerjoin(Invitation, same)
        .where(FrameUnit.draw_id == draw.id, standing)
    )
    return scoped(rows, scope, site=Contact.site_id)


def _scores(draw: Draw) -> dict[int, float]:
    """Invitation → its answer to the first question that asks for a score, as it stands."""
    question = asked_question(draw.terms)
    last = (
        select(AnswerEvent.invitation_id, func.max(AnswerEvent.position).label("position"))
        .join(Invitation, Invitation.id == AnswerEvent.invitation_id)
        .where(Invitation.draw_id == draw.id, AnswerEvent.kind.in_(DECIDING), AnswerEvent.question_id == question)
        .group_by(AnswerEvent.invitation_id)
        .subquery()
    )
    rows = select(AnswerEvent.invitation_id, cast(AnswerEvent.value, String)).join(
        last, and_(last.c.invitation_id == AnswerEvent.invitation_id, last.c.position == AnswerEvent.position)
    )
    found = db.session.execute(rows.where(AnswerEvent.kind == "answer", AnswerEvent.value.is_not(None)))
    read = ((invitation_id, json.loads(written)) for invitation_id, written in found)
    return {one: float(value) for one, value in read if isinstance(value, int) and not isinstance(value, bool)}
