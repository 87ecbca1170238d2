"""The complaint register, counted by site."""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Select, and_, case, func, or_, select

from complaints.clocks import OURS
from complaints.models import Case, Clock, Proposal, Stage
from contacts.frames import span
from contacts.models import Principal, Site
from foundation.accounts.queries import scoped
from foundation.accounts.scope import Scope
from foundation.database import db
from satisfaction.complaint_figures import NO_SITE, Counted
from satisfaction.indicators import APPEALS, CAPTURE_INDEX, IN_TIME, OVERTURNED, PROMISES_KEPT
from surveys.models import Invitation

#: What a complainant was told to expect by a date. The two months of the law are no promise of ours.
PROMISED = tuple(kind for kind in OURS if kind != "legal")
CHANGED = ("partly_changed", "overturned")
ANSWERED = ("completed", "partial")
_SITE = func.coalesce(Site.key, NO_SITE)


def case_shares(
    principal: Principal, first_day: date, last_day: date, now: datetime, scope: Scope
) -> dict[str, dict[str, Counted]]:
    """By indicator and site: what fell due from ``first_day`` to ``last_day``, inclusive, and how much of it went well.

    Nothing counts before its date. What ended before its date and was owed no more (withdrawn) is left out.
    """
    spans = (principal, first_day, last_day, now, scope)
    return {
        IN_TIME: _kept(("answer",), *spans),
        PROMISES_KEPT: _kept(PROMISED, *spans),
        CAPTURE_INDEX: _qualified(*spans),
        APPEALS: _appealed(*spans),
        OVERTURNED: _overturned(principal, first_day, last_day, scope),
    }


def from_surveys(
    principal: Principal, draws: Mapping[int, Mapping[str, Mapping[str, int]]], scope: Scope
) -> dict[str, Counted]:
    """Answers by name to draws, given as dispositions by draw and site, and those that became complaints, by site.

    Anonymous answers can become none: once let go they are in no invitation, and their draws are not to be given.
    """
    answered: Counter[str] = Counter()
    for sites in draws.values():
        for site, counts in sites.items():
            answered[site] += sum(counts.get(name, 0) for name in ANSWERED)
    statement = (
        select(Site.key, Invitation.draw_id, Invitation.disposition)
        .select_from(Case)
        .join(Invitation, Invitation.public_id == Case.invitation)
        .join(Site, Site.id == Invitation.site_id)
        .where(Case.principal_id == principal.id, Case.origin == "survey")
    )
    # Few complaints, many invitations: a condition on the draw would have the database begin with these.
    became = Counter(
        site for site, draw, stands in db.session.execute(statement) if draw in draws and stands in ANSWERED
    )
    seen = db.session.scalars(scoped(select(Site.key), scope, site=Site.id)).all()
    return {site: Counted(n, became[site]) for site, n in answered.items() if n and site in seen}


def complaints_received(principal: Principal, spans: Iterable[tuple[date, date]], scope: Scope) -> list[dict[str, int]]:
    """Complaints that customers made by themselves, on each of the spans of days, by site. A sequel counts once."""
    return [_received(principal, each, scope) for each in spans]


def _received(principal: Principal, days: tuple[date, date], scope: Scope) -> dict[str, int]:
    start, end = span(*days, ZoneInfo(principal.zone))
    statement = (
        select(_SITE, func.count())
        .select_from(Case)
        .join(Site, Site.id == Case.site_id, isouter=True)
        .where(Case.principal_id == principal.id, Case.follows_id.is_(None), Case.origin == "spontaneous")
        .where(Case.received_at >= start, Case.received_at < end)
        .group_by(Site.key)
    )
    return {site: count for site, count, *_ in db.session.execute(scoped(statement, scope, site=Case.site_id))}


def _kept(
    kinds: tuple[str, ...], principal: Principal, first_day: date, last_day: date, now: datetime, scope: Scope
) -> dict[str, Counted]:
    met = and_(Clock.met_at.is_not(None), Clock.met_at < Clock.due_at)
    return _counts(scoped(_due(met, kinds, principal, first_day, last_day, now), scope, site=Case.site_id))


def _appealed(principal: Principal, first_day: date, last_day: date, now: datetime, scope: Scope) -> dict[str, Counted]:
    """Of the decisions whose window to appeal closed: those that were appealed."""
    appeal = select(Stage.id).where(Stage.case_id == Case.id, Stage.level == 2).exists()
    return _counts(
        scoped(_due(appeal, ("appeal_window",), principal, first_day, last_day, now), scope, site=Case.site_id)
    )


def _due(
    hit: Any, kinds: tuple[str, ...], principal: Principal, first_day: date, last_day: date, now: datetime
) -> Select[Any]:
    return (
        select(_SITE, func.count(), func.sum(case((hit, 1), else_=0)))
        .select_from(Clock)
        .join(Case, Case.id == Clock.case_id)
        .join(Site, Site.id == Case.site_id, isouter=True)
        .where(Case.principal_id == principal.id, Clock.kind.in_(kinds), Clock.due_at <= now)
        .where(Clock.due_on >= first_day, Clock.due_on <= last_day)
        .where(or_(Clock.void_at.is_(None), Clock.void_at >= Clock.due_at))
        .group_by(Site.key)
    )


def _qualified(
    principal: Principal, first_day: date, last_day: date, now: datetime, scope: Scope
) -> dict[str, Counted]:
    """Of the dissatisfied words that were to be qualified by then: those that were, in time."""
    hit = and_(Proposal.qualified_at.is_not(None), Proposal.qualified_at < Proposal.due_at)
    statement = (
        select(_SITE, func.count(), func.sum(case((hit, 1), else_=0)))
        .select_from(Proposal)
        .join(Site, Site.id == Proposal.site_id, isouter=True)
        .where(Proposal.principal_id == principal.id, Proposal.due_at <= now)
        .where(Proposal.due_on >= first_day, Proposal.due_on <= last_day)
        .group_by(Site.key)
    )
    return _counts(scoped(statement, scope, site=Proposal.site_id))


def _overturned(principal: Principal, first_day: date, last_day: date, scope: Scope) -> dict[str, Counted]:
    """Of the appeals decided on these days: those that changed the first decision, wholly or in part."""
    start, end = span(first_day, last_day, ZoneInfo(principal.zone))
    statement = (
        select(_SITE, func.count(), func.sum(case((Stage.outcome.in_(CHANGED), 1), else_=0)))
        .select_from(Stage)
        .join(Case, Case.id == Stage.case_id)
        .join(Site, Site.id == Case.site_id, isouter=True)
        .where(Case.principal_id == principal.id, Stage.level == 2)
        .where(Stage.decided_at >= start, Stage.decided_at < end)
        .group_by(Site.key)
    )
    return _counts(scoped(statement, scope, site=Case.site_id))


def _counts(statement: Select[Any]) -> dict[str, Counted]:
    return {site: Counted(n, int(hits)) for site, n, hits in db.session.execute(statement)}
