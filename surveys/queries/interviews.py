"""An interview with everything its next step needs: one statement, and one for its events where there are any."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property, partial
from itertools import groupby
from typing import Any

from sqlalchemy import Connection, Select, select

from foundation.database import db, looking
from surveys import tokens
from surveys.anonymity import ANONYMOUS
from surveys.definitions import CompiledVersion
from surveys.interview_events import Event, State, state_of
from surveys.models import Invitation, QuestionnaireVersion
from surveys.queries.interview_rows import (
    BY_IDS_TO_CHANGE,
    BY_TOKEN,
    BY_TOKEN_TO_CHANGE,
    EVENTS_OF_ONE,
    EVENTS_OF_SEVERAL,
    KEPT_OF_SEVERAL,
    AskedAbout,
    AskedUnder,
    Asker,
    Invited,
    Named,
    parts_of,
)
from surveys.questionnaires import published_version

#: An invitation that stands here may still be answered.
ANSWERABLE = ("queued", "sent", "delivered", "failed", "undeliverable", "started")
#: How an anonymous interview that is over ended, as far as its invitation tells: nothing else is left of it.
CUT = {"completed": "completed", "refused": "refused", "wrong_person": "wrong_person"}


@dataclass(frozen=True)
class Interview:
    """One invitation, what it asks, and all that happened. ``keys`` are the idempotency keys of its events."""

    invitation: Invited
    programme: Named
    terms: AskedUnder
    principal: Asker
    contact: AskedAbout
    zone: str
    site: str
    phone: str | None
    version: CompiledVersion
    events: tuple[Event, ...]
    keys: frozenset[str]

    @cached_property
    def state(self) -> State:
        """Where it stands, read from its events once."""
        return state_of(self.events)

    @property
    def is_anonymous(self) -> bool:
        """Whether its answers are cut from the invitation at the end."""
        return self.terms.promise == ANONYMOUS

    @property
    def by_sms(self) -> bool:
        """Whether STOP can be sent in reply."""
        return self.invitation.collection == "sms" or self.phone is not None

    @property
    def seed(self) -> str:
        """What decides the order of shuffled choices."""
        return self.invitation.public_id

    @property
    def language(self) -> str:
        """The language it speaks: the one chosen in it, else that of the invitation, if the version has it."""
        return self.version.speaks(self.state.language or self.invitation.language or self.principal.language)

    def closed(self, now: datetime) -> bool:
        """Whether its time ran out, or its invitation no longer waits for answers."""
        if self.invitation.disposition not in (*ANSWERABLE, "drawn"):
            return True
        return self.invitation.expires_at is not None and self.invitation.expires_at <= now


def interview_by_token(token: str, for_change: bool = False) -> Interview | None:
    """The interview behind a link, or None; ``for_change`` keeps its invitation for this transaction.

    Who waits on PostgreSQL while somebody else gives the very first answer does not see it: to store at the same place
    then raises IntegrityError, and is to be done once more.
    """
    digest = tokens.token_hash(token)
    if digest is None:
        return None
    if for_change:
        found, events = _rows(db.session.connection(), BY_TOKEN_TO_CHANGE, digest)
    else:
        with looking() as connection:
            found, events = _rows(connection, BY_TOKEN, digest)
    return _interview(found, events) if found is not None else None


def _rows(connection: Connection, statement: Select[Any], digest: str) -> tuple[Any, Sequence[Any]]:
    """The row of an invitation, or None, and those of its events."""
    found = connection.execute(statement, {"token_hash": digest}).first()
    if found is None:
        return None, []
    if found.promise == ANONYMOUS:
        return found, connection.execute(KEPT_OF_SEVERAL, {"ids": [found.id]}).all()
    return found, connection.execute(EVENTS_OF_ONE, {"id": found.id}).all() if found.begun else []


def interview_of(invitation_id: int) -> Interview | None:
    """The interview of an invitation, kept for this transaction."""
    return interviews_of([invitation_id]).get(invitation_id)


def interviews_of(invitation_ids: Collection[int]) -> dict[int, Interview]:
    """The interviews of several invitations, kept for this transaction; locked in order of id, as everywhere."""
    if not invitation_ids:
        return {}
    found = _run(BY_IDS_TO_CHANGE, {"ids": list(invitation_ids)})
    events = _by_invitation(_run(EVENTS_OF_SEVERAL, {"ids": [row.id for row in found]})) if found else {}
    if secret := [row.id for row in found if row.promise == ANONYMOUS]:
        events |= _by_invitation(_run(KEPT_OF_SEVERAL, {"ids": secret}))
    return {row.id: _interview(row, events.get(row.id, [])) for row in found}


def waits_for_person(invitation: Invitation, now: datetime) -> bool:
    """Whether a message of its customer was left to a person, and nobody has gone on yet; reads only."""
    over = invitation.expires_at is not None and invitation.expires_at <= now
    if over or invitation.disposition not in ANSWERABLE:
        return False
    state = state_of(map(_event, _run(EVENTS_OF_ONE, {"id": invitation.id})))
    return state.with_person and state.ended is None


def _run(statement: Select[Any], values: dict[str, Any]) -> Sequence[Any]:
    """The rows of a statement without objects, in the session's transaction."""
    return db.session.connection().execute(statement, values).all()


def _by_invitation(rows: Sequence[Any]) -> dict[int, list[Any]]:
    return {name: list(events) for name, events in groupby(rows, key=lambda row: row.invitation_id)}


def _interview(row: Any, rows: Sequence[Any]) -> Interview:
    """The interview of a row, with those of its events, oldest first; of an anonymous one, with what is kept of it."""
    invitation, programme, terms, principal, contact = parts_of(row)
    version = published_version(row.content_hash, terms.low_score, partial(_definition, invitation.version_id))
    if terms.promise == ANONYMOUS:
        said, keys = _said_in_secret(invitation, rows[0].events if rows else {"said": [], "keys": []})
    else:
        said, keys = tuple(map(_event, rows)), frozenset(each.idempotency_key for each in rows)
    place = row.zone, row.site, row.phone
    return Interview(invitation, programme, terms, principal, contact, *place, version, said, keys)


def _said_in_secret(invitation: Invited, kept: Mapping[str, Any]) -> tuple[tuple[Event, ...], frozenset[str]]:
    """Events and keys of an anonymous interview: all while it runs, and only how it ended afterwards."""
    if invitation.disposition in CUT:
        return (Event(CUT[invitation.disposition]),), frozenset()
    return tuple(map(Event.from_json, kept["said"])), frozenset(kept["keys"])


def _event(row: Any) -> Event:
    value = tuple(row.value) if isinstance(row.value, list) else row.value
    order = tuple(row.shown or ())
    return Event(row.kind, row.question_id, value, row.mode, row.step, row.text or "", row.in_turn, order)


def _definition(version_id: int) -> dict[str, Any]:
    return db.session.scalars(select(QuestionnaireVersion.definition).filter_by(id=version_id)).one()
