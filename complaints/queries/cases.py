"""Everything there is to know about one case, for its page."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from complaints.lifecycle import Situation
from complaints.models import Case, CaseEvent, CaseMessage, InternalNote, Letter, Proposal
from complaints.queries.dues import Due, due_of
from complaints.services.actors import why_not_theirs
from contacts.models import Contact, Principal, Site
from foundation.accounts.models import User
from foundation.accounts.queries import scoped, staff_with, user_names, users
from foundation.accounts.scope import EVERYTHING, Scope
from foundation.database import db
from notifications.models import OutboxMessage


@dataclass(frozen=True)
class ThreadItem:
    """Something said: ``side`` is in, out or note. ``sent`` is the state of the message that carried it."""

    side: str
    kind: str
    body: str
    author: str | None
    at: datetime
    channel: str
    sent: str | None = None


@dataclass(frozen=True)
class CaseView:
    """A case with its surroundings."""

    case: Case
    principal: Principal
    site: Site | None
    zone: str
    contact: Contact | None
    proposal: Proposal | None
    follows: Case | None
    sequels: list[Case]
    dues: dict[str, Due]
    letters: list[Letter]
    names: dict[int, str]

    @property
    def next_due(self) -> Due | None:
        """The date that binds us first."""
        return self.dues.get(self.case.due_kind) if self.case.due_kind else None


@dataclass(frozen=True)
class HistoryLine:
    """An event as a line of the history."""

    number: int
    kind: str
    party: str
    actor: str | None
    at: datetime


def case_by_reference(reference: str, scope: Scope = EVERYTHING) -> Case | None:
    """Return the case, or None where there is none within ``scope``."""
    statement = select(Case).filter_by(reference=reference)
    return db.session.scalars(scoped(statement, scope, principal=Case.principal_id, site=Case.site_id)).first()


def proposal_by_id(proposal_id: int, scope: Scope) -> Proposal | None:
    """Return the proposal, or None where there is none within ``scope``."""
    statement = select(Proposal).filter_by(id=proposal_id)
    return db.session.scalars(scoped(statement, scope, principal=Proposal.principal_id, site=Proposal.site_id)).first()


def case_view(case: Case, now: datetime) -> CaseView:
    """Return the case with all that its page shows but the thread."""
    principal = db.session.get_one(Principal, case.principal_id)
    site = db.session.get(Site, case.site_id) if case.site_id is not None else None
    zone = (site or principal).zone
    proposal = db.session.scalars(select(Proposal).filter_by(case_id=case.id)).first()
    people = {person for stage in case.stages for person in (stage.handler_id, stage.decided_by)}
    people.add(proposal.qualified_by if proposal else None)
    return CaseView(
        case=case,
        principal=principal,
        site=site,
        zone=zone,
        contact=db.session.get(Contact, case.contact_id) if case.contact_id else None,
        proposal=proposal,
        follows=db.session.get(Case, case.follows_id) if case.follows_id else None,
        sequels=list(db.session.scalars(select(Case).filter_by(follows_id=case.id).order_by(Case.id))),
        dues={clock.kind: due_of(clock, clock.kind, zone, now) for clock in case.clocks},
        letters=list(db.session.scalars(select(Letter).filter_by(case_id=case.id).order_by(Letter.id))),
        names=user_names({person for person in people if person is not None}),
    )


def thread(case_id: int, with_notes: bool = True) -> list[ThreadItem]:
    """Return what was said, oldest first. Only pages of staff ask for the notes, which are in a table of their own."""
    messages = db.session.execute(
        select(CaseMessage, OutboxMessage.state)
        .outerjoin(OutboxMessage, OutboxMessage.business_key == CaseMessage.outbox_key)
        .where(CaseMessage.case_id == case_id)
        .order_by(CaseMessage.id)
    ).all()
    notes = db.session.scalars(select(InternalNote).filter_by(case_id=case_id)).all() if with_notes else []
    names = user_names({item.author_id for item in [*(m for m, _ in messages), *notes] if item.author_id})
    said = [
        ThreadItem(m.direction, m.kind, m.body, names.get(m.author_id or 0), m.at, m.channel, sent)
        for m, sent in messages
    ]
    noted = [ThreadItem("note", "note", n.body, names.get(n.author_id or 0), n.at, "") for n in notes]
    return sorted([*said, *noted], key=lambda item: item.at)


def history_lines(case_id: int, after: int = 0) -> list[HistoryLine]:
    """Return the events numbered above ``after``, in order."""
    rows = db.session.scalars(
        select(CaseEvent).where(CaseEvent.case_id == case_id, CaseEvent.number > after).order_by(CaseEvent.number)
    ).all()
    names = user_names({row.actor_id for row in rows if row.actor_id})
    return [HistoryLine(row.number, row.kind, row.party, names.get(row.actor_id or 0), row.at) for row in rows]


def colleagues_for(case: Case, situation: Situation) -> list[User]:
    """Return the staff in whose hands the case, or its appeal, may be put, by name."""
    return [user for user in users() if why_not_theirs(case, situation, user.id) is None]


def people_who_may(permissions: tuple[str, ...], case: Case, excluded: frozenset[int] = frozenset()) -> list[str]:
    """Return the names of active staff who see the case and have one of ``permissions``, but those ``excluded``."""
    found = {user.id: user for permission in permissions for user in staff_with(permission)}
    return sorted(
        user.name
        for user in found.values()
        if user.id not in excluded
        and user.scope.sees_principal(case.principal_id)
        and user.scope.sees_site(case.site_id)
    )
