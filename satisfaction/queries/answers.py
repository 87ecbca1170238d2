"""Frames and answers of draws, counted."""

import json
from collections import Counter
from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import Select, String, and_, case, cast, func, or_, select

from contacts.models import Contact, Site
from foundation.accounts.queries import scoped
from foundation.accounts.scope import Scope
from foundation.database import db
from satisfaction.asked import counted_value
from satisfaction.cells import Cell, FrameCount, Place, StratumKey
from surveys.models import FrameUnit, Invitation
from surveys.models.answers import AnswerEvent

DECIDING = ("answer", "skip", "void")  # the last of these to a question is what it stands at
COUNTED = ("completed", "partial")
STILL_OPEN = ("drawn", "held", "queued", "sent", "delivered", "started")


def frame_counts(draw_ids: Collection[int]) -> tuple[FrameCount, ...]:
    """The contacts of the draws' populations by stratum and place."""
    statement = (
        select(
            FrameUnit.draw_id,
            FrameUnit.stratum,
            Site.key,
            Contact.channel,
            func.count(),
            func.sum(case((FrameUnit.status == "eligible", 1), else_=0)),
            func.sum(case((FrameUnit.drawn, 1), else_=0)),
        )
        .select_from(FrameUnit)
        .join(Contact, Contact.id == FrameUnit.contact_id)
        .join(Site, Site.id == Contact.site_id)
        .where(FrameUnit.draw_id.in_(draw_ids))
        .group_by(FrameUnit.draw_id, FrameUnit.stratum, Site.key, Contact.channel)
    )
    return tuple(
        FrameCount((draw_id, stratum), Place(site, channel), contacts, int(eligible), int(drawn))
        for draw_id, stratum, site, channel, contacts, eligible, drawn in db.session.execute(statement)
    )


def dispositions(draw_ids: Collection[int]) -> dict[str, Counter[str]]:
    """How many invitations stand at each disposition, by the key of their site."""
    statement = (
        select(Site.key, Invitation.disposition, func.count())
        .select_from(Invitation)
        .join(Site, Site.id == Invitation.site_id)
        .where(Invitation.draw_id.in_(draw_ids))
        .group_by(Site.key, Invitation.disposition)
    )
    found: dict[str, Counter[str]] = {}
    for site, disposition, invitations in db.session.execute(statement):
        found.setdefault(site, Counter())[disposition] += invitations
    return found


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
    return tuple(Cell(*key, answers) for key, answers in found.items())


def _counted_answers(draw_ids: Collection[int], questions: Collection[str]) -> Select[Any]:
    """By stratum, place, question and value. JSON has no equality in PostgreSQL, so it is grouped as text."""
    last = (
        select(AnswerEvent.invitation_id, AnswerEvent.question_id, func.max(AnswerEvent.position).label("position"))
        .join(Invitation, Invitation.id == AnswerEvent.invitation_id)
        .where(Invitation.draw_id.in_(draw_ids), Invitation.disposition.in_(COUNTED))
        .where(AnswerEvent.kind.in_(DECIDING), AnswerEvent.question_id.in_(questions))
        .group_by(AnswerEvent.invitation_id, AnswerEvent.question_id)
        .subquery()
    )
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
