"""Frames and answers of draws, counted."""

import json
from collections import Counter
from collections.abc import Collection, Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import Select, String, Subquery, and_, case, cast, func, or_, select

from contacts.models import Contact, Site
from foundation.accounts.queries import scoped
from foundation.accounts.scope import Scope
from foundation.database import db
from satisfaction.asked import counted_value
from satisfaction.blurring import Blur, blur
from satisfaction.cells import Cell, FrameCount, Place, StratumKey, Weighed
from surveys.anonymity import TOGETHER
from surveys.eligibility import SAME_CUSTOMER
from surveys.models import AnswerEvent, Draw, DrawStratum, FrameUnit, Invitation
from surveys.queries.anonymous import let_go, tallies, told

DECIDING = ("answer", "skip", "void")  # the last of these to a question is what it stands at
COUNTED = ("completed", "partial")
STILL_OPEN = ("drawn", "held", "queued", "sent", "delivered", "started")


def frame_counts(draw_ids: Collection[int], by_contact: Collection[int] = ()) -> tuple[FrameCount, ...]:
    """The contacts of the draws' populations by stratum and place.

    In the draws ``by_contact`` those count as eligible too for whom another contact of their customer stands.
    """
    stood_for = and_(FrameUnit.reason == SAME_CUSTOMER, FrameUnit.draw_id.in_(by_contact))
    lost = and_(FrameUnit.status == "suppressed", FrameUnit.reason != SAME_CUSTOMER)
    statement = (
        select(
            FrameUnit.draw_id,
            FrameUnit.stratum,
            Site.key,
            Contact.channel,
            func.count(),
            func.sum(case((or_(FrameUnit.status == "eligible", stood_for), 1), else_=0)),
            func.sum(case((FrameUnit.drawn, 1), else_=0)),
            func.sum(case((lost, 1), else_=0)),
        )
        .select_from(FrameUnit)
        .join(Contact, Contact.id == FrameUnit.contact_id)
        .join(Site, Site.id == Contact.site_id)
        .where(FrameUnit.draw_id.in_(draw_ids))
        .group_by(FrameUnit.draw_id, FrameUnit.stratum, Site.key, Contact.channel)
    )
    return tuple(
        FrameCount((draw_id, stratum), Place(site, channel), contacts, *map(int, sums))
        for draw_id, stratum, site, channel, contacts, *sums in db.session.execute(statement)
    )


def dispositions(draw_ids: Collection[int]) -> dict[str, Counter[str]]:
    """How many invitations stand at each disposition, by the key of their site."""
    statement = (
        select(Site.key, Invitation.disposition, func.count())
        .select_from(Invitation)
        .join(Site, Site.id == Invitation.site_id)
        .where(Invitation.draw_id.in_(draw_ids), Invitation.disposition != "erased")
        .group_by(Site.key, Invitation.disposition)
    )
    found: dict[str, Counter[str]] = {}
    for site, disposition, invitations in [*db.session.execute(statement), *_erased(draw_ids)]:
        found.setdefault(site, Counter())[disposition] += invitations
    return found


def _erased(draw_ids: Collection[int]) -> Iterator[tuple[str, str, int]]:
    """The same of those in anonymous draws that are over; the site is empty where several are told together."""
    kept = tallies(draw_ids)
    keys = {row.id: row.key for row in db.session.execute(select(Site.id, Site.key))} if kept else {}
    for tally in kept:
        yield keys.get(tally.site_id, ""), tally.disposition, tally.invitations


def open_invitations(draw_ids: Collection[int], now: datetime, scope: Scope) -> int:
    """How many of those drawn may still answer."""
    statement = (
        select(func.count())
        .select_from(Invitation)
        .where(Invitation.draw_id.in_(draw_ids), Invitation.disposition.in_(STILL_OPEN))
        .where(or_(Invitation.expires_at.is_(None), Invitation.expires_at > now), Invitation.collection != "file")
    )
    return db.session.scalar(scoped(statement, scope, site=Invitation.site_id)) or 0


def answer_cells(draw_ids: Collection[int], questions: Collection[str]) -> tuple[Cell, ...]:
    """The current answers to ``questions`` of the completed and partial interviews, counted."""
    found: Counter[tuple[StratumKey, Place, str, int]] = Counter()
    for draw_id, stratum, site, channel, question, written, answers in db.session.execute(
        _counted_answers(draw_ids, questions)
    ):
        value = counted_value(json.loads(written))
        if value is not None:
            found[(draw_id, stratum), Place(site, channel), question, value] += answers
    found += _anonymous_answers(draw_ids, questions)
    return tuple(Cell(*key, answers) for key, answers in found.items())


def weighed_answers(draw_ids: Collection[int], questions: Collection[str]) -> Iterator[Weighed]:
    """The same answers one by one, of draws whose contacts weigh each for itself, none of them anonymous."""
    if not draw_ids:
        return
    for row in db.session.execute(_single_answers(draw_ids, questions)):
        value = counted_value(json.loads(row.written))
        if value is not None:
            weight = 1 / row.pi if row.pi else float(row.multiplicity or 1)
            person = row.customer_id if row.customer_id is not None else f"invitation:{row.id}"
            yield Weighed(
                (row.draw_id, row.stratum), Place(row.site, row.channel), row.question_id, value, weight, person
            )


def _single_answers(draw_ids: Collection[int], questions: Collection[str]) -> Select[Any]:
    last = _last_answers(draw_ids, questions)
    return (
        select(
            *(Invitation.id, Invitation.draw_id, Invitation.stratum, Invitation.customer_id),
            *(Site.key.label("site"), Contact.channel, AnswerEvent.question_id),
            *(cast(AnswerEvent.value, String).label("written"), FrameUnit.pi, FrameUnit.multiplicity),
        )
        .select_from(AnswerEvent)
        .join(last, and_(last.c.invitation_id == AnswerEvent.invitation_id, last.c.position == AnswerEvent.position))
        .join(Invitation, Invitation.id == AnswerEvent.invitation_id)
        .join(
            FrameUnit,
            and_(FrameUnit.draw_id == Invitation.draw_id, FrameUnit.contact_id == Invitation.contact_id),
        )
        .join(Contact, Contact.id == Invitation.contact_id)
        .join(Site, Site.id == Contact.site_id)
        .where(AnswerEvent.kind == "answer", AnswerEvent.value.is_not(None))
        .order_by(Invitation.id, AnswerEvent.question_id)
    )


def _anonymous_answers(
    draw_ids: Collection[int], questions: Collection[str]
) -> Counter[tuple[StratumKey, Place, str, int]]:
    """The same of the anonymous answers that were let go; their place is as fine as that of their stratum."""
    found: Counter[tuple[StratumKey, Place, str, int]] = Counter()
    blurs = anonymous_draws(draw_ids)
    for draw_id, stratum, _language, _day, said in let_go(list(blurs)):
        label = TOGETHER if stratum is None else stratum
        for question, written, _words in said:
            value = counted_value(written)
            if question in questions and value is not None:
                found[(draw_id, label), blurs[draw_id].place(label), question, value] += 1
    return found


def anonymous_draws(draw_ids: Collection[int]) -> dict[int, Blur]:
    """Draw → how its strata are told, for those that are anonymous."""
    how = told(draw_ids)
    rows = db.session.execute(
        select(DrawStratum.draw_id, DrawStratum.stratum, DrawStratum.field_values, Draw.allocation)
        .join(Draw, Draw.id == DrawStratum.draw_id)
        .where(DrawStratum.draw_id.in_(how))
    )
    strata: dict[int, dict[str, Place]] = {draw_id: {} for draw_id in how}
    for draw_id, stratum, values, allocation in rows:
        known = dict(zip(allocation.get("strata", ()), values, strict=False))
        strata[draw_id][stratum] = Place(known.get("site", ""), known.get("channel", ""))
    return {draw_id: blur(strata[draw_id], one.together, one.waiting) for draw_id, one in how.items()}


def _counted_answers(draw_ids: Collection[int], questions: Collection[str]) -> Select[Any]:
    """By stratum, place, question and value. JSON has no equality in PostgreSQL, so it is grouped as text."""
    last = _last_answers(draw_ids, questions)
    value = cast(AnswerEvent.value, String)
    grouped = (
        Invitation.draw_id, Invitation.stratum, Site.key, Contact.channel, AnswerEvent.question_id, value,
    )  # fmt: skip
    return (
        select(*grouped, func.count())
        .select_from(AnswerEvent)
        .join(last, and_(last.c.invitation_id == AnswerEvent.invitation_id, last.c.position == AnswerEvent.position))
        .join(Invitation, Invitation.id == AnswerEvent.invitation_id)
        .join(Contact, Contact.id == Invitation.contact_id)
        .join(Site, Site.id == Contact.site_id)
        .where(AnswerEvent.kind == "answer", AnswerEvent.value.is_not(None))
        .group_by(*grouped)
    )


def _last_answers(draw_ids: Collection[int], questions: Collection[str]) -> Subquery:
    """The place of what each question of an interview that counts stands at."""
    return (
        select(AnswerEvent.invitation_id, AnswerEvent.question_id, func.max(AnswerEvent.position).label("position"))
        .join(Invitation, Invitation.id == AnswerEvent.invitation_id)
        .where(Invitation.draw_id.in_(draw_ids), Invitation.disposition.in_(COUNTED))
        .where(AnswerEvent.kind.in_(DECIDING), AnswerEvent.question_id.in_(questions))
        .group_by(AnswerEvent.invitation_id, AnswerEvent.question_id)
        .subquery()
    )
