"""An interview with everything its next step needs, in two statements."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property, partial
from itertools import groupby
from typing import Any

from sqlalchemy import Select, bindparam, select

from contacts.models import Contact, Customer, Principal, Site
from foundation.database import db
from surveys import tokens
from surveys.definitions import CompiledVersion
from surveys.interview_events import Event, State, state_of
from surveys.models import (
    AnswerEvent,
    AnswerText,
    Draw,
    Invitation,
    Programme,
    ProgrammeVersion,
    QuestionnaireVersion,
)
from surveys.questionnaires import published_version

#: An invitation that stands here may still be answered.
ANSWERABLE = ("queued", "sent", "delivered", "failed", "undeliverable", "started")


@dataclass(frozen=True)
class Interview:
    """One invitation, what it asks, and all that happened. ``keys`` are the idempotency keys of its events."""

    invitation: Invitation
    programme: Programme
    terms: ProgrammeVersion
    principal: Principal
    contact: Contact
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
    """The interview behind a link, or None; ``for_change`` keeps its invitation for this transaction."""
    digest = tokens.token_hash(token)
    if digest is None:
        return None
    found = db.session.execute(_BY_TOKEN_TO_CHANGE if for_change else _BY_TOKEN, {"token_hash": digest}).all()
    return next(iter(_interviews(found)), None)


def interview_of(invitation_id: int) -> Interview | None:
    """The interview of an invitation, kept for this transaction."""
    return interviews_of([invitation_id]).get(invitation_id)


def _statement() -> Select[Any]:
    return (
        select(
            Invitation,
            Programme,
            ProgrammeVersion,
            Principal,
            Contact,
            Site.zone,
            Site.name.label("site"),
            Customer.phone,
            QuestionnaireVersion.content_hash,
        )
        .join(Programme, Programme.id == Invitation.programme_id)
        .join(Draw, Draw.id == Invitation.draw_id)
        .join(ProgrammeVersion, ProgrammeVersion.id == Draw.programme_version_id)
        .join(Principal, Principal.id == Invitation.principal_id)
        .join(Contact, Contact.id == Invitation.contact_id)
        .join(Site, Site.id == Invitation.site_id)
        .join(QuestionnaireVersion, QuestionnaireVersion.id == Invitation.version_id)
        .outerjoin(Customer, Customer.id == Invitation.customer_id)
    )


def _for_change(statement: Select[Any]) -> Select[Any]:
    return statement.with_for_update(of=Invitation).execution_options(populate_existing=True)


# Built once: building them takes longer than running them.
_BY_TOKEN = _statement().where(Invitation.token_hash == bindparam("token_hash"))
_BY_TOKEN_TO_CHANGE = _for_change(_BY_TOKEN)
_BY_IDS = _for_change(_statement().where(Invitation.id.in_(bindparam("ids", expanding=True))).order_by(Invitation.id))
_EVENTS = (
    select(
        AnswerEvent.invitation_id,
        AnswerEvent.kind,
        AnswerEvent.question_id,
        AnswerEvent.value,
        AnswerEvent.shown,
        AnswerEvent.mode,
        AnswerEvent.step,
        AnswerEvent.in_turn,
        AnswerEvent.idempotency_key,
        AnswerText.text,
    )
    .outerjoin(AnswerText, AnswerText.answer_event_id == AnswerEvent.id)
    .where(AnswerEvent.invitation_id.in_(bindparam("ids", expanding=True)))
    .order_by(AnswerEvent.invitation_id, AnswerEvent.position)
)


def interviews_of(invitation_ids: Collection[int]) -> dict[int, Interview]:
    """The interviews of several invitations, kept for this transaction; locked in order of id, as everywhere."""
    found = db.session.execute(_BY_IDS, {"ids": list(invitation_ids)}).all() if invitation_ids else []
    return {interview.invitation.id: interview for interview in _interviews(found)}


def _interviews(found: Sequence[Any]) -> Iterator[Interview]:
    events = _events([row.Invitation.id for row in found]) if found else {}
    for invitation, programme, terms, principal, contact, zone, site, phone, digest in found:
        version = published_version(digest, terms.low_score, partial(_definition, invitation.version_id))
        rows = events.get(invitation.id, [])
        said = tuple(map(_event, rows))
        keys = frozenset(row.idempotency_key for row in rows)
        yield Interview(invitation, programme, terms, principal, contact, zone, site, phone, version, said, keys)


def _event(row: Any) -> Event:
    value = tuple(row.value) if isinstance(row.value, list) else row.value
    order = tuple(row.shown or ())
    return Event(row.kind, row.question_id, value, row.mode, row.step, row.text or "", row.in_turn, order)


def _definition(version_id: int) -> dict[str, Any]:
    return db.session.scalars(select(QuestionnaireVersion.definition).filter_by(id=version_id)).one()


def _events(invitation_ids: Sequence[int]) -> dict[int, list[Any]]:
    """The events of each invitation, oldest first."""
    rows = db.session.execute(_EVENTS, {"ids": invitation_ids})
    return {name: list(events) for name, events in groupby(rows, key=lambda row: row.invitation_id)}
