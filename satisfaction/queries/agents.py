"""Frames and answers of draws by agent, read in a job; who was informed; and the figures that are kept."""

import json
from collections import Counter
from collections.abc import Collection, Iterator
from datetime import date
from typing import Any

from sqlalchemy import Select, and_, case, cast, exists, func, select
from sqlalchemy import String as Text
from sqlalchemy.orm import aliased

from contacts.models import Contact, Site
from foundation.accounts.queries import scoped
from foundation.accounts.scope import Scope
from foundation.database import db
from satisfaction.asked import counted_value
from satisfaction.cells import Cell, FrameCount, Place, Sample, Weighed
from satisfaction.models import AgentFigures, AgentNotice
from satisfaction.rolling import COUNTED, DECIDING
from surveys.eligibility import SAME_CUSTOMER
from surveys.models import AnswerEvent, FrameUnit, Invitation, Programme

#: Stands between the site and the agent where both make a place; neither holds it.
OF = "\x1f"


def sample_by_agent(base: Sample, question: str) -> Sample:
    """The sample of a report again, whose places are the agents: ``site``, OF and the pseudonym."""
    draws = sorted({row.stratum[0] for row in base.frame})
    by_contact = base.weighing - base.joining
    counts: Counter[tuple[tuple[int, str], Place, int]] = Counter()
    weighed: list[Weighed] = []
    for row in db.session.execute(_answers(draws, question)):
        value = counted_value(json.loads(row.written))
        if value is not None:
            stratum, place = (row.draw_id, row.stratum), Place(f"{row.site}{OF}{row.agent}", "-")
            counts[stratum, place, value] += 1
            if row.draw_id in base.weighing:
                weight = 1 / row.pi if row.pi else float(row.multiplicity or 1)
                person = row.customer_id if row.customer_id is not None else f"invitation:{row.id}"
                weighed.append(Weighed(stratum, place, question, value, weight, person))
    return Sample(
        frame=tuple(_frame(draws, by_contact)),
        cells=tuple(Cell(stratum, place, question, value, many) for (stratum, place, value), many in counts.items()),
        weighed=tuple(weighed),
        weighing=base.weighing,
        joining=base.joining,
        declared=base.declared,
    )


def _frame(draw_ids: Collection[int], by_contact: Collection[int]) -> Iterator[FrameCount]:
    stood_for = and_(FrameUnit.status != "eligible", FrameUnit.reason == SAME_CUSTOMER)
    sums = {"eligible": FrameUnit.status == "eligible", "stood_for": stood_for, "drawn": FrameUnit.drawn}
    grouped = (FrameUnit.draw_id, FrameUnit.stratum, Site.key, Contact.agent)
    rows = db.session.execute(
        select(*grouped, func.count().label("contacts"), *(_how_many(sums[name]).label(name) for name in sums))
        .select_from(FrameUnit)
        .join(Contact, Contact.id == FrameUnit.contact_id)
        .join(Site, Site.id == Contact.site_id)
        .where(FrameUnit.draw_id.in_(draw_ids))
        .group_by(*grouped)
    )
    for row in rows:
        eligible = row.eligible + (row.stood_for if row.draw_id in by_contact else 0)
        place = Place(f"{row.key}{OF}{row.agent}", "-")
        yield FrameCount((row.draw_id, row.stratum), place, row.contacts, eligible, row.drawn)


def _how_many(condition: Any) -> Any:
    return func.sum(case((condition, 1), else_=0))


def _answers(draw_ids: Collection[int], question: str) -> Select[Any]:
    """The current answers to a question, each with its weight and agent."""
    later = aliased(AnswerEvent)
    replaced = exists().where(
        later.invitation_id == AnswerEvent.invitation_id,
        later.question_id == AnswerEvent.question_id,
        later.kind.in_(DECIDING),
        later.position > AnswerEvent.position,
    )
    same = and_(FrameUnit.draw_id == Invitation.draw_id, FrameUnit.contact_id == Invitation.contact_id)
    return (
        select(
            *(Invitation.id, Invitation.draw_id, Invitation.stratum, Invitation.customer_id, Site.key.label("site")),
            *(Contact.agent, cast(AnswerEvent.value, Text).label("written"), FrameUnit.pi, FrameUnit.multiplicity),
        )
        .select_from(AnswerEvent)
        .join(Invitation, Invitation.id == AnswerEvent.invitation_id)
        .join(FrameUnit, same)
        .join(Contact, Contact.id == Invitation.contact_id)
        .join(Site, Site.id == Contact.site_id)
        .where(Invitation.draw_id.in_(draw_ids), Invitation.disposition.in_(COUNTED), AnswerEvent.kind == "answer")
        .where(AnswerEvent.question_id == question, AnswerEvent.value.is_not(None), ~replaced)
    )


def notices(scope: Scope) -> list[AgentNotice]:
    """The notices in force at the sites in scope, by site."""
    found = select(AgentNotice).where(AgentNotice.withdrawn_at.is_(None)).order_by(AgentNotice.site_id, AgentNotice.id)
    return list(db.session.scalars(scoped(found, scope, site=AgentNotice.site_id)))


def informed_sites() -> dict[int, date]:
    """Site → since when its staff are informed."""
    found = select(AgentNotice.site_id, func.min(AgentNotice.informed_on)).where(AgentNotice.withdrawn_at.is_(None))
    return dict(db.session.execute(found.group_by(AgentNotice.site_id)).tuples().all())


def site_keys() -> dict[int, str]:
    return {row.id: row.key for row in db.session.execute(select(Site.id, Site.key))}


def sites(scope: Scope) -> list[Site]:
    """The sites in scope, by name."""
    return list(db.session.scalars(scoped(select(Site).order_by(Site.name), scope, site=Site.id)))


def kept(scope: Scope) -> list[tuple[AgentFigures, Programme, Site]]:
    """The figures in scope, of sites whose staff are informed: the latest period first."""
    found = (
        select(AgentFigures, Programme, Site)
        .join(Programme, Programme.id == AgentFigures.programme_id)
        .join(Site, Site.id == AgentFigures.site_id)
        .where(AgentFigures.site_id.in_(informed_sites()))
        .order_by(AgentFigures.first_day.desc(), Programme.name, Site.name)
    )
    narrowed = scoped(found, scope, principal=Programme.principal_id, site=AgentFigures.site_id)
    return [(row[0], row[1], row[2]) for row in db.session.execute(narrowed)]


def computed_at(programme_id: int, first_day: date) -> dict[int, Any]:
    """Site → when the figures of its agents were computed last."""
    found = select(AgentFigures.site_id, AgentFigures.computed_at)
    rows = db.session.execute(found.filter_by(programme_id=programme_id, first_day=first_day))
    return {row.site_id: row.computed_at for row in rows}
