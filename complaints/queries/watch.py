"""Every delay that still binds us and is near its date or past it, in all principals: for the worker alone."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select

from complaints.clocks import OURS
from complaints.lifecycle import OPEN_STATES
from complaints.models import Case, Clock, Proposal
from complaints.notices import FURTHEST, is_near
from contacts.models import Principal, Site
from foundation.database import db
from foundation.timing.calendars import CalendarExhausted, local_day
from foundation.timing.storage import holiday_calendar


@dataclass(frozen=True)
class Watched:
    """A delay of a case, or of an answer that waits to be qualified (``reference`` None)."""

    key: str
    kind: str
    subject_key: str
    reference: str | None
    path: str
    due_on: date
    due_at: datetime
    region: str
    zone: str
    principal_id: int
    principal: str
    site_id: int | None
    site: str | None
    handler_id: int | None


def watched(now: datetime) -> tuple[list[Watched], list[Watched]]:
    """Return what is near its date and what is past it."""
    found = [*_clocks(now), *_proposals(now)]
    passed = [one for one in found if one.due_at <= now]
    return [one for one in found if one.due_at > now and _is_near(one, now)], passed


def _is_near(one: Watched, now: datetime) -> bool:
    try:
        return is_near(one.kind, local_day(now, ZoneInfo(one.zone)), one.due_on, holiday_calendar(one.region))
    except CalendarExhausted:
        # Rather a word too early than none.
        return True


def _clocks(now: datetime) -> list[Watched]:
    statement = (
        select(Clock, Case, Principal, Site)
        .join(Case, Case.id == Clock.case_id)
        .join(Principal, Principal.id == Case.principal_id)
        .outerjoin(Site, Site.id == Case.site_id)
        .where(Clock.kind.in_(OURS), Clock.met_at.is_(None), Clock.void_at.is_(None), Case.state.in_(OPEN_STATES))
        .where(Clock.due_at <= now + timedelta(days=FURTHEST))
        .order_by(Clock.due_at, Clock.id)
    )
    return [_of_case(*row) for row in db.session.execute(statement)]


def _of_case(clock: Clock, case: Case, principal: Principal, site: Site | None) -> Watched:
    return Watched(
        key=f"clock:{clock.id}",
        kind=clock.kind,
        subject_key=f"case:{case.reference}",
        reference=case.reference,
        path=f"/complaints/{case.reference}",
        due_on=clock.due_on,
        due_at=clock.due_at,
        region=clock.region,
        zone=(site or principal).zone,
        principal_id=case.principal_id,
        principal=principal.brand,
        site_id=case.site_id,
        site=site.name if site else None,
        handler_id=case.handler_id,
    )


def _proposals(now: datetime) -> list[Watched]:
    statement = (
        select(Proposal, Principal, Site)
        .join(Principal, Principal.id == Proposal.principal_id)
        .outerjoin(Site, Site.id == Proposal.site_id)
        .where(Proposal.qualification.is_(None), Proposal.due_at <= now + timedelta(days=FURTHEST))
        .order_by(Proposal.due_at, Proposal.id)
    )
    return [_of_proposal(*row) for row in db.session.execute(statement)]


def _of_proposal(proposal: Proposal, principal: Principal, site: Site | None) -> Watched:
    return Watched(
        key=f"proposal:{proposal.id}",
        kind="qualification",
        subject_key=f"proposal:{proposal.id}",
        reference=None,
        path=f"/complaints/proposals/{proposal.id}",
        due_on=proposal.due_on,
        due_at=proposal.due_at,
        region=proposal.region,
        zone=(site or principal).zone,
        principal_id=proposal.principal_id,
        principal=principal.brand,
        site_id=proposal.site_id,
        site=site.name if site else None,
        handler_id=None,
    )
