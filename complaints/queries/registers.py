"""The registers of complaints, appeals and proposals, narrowed to a scope and to days."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Select, select
from sqlalchemy.orm import aliased, selectinload

from complaints.clocks import standing
from complaints.models import Case, Clock, Proposal, Stage
from complaints.queries.rows import AppealRow, ComplaintRow, ProposalRow
from contacts.models import Contact, Principal, Site
from foundation.accounts.queries import scoped
from foundation.accounts.scope import EVERYTHING, Scope
from foundation.database import db
from foundation.timing.calendars import local_day


def complaint_register(
    now: datetime, scope: Scope = EVERYTHING, first_day: date | None = None, last_day: date | None = None
) -> list[ComplaintRow]:
    """Return the complaints received from ``first_day`` to ``last_day``, both inclusive, oldest first.

    Days are those of the handling site; whether a date was kept is judged at ``now``.
    """
    found = _around(_cases(scope), Case.received_at, first_day, last_day)
    rows = (_complaint(one, now) for one in db.session.execute(found))
    return [row for row in rows if _within(row.received_on, first_day, last_day)]


def appeal_register(
    now: datetime, scope: Scope = EVERYTHING, first_day: date | None = None, last_day: date | None = None
) -> list[AppealRow]:
    """Return the appeals by the day they were opened, both ends inclusive, oldest first."""
    appealed = _cases(scope).join(Stage, (Stage.case_id == Case.id) & (Stage.level == 2))
    found = _around(appealed, Stage.opened_at, first_day, last_day)
    rows = (_appeal(one, now) for one in db.session.execute(found))
    kept = [row for row in rows if _within(row.appealed_on, first_day, last_day)]
    return sorted(kept, key=lambda row: (row.appealed_on, row.reference))


def proposal_register(
    now: datetime, scope: Scope = EVERYTHING, first_day: date | None = None, last_day: date | None = None
) -> list[ProposalRow]:
    """Return the answers proposed as complaints by the day of the answer, both ends inclusive, oldest first."""
    statement = (
        select(Proposal, Principal, Site, Case.reference)
        .join(Principal, Principal.id == Proposal.principal_id)
        .outerjoin(Site, Site.id == Proposal.site_id)
        .outerjoin(Case, Case.id == Proposal.case_id)
        .order_by(Proposal.answered_at, Proposal.id)
    )
    mine = scoped(statement, scope, principal=Proposal.principal_id, site=Proposal.site_id)
    found = _around(mine, Proposal.answered_at, first_day, last_day)
    rows = (_proposal(one, now) for one in db.session.execute(found))
    return [row for row in rows if _within(row.answered_on, first_day, last_day)]


def _cases(scope: Scope) -> Select[Any]:
    """Cases with principal, site, contact and the reference of the case they follow."""
    before = aliased(Case)
    statement = (
        select(Case, Principal, Site, Contact, before.reference)
        .join(Principal, Principal.id == Case.principal_id)
        .outerjoin(Site, Site.id == Case.site_id)
        .outerjoin(Contact, Contact.id == Case.contact_id)
        .outerjoin(before, before.id == Case.follows_id)
        .options(selectinload(Case.clocks), selectinload(Case.stages))
        .order_by(Case.received_at, Case.id)
    )
    return scoped(statement, scope, principal=Case.principal_id, site=Case.site_id)


def _around(statement: Select[Any], moment: Any, first_day: date | None, last_day: date | None) -> Select[Any]:
    """Narrow to the days, wide enough for every zone; the exact days are kept row by row."""
    if first_day:
        statement = statement.where(moment >= _midnight(first_day) - timedelta(days=1))
    if last_day:
        statement = statement.where(moment < _midnight(last_day) + timedelta(days=2))
    return statement


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=UTC)


def _within(day: date, first_day: date | None, last_day: date | None) -> bool:
    return (first_day is None or first_day <= day) and (last_day is None or day <= last_day)


def _where(principal: Principal, site: Site | None) -> dict[str, Any]:
    return {
        "principal_id": principal.id,
        "principal": principal.key,
        "site_id": site.id if site else None,
        "site": site.key if site else None,
    }


def _kept(clock: Clock, now: datetime) -> str:
    return standing(clock.due_at, clock.met_at, clock.void_at, now)


def _complaint(found: Iterator[Any], now: datetime) -> ComplaintRow:
    case, principal, site, contact, follows = found
    zone = ZoneInfo((site or principal).zone)
    clocks = {clock.kind: clock for clock in case.clocks}
    return ComplaintRow(
        **_where(principal, site),
        reference=case.reference,
        channel=case.channel,
        contact_channel=contact.channel if contact else None,
        contact=contact.public_id if contact else None,
        origin=case.origin,
        language=case.language,
        category=case.category,
        sent_on=local_day(case.sent_at, zone),
        received_on=local_day(case.received_at, zone),
        registered_on=local_day(case.registered_at, zone),
        acknowledgement_due_on=clocks["acknowledgement"].due_on,
        acknowledged_at=clocks["acknowledgement"].met_at,
        acknowledgement=_kept(clocks["acknowledgement"], now),
        answer_due_on=clocks["answer"].due_on,
        answered_at=case.stages[0].decided_at,
        answer=_kept(clocks["answer"], now),
        legal_due_on=clocks["legal"].due_on,
        legal=_kept(clocks["legal"], now),
        outcome=case.stages[0].outcome,
        state=case.state,
        level=case.level,
        follows=follows,
        ended_at=case.ended_at,
    )


def _appeal(found: Iterator[Any], now: datetime) -> AppealRow:
    case, principal, site, _contact, _follows = found
    clocks = {clock.kind: clock for clock in case.clocks}
    first, second = case.stages
    return AppealRow(
        **_where(principal, site),
        reference=case.reference,
        category=case.category,
        first_outcome=first.outcome,
        first_answered_at=first.decided_at,
        window_until=clocks["appeal_window"].due_on,
        appealed_on=clocks["appeal_answer"].started_on,
        late=second.late,
        answer_due_on=clocks["appeal_answer"].due_on,
        answered_at=second.decided_at,
        answer=_kept(clocks["appeal_answer"], now),
        outcome=second.outcome,
        same_person=second.decided_by is not None and second.decided_by == first.decided_by,
    )


def _proposal(found: Iterator[Any], now: datetime) -> ProposalRow:
    proposal, principal, site, reference = found
    return ProposalRow(
        **_where(principal, site),
        invitation=proposal.invitation,
        answered_on=local_day(proposal.answered_at, ZoneInfo((site or principal).zone)),
        proposed_at=proposal.proposed_at,
        due_on=proposal.due_on,
        qualification=proposal.qualification,
        qualified_at=proposal.qualified_at,
        qualified_by=proposal.qualified_party,
        standing=standing(proposal.due_at, proposal.qualified_at, None, now),
        reference=reference,
    )
