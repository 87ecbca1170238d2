"""Answers of draws, counted or one by one, and where their invitations stand."""

import json
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Select, String, Subquery, and_, cast, func, or_, select

from contacts.models import Contact, Site
from foundation.accounts.queries import scoped
from foundation.accounts.scope import Scope
from foundation.database import db
from satisfaction.asked import counted_value
from satisfaction.blurring import Blur, blur
from satisfaction.cells import Cell, Place, Weighed
from satisfaction.queries.cells import current_counts
from satisfaction.rolling import COUNTED, DECIDING, CellKey
from surveys.models import AnswerEvent, Draw, DrawStratum, FrameUnit, Invitation
from surveys.queries.anonymous import tallies, told

STILL_OPEN = ("drawn", "held", "queued", "sent", "delivered", "started")


Standing = dict[str, Counter[str]]


def dispositions(draw_ids: Collection[int]) -> dict[int, Standing]:
    """How many invitations stand at each disposition, by draw and the key of their site."""
    statement = (
        select(Invitation.draw_id, Site.key, Invitation.disposition, func.count())
        .select_from(Invitation)
        .join(Site, Site.id == Invitation.site_id)
        .where(Invitation.draw_id.in_(draw_ids), Invitation.disposition != "erased")
        .group_by(Invitation.draw_id, Site.key, Invitation.disposition)
    )
    found: dict[int, Standing] = {draw: {} for draw in draw_ids}
    for draw, site, disposition, invitations in [*db.session.execute(statement), *_erased(draw_ids)]:
        found[draw].setdefault(site, Counter())[disposition] += invitations
    return found


def together(standings: Iterable[Standing]) -> Standing:
    """Several draws as one."""
    found: Standing = {}
    for standing in standings:
        for site, counts in standing.items():
            found.setdefault(site, Counter()).update(counts)
    return found


def _erased(draw_ids: Collection[int]) -> Iterator[tuple[int, str, str, int]]:
    """The same of those in anonymous draws that are over; the site is empty where several are told together."""
    kept = tallies(draw_ids)
    keys = {row.id: row.key for row in db.session.execute(select(Site.id, Site.key))} if kept else {}
    for tally in kept:
        yield tally.draw_id, keys.get(tally.site_id, ""), tally.disposition, tally.invitations


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
    sites = {row.id: row.key for row in db.session.execute(select(Site.id, Site.key))}
    blurs = anonymous_draws(draw_ids)
    return tuple(
        Cell((key.draw_id, key.stratum), _place(key, sites, blurs), key.question_id, key.value, answers)
        for key, answers in current_counts(draw_ids).items()
        if key.question_id in questions
    )


def _place(key: CellKey, sites: Mapping[int, str], blurs: Mapping[int, Blur]) -> Place:
    """Where a cell is; an anonymous one is where its stratum is."""
    blur = blurs.get(key.draw_id)
    return blur.place(key.stratum) if blur else Place(sites[key.site_id], key.channel)


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
    last = last_answers(draw_ids, questions)
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


def last_answers(draw_ids: Collection[int], questions: Collection[str]) -> Subquery:
    """The place of what each question of an interview that counts stands at."""
    return (
        select(AnswerEvent.invitation_id, AnswerEvent.question_id, func.max(AnswerEvent.position).label("position"))
        .join(Invitation, Invitation.id == AnswerEvent.invitation_id)
        .where(Invitation.draw_id.in_(draw_ids), Invitation.disposition.in_(COUNTED))
        .where(AnswerEvent.kind.in_(DECIDING), AnswerEvent.question_id.in_(questions))
        .group_by(AnswerEvent.invitation_id, AnswerEvent.question_id)
        .subquery()
    )
