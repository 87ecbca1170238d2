"""What waits on the complaint desk and in the log this week. No customer's name or words are read."""

from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Select, case, func, select

from complaints.lifecycle import OPEN_STATES
from complaints.models import Case, Clock, Proposal
from contacts.models import Period, Principal, Site
from foundation.accounts.queries import scoped
from foundation.accounts.scope import Scope
from foundation.database import db
from foundation.web.filters import local_date
from satisfaction.week import DAYS, NAMED, Group, Item, group
from surveys.models import Draw, Poster

DESK = "/complaints"


def waiting_answers(code: str, wants_call: bool, now: datetime, scope: Scope) -> Group:
    """Answers that nobody has qualified yet: those that ask for a call, or the others."""
    wanted = Proposal.wants == "callback" if wants_call else Proposal.wants != "callback"
    these = (Proposal.qualification.is_(None), wanted)
    rows = (
        select(Proposal.id, Proposal.due_on, Proposal.due_at, Principal.name, Site.name)
        .join(Principal, Principal.id == Proposal.principal_id)
        .outerjoin(Site, Site.id == Proposal.site_id)
        .where(*these)
        .order_by(Proposal.due_at, Proposal.id)
        .limit(NAMED)
    )
    found = [
        Item(principal, site, f"{DESK}/proposals/{number}", due_on, due_at <= now)
        for number, due_on, due_at, principal, site in db.session.execute(_mine(rows, Proposal, scope))
    ]
    counting = select(func.count(), func.sum(case((Proposal.due_at <= now, 1), else_=0))).where(*these)
    total, late = db.session.execute(_mine(counting, Proposal, scope)).one()
    return group(code, DESK, found, total, late or 0)


def cases_due(code: str, now: datetime, scope: Scope) -> Group:
    """Cases that owe something within the week, or owed it before."""
    these = (Case.state.in_(OPEN_STATES), Case.due_at <= now + timedelta(days=DAYS))
    rows = (
        select(Case.reference, Clock.due_on, Case.due_at, Principal.name, Site.name)
        .join(Principal, Principal.id == Case.principal_id)
        .outerjoin(Site, Site.id == Case.site_id)
        .outerjoin(Clock, (Clock.case_id == Case.id) & (Clock.kind == Case.due_kind))
        .where(*these)
        .order_by(Case.due_at, Case.id)
        .limit(NAMED)
    )
    found = [
        Item(principal, site, f"{DESK}/{reference}", due_on, due_at <= now, {"reference": reference})
        for reference, due_on, due_at, principal, site in db.session.execute(_mine(rows, Case, scope))
    ]
    counting = select(func.count(), func.sum(case((Case.due_at <= now, 1), else_=0))).where(*these)
    total, late = db.session.execute(_mine(counting, Case, scope)).one()
    return group(code, DESK, found, total, late or 0)


def _mine(statement: Select[Any], rows: Any, scope: Scope) -> Select[Any]:
    return scoped(statement, scope, principal=rows.principal_id, site=rows.site_id)


def poster_programmes() -> frozenset[int]:
    """The ids of the programmes that have posters and never drew anybody."""
    drawn = select(Draw.programme_id)
    return frozenset(db.session.scalars(select(Poster.programme_id).where(Poster.programme_id.not_in(drawn))))


def running_days(now: datetime, scope: Scope) -> list[tuple[Principal, date, date]]:
    """The days so far of each period that is not closed, of the principals in scope."""
    statement = scoped(select(Period, Principal), scope, principal=Period.principal_id)
    rows = statement.join(Principal, Principal.id == Period.principal_id).where(Period.closed_at.is_(None))
    found = []
    for period, principal in db.session.execute(rows.order_by(Principal.name, Period.first_day)):
        today = local_date(now, principal.zone)
        if period.first_day <= today:
            found.append((principal, period.first_day, min(period.last_day, today)))
    return found
