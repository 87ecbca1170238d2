"""What waits on the desk: proposals first, then cases by the date they are due."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, select

from complaints.lifecycle import OPEN_STATES
from complaints.models import Case, CaseMessage, Clock, Proposal
from complaints.queries.dues import Due, due_of
from contacts.models import Principal, Site
from foundation.accounts.queries import scoped, user_names
from foundation.accounts.scope import Scope
from foundation.database import db

AT_ONCE = 50
VIEWS = ("all", "mine", "overdue", "ended")


@dataclass(frozen=True)
class DeskRow:
    """A case on the worklist."""

    reference: str
    state: str
    name: str
    email: str | None
    phone: str | None
    principal: str
    site: str | None
    handler: str | None
    category: str | None
    words: str
    due: Due | None
    ended_at: datetime | None


@dataclass(frozen=True)
class ProposalLine:
    """A proposal on the worklist."""

    id: int
    principal: str
    site: str | None
    words: str
    score: int | None
    wants: str
    due: Due


def desk_counts(scope: Scope, actor_id: int, now: datetime) -> dict[str, int]:
    """Return how many cases each view of the desk holds."""
    counting = select(func.count(Case.id))
    return {view: db.session.scalar(_narrowed(counting, view, scope, actor_id, now)) or 0 for view in VIEWS}


def desk_rows(view: str, scope: Scope, actor_id: int, now: datetime, page: int = 1) -> list[DeskRow]:
    """Return one page (1, 2 …) of a view, by due date; of ended cases, the last ended first."""
    order = (Case.ended_at.desc(), Case.id.desc()) if view == "ended" else (Case.due_at.is_(None), Case.due_at, Case.id)
    statement = (
        _narrowed(select(Case, Principal, Site, Clock), view, scope, actor_id, now)
        .join(Principal, Principal.id == Case.principal_id)
        .outerjoin(Site, Site.id == Case.site_id)
        .outerjoin(Clock, (Clock.case_id == Case.id) & (Clock.kind == Case.due_kind))
        .order_by(*order)
        .limit(AT_ONCE)
        .offset((page - 1) * AT_ONCE)
    )
    found = db.session.execute(statement).all()
    words = _first_words([case.id for case, *_ in found])
    names = user_names({case.handler_id for case, *_ in found if case.handler_id})
    return [_row(*row, words, names, now) for row in found]


def waiting_proposals(scope: Scope, now: datetime) -> list[ProposalLine]:
    """Return the answers nobody has qualified yet, the most urgent first."""
    statement = (
        select(Proposal, Principal, Site)
        .join(Principal, Principal.id == Proposal.principal_id)
        .outerjoin(Site, Site.id == Proposal.site_id)
        .where(Proposal.qualification.is_(None))
        .order_by(Proposal.due_at, Proposal.id)
        .limit(AT_ONCE)
    )
    found = db.session.execute(scoped(statement, scope, principal=Proposal.principal_id, site=Proposal.site_id))
    return [
        ProposalLine(
            id=proposal.id,
            principal=principal.brand,
            site=site.name if site else None,
            words=proposal.words,
            score=proposal.answer_copy.get("score"),
            wants=proposal.wants,
            due=due_of(proposal, "qualification", (site or principal).zone, now),
        )
        for proposal, principal, site in found
    ]


def _first_words(case_ids: list[int]) -> dict[int, str]:
    wanted = select(CaseMessage.case_id, CaseMessage.body).where(
        CaseMessage.case_id.in_(case_ids), CaseMessage.kind == "complaint"
    )
    return dict(db.session.execute(wanted).tuples().all())


def _narrowed(statement: Select[Any], view: str, scope: Scope, actor_id: int, now: datetime) -> Select[Any]:
    statement = scoped(statement, scope, principal=Case.principal_id, site=Case.site_id)
    if view == "ended":
        return statement.where(Case.state.not_in(OPEN_STATES))
    statement = statement.where(Case.state.in_(OPEN_STATES))
    if view == "mine":
        return statement.where(Case.handler_id == actor_id)
    return statement.where(Case.due_at <= now) if view == "overdue" else statement


def _row(
    case: Case,
    principal: Principal,
    site: Site | None,
    clock: Clock | None,
    words: dict[int, str],
    names: dict[int, str],
    now: datetime,
) -> DeskRow:
    return DeskRow(
        reference=case.reference,
        state=case.state,
        name=case.name,
        email=case.email,
        phone=case.phone,
        principal=principal.brand,
        site=site.name if site else None,
        handler=names.get(case.handler_id) if case.handler_id else None,
        category=case.category,
        words=words.get(case.id, ""),
        due=due_of(clock, clock.kind, (site or principal).zone, now) if clock else None,
        ended_at=case.ended_at,
    )
