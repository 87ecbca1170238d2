"""The only reader of other packages' tables here: plain counts for figures, a few statements per report."""

import json
from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Select, String, and_, case, cast, func, or_, select

from complaints.models import Case, Clock
from contacts.models import Contact, Period, Principal, Site
from foundation.accounts.queries import scoped
from foundation.accounts.scope import Scope
from foundation.database import db
from satisfaction.asked import counted_value
from satisfaction.cells import Cell, FrameCount, Place, StratumKey
from satisfaction.complaint_figures import NO_SITE, DueCount
from surveys.models import Draw, FrameUnit, Invitation, Programme, QuestionnaireVersion
from surveys.models.answers import AnswerEvent

DECIDING = ("answer", "skip", "void")  # the last of these to a question is what it stands at
COUNTED = ("completed", "partial")


@dataclass(frozen=True)
class DrawFacts:
    """What a report must know of one draw."""

    id: int
    first_day: date
    last_day: date
    late: bool
    one_per_customer: bool
    definition: dict[str, Any]


def principals(scope: Scope, key: str | None = None) -> list[Principal]:
    """The principals in scope, by name; only the one called ``key`` when it is given."""
    statement = scoped(select(Principal), scope, principal=Principal.id).order_by(Principal.name, Principal.id)
    return list(db.session.scalars(statement.where(Principal.key == key) if key else statement))


def programmes(scope: Scope, principal_id: int | None = None, key: str | None = None) -> list[Programme]:
    """The programmes in scope, by name."""
    statement = scoped(select(Programme), scope, principal=Programme.principal_id)
    if principal_id is not None:
        statement = statement.where(Programme.principal_id == principal_id)
    if key is not None:
        statement = statement.where(Programme.key == key)
    return list(db.session.scalars(statement.order_by(Programme.name, Programme.id)))


def site_names(scope: Scope) -> dict[str, str]:
    """The names of the sites in scope, by key."""
    return {key: name for key, name in db.session.execute(scoped(select(Site.key, Site.name), scope, site=Site.id))}


def site_keys(scope: Scope) -> frozenset[str] | None:
    """The keys of the sites in scope, None when it sees all."""
    return None if scope.site_ids is None else frozenset(site_names(scope))


def closed_periods(principal_id: int, first_day: date | None = None, last_day: date | None = None) -> list[Period]:
    """The closed periods of a principal that lie wholly within the days given (inclusive), in order."""
    statement = select(Period).where(Period.principal_id == principal_id, Period.closed_at.is_not(None))
    if first_day is not None:
        statement = statement.where(Period.first_day >= first_day)
    if last_day is not None:
        statement = statement.where(Period.last_day <= last_day)
    return list(db.session.scalars(statement.order_by(Period.first_day)))


def drawn_periods(programme_ids: Collection[int]) -> list[tuple[int, date, date]]:
    """(programme, first day, last day) of each draw that was made, the latest first."""
    statement = (
        select(Draw.programme_id, Period.first_day, Period.last_day)
        .join(Period, Period.id == Draw.period_id)
        .where(Draw.programme_id.in_(programme_ids), Draw.state == "drawn", Period.closed_at.is_not(None))
        .order_by(Period.first_day.desc(), Draw.id)
    )
    return [(row.programme_id, row.first_day, row.last_day) for row in db.session.execute(statement)]


def draws_within(programme_id: int, first_day: date, last_day: date) -> list[DrawFacts]:
    """The draws made from closed periods that lie wholly within the days given, in order of their days."""
    statement = (
        select(Draw, Period.first_day, Period.last_day, QuestionnaireVersion.definition)
        .join(Period, Period.id == Draw.period_id)
        .join(QuestionnaireVersion, QuestionnaireVersion.id == Draw.version_id)
        .where(Draw.programme_id == programme_id, Draw.state == "drawn", Period.closed_at.is_not(None))
        .where(Period.first_day >= first_day, Period.last_day <= last_day)
        .order_by(Period.first_day)
    )
    return [
        DrawFacts(draw.id, first, last, draw.late, draw.one_per_customer, definition)
        for draw, first, last, definition in db.session.execute(statement)
    ]


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
        .join(Site, Site.id == Invitation.site_id)
        .where(Invitation.draw_id.in_(draw_ids))
        .group_by(Site.key, Invitation.disposition)
    )
    found: dict[str, Counter[str]] = {}
    for site, disposition, invitations in db.session.execute(statement):
        found.setdefault(site, Counter())[disposition] += invitations
    return found


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
        .join(last, and_(last.c.invitation_id == AnswerEvent.invitation_id, last.c.position == AnswerEvent.position))
        .join(Invitation, Invitation.id == AnswerEvent.invitation_id)
        .join(Contact, Contact.id == Invitation.contact_id)
        .join(Site, Site.id == Contact.site_id)
        .where(AnswerEvent.kind == "answer", AnswerEvent.value.is_not(None))
        .group_by(*grouped)
    )


def contact_totals(principal: Principal, days: Iterable[tuple[date, date]], scope: Scope) -> dict[str, int]:
    """The contacts of the log on ``days`` (inclusive spans) by the key of their site, those that came late left out."""
    statement = (
        select(Site.key, func.count())
        .join(Site, Site.id == Contact.site_id)
        .where(Contact.principal_id == principal.id, Contact.late.is_(False))
        .where(_on_days(Contact.started_at, days, principal.zone))
        .group_by(Site.key)
    )
    return {site: count for site, count in db.session.execute(scoped(statement, scope, site=Contact.site_id))}


def complaints_received(
    principal: Principal, days: Iterable[tuple[date, date]], scope: Scope
) -> dict[str, dict[str, int]]:
    """Complaints received on ``days`` by origin (spontaneous, survey) and site. A sequel is not counted again."""
    statement = (
        select(Case.origin, func.coalesce(Site.key, NO_SITE), func.count())
        .join(Site, Site.id == Case.site_id, isouter=True)
        .where(Case.principal_id == principal.id, Case.follows_id.is_(None))
        .where(_on_days(Case.received_at, days, principal.zone))
        .group_by(Case.origin, Site.key)
    )
    found: dict[str, dict[str, int]] = {"spontaneous": {}, "survey": {}}
    for origin, site, count in db.session.execute(scoped(statement, scope, site=Case.site_id)):
        found[origin][site] = count
    return found


def answers_due(principal: Principal, first_day: date, last_day: date, now: datetime, scope: Scope) -> dict[str, DueCount]:
    """Complaints whose answer fell due from ``first_day`` to ``last_day`` and before ``now``, by site.

    What ended before its date without an answer (withdrawn) was owed no more and is left out.
    """
    in_time = and_(Clock.met_at.is_not(None), Clock.met_at < Clock.due_at)
    statement = (
        select(func.coalesce(Site.key, NO_SITE), func.count(), func.sum(case((in_time, 1), else_=0)))
        .join(Case, Case.id == Clock.case_id)
        .join(Site, Site.id == Case.site_id, isouter=True)
        .where(Case.principal_id == principal.id, Clock.kind == "answer", Clock.due_at <= now)
        .where(Clock.due_on >= first_day, Clock.due_on <= last_day)
        .where(or_(Clock.void_at.is_(None), Clock.void_at >= Clock.due_at))
        .group_by(Site.key)
    )
    rows = db.session.execute(scoped(statement, scope, site=Case.site_id))
    return {site: DueCount(due, int(met)) for site, due, met in rows}


def _on_days(column: Any, days: Iterable[tuple[date, date]], zone: str) -> Any:
    """Whether a moment falls on one of the spans of days, both ends inclusive, in ``zone``."""
    spans = [(_start(first, zone), _start(last + timedelta(days=1), zone)) for first, last in days]
    return or_(False, *(and_(column >= start, column < end) for start, end in spans))


def _start(day: date, zone: str) -> datetime:
    return datetime.combine(day, time(), ZoneInfo(zone))
