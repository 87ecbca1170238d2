"""One act on a case: lock it, look at what happened so far, add what happens now.

Locks are taken in one order: proposal, case, counter. Whoever needs several keeps to it.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from complaints.errors import ActRefused, StaleCase
from complaints.lifecycle import Actor, verdict
from complaints.models import Case, CaseEvent
from complaints.replay import CaseState, Event, apply, replay
from complaints.services.caches import write_caches
from foundation.database import db
from foundation.ledger import services as ledger


def history(case_id: int) -> list[Event]:
    """Return the events of a case in order, as plain values."""
    rows = db.session.scalars(select(CaseEvent).filter_by(case_id=case_id).order_by(CaseEvent.number))
    return [Event(row.number, row.kind, row.party, row.actor_id, row.at, row.facts) for row in rows]


@dataclass
class Turn:
    """Somebody's turn on a case that nobody else can act on until the transaction ends.

    ``done`` says that the same click was carried out before: nothing is left to do.
    """

    case: Case
    state: CaseState
    actor: Actor
    now: datetime
    key: str | None = None
    done: bool = False

    def require(self, kind: str) -> None:
        """Raise ActRefused unless the actor may do ``kind`` now."""
        found = verdict(kind, self.state.situation(self.now), self.actor)
        if found.reason is not None:
            raise ActRefused(kind, found.reason, found.by)

    def happen(self, kind: str, facts: dict[str, Any] | None = None, personal: dict[str, Any] | None = None) -> None:
        """Let ``kind`` happen: event, caches and ledger. Raises ActRefused.

        ``facts`` are kept for ever and hold no words and no address; ``personal`` is only committed to.
        """
        if kind != "register":
            self.require(kind)
        event = Event(self.state.version + 1, kind, self.actor.party, self.actor.id, self.now, facts or {})
        apply(self.state, event)
        self._keep(event, personal)
        write_caches(self.case, self.state)

    def _keep(self, event: Event, personal: dict[str, Any] | None) -> None:
        row = CaseEvent(
            case_id=self.case.id,
            number=event.number,
            kind=event.kind,
            party=event.party,
            actor_id=event.actor_id,
            at=event.at,
            facts=event.facts,
            submission_key=self.key,
        )
        self.key = None  # names the click, which may be more than one event
        db.session.add(row)
        ledger.record(
            f"complaint.{event.kind}",
            f"complaint:{self.case.reference}",
            {"number": event.number, "party": event.party, **event.facts},
            event.at,
            actor_id=event.actor_id,
            personal=personal,
            principal_id=self.case.principal_id,
        )


def take_turn(case_id: int, actor: Actor, now: datetime, seen: int | None = None, key: str | None = None) -> Turn:
    """Lock the case and return the turn.

    ``seen`` is the version the actor's form was made on: raises StaleCase if something happened since.
    ``key`` names the click. Raises NoResultFound for an unknown case.
    """
    locked = select(Case).filter_by(id=case_id).with_for_update().execution_options(populate_existing=True)
    case = db.session.scalars(locked).one()
    done = key is not None and _is_known(case_id, key)
    if not done and seen is not None and seen != case.version:
        raise StaleCase(seen, case.version)
    return Turn(case, replay(history(case_id)), actor, now, key, done)


def _is_known(case_id: int, key: str) -> bool:
    found = select(CaseEvent.id).filter_by(case_id=case_id, submission_key=key)
    return db.session.scalar(found) is not None
