"""An interview with everything its next step needs, in two statements."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, select

from contacts.models import Contact, Customer, Principal, Site
from foundation.database import db
from surveys import tokens
from surveys.definitions import CompiledVersion
from surveys.interview_events import Event
from surveys.models import AnswerEvent, AnswerText, Invitation, Programme, QuestionnaireVersion
from surveys.questionnaires import published_version

#: An invitation that stands here may still be answered.
ANSWERABLE = ("queued", "sent", "delivered", "failed", "undeliverable", "started")


@dataclass(frozen=True)
class Interview:
    """One invitation, what it asks, and all that happened. ``keys`` are the idempotency keys of its events."""

    invitation: Invitation
    programme: Programme
    principal: Principal
    contact: Contact
    zone: str
    phone: str | None
    version: CompiledVersion
    events: tuple[Event, ...]
    keys: frozenset[str]

    def closed(self, now: datetime) -> bool:
        """Whether its time ran out, or it was never sent and no longer will be."""
        expires_at = self.invitation.expires_at
        return self.invitation.disposition == "not_sent" or (expires_at is not None and expires_at <= now)


def interview_by_token(token: str, for_change: bool = False) -> Interview | None:
    """The interview behind a link, or None; ``for_change`` keeps its invitation for this transaction."""
    digest = tokens.token_hash(token)
    return _interview(_statement().where(Invitation.token_hash == digest), for_change) if digest else None


def interview_of(invitation_id: int) -> Interview | None:
    """The interview of an invitation, kept for this transaction."""
    return _interview(_statement().where(Invitation.id == invitation_id), for_change=True)


def newest_by_phone(phone: str) -> Interview | None:
    """The interview by SMS that a message from ``phone`` belongs to, kept for this transaction.

    Of several (two customers behind one number, two programmes at once) the newest that was sent and still waits;
    if none waits, the newest that was sent at all, so that what comes late finds its place.
    """
    asked = (
        select(Invitation.id, Invitation.disposition)
        .join(Customer, Customer.id == Invitation.customer_id)
        .where(Customer.phone == phone, Invitation.collection == "sms", Invitation.token_hash.is_not(None))
        .where(Invitation.disposition.not_in(("drawn", "queued", "not_sent")))
        .order_by(Invitation.sent_at.desc().nulls_last(), Invitation.id.desc())
    )
    found = db.session.execute(asked.limit(20)).all()
    waiting = [row.id for row in found if row.disposition in ANSWERABLE]
    first = next(iter([*waiting, *(row.id for row in found)]), None)
    return interview_of(first) if first is not None else None


def _statement() -> Select[Any]:
    return (
        select(Invitation, Programme, Principal, Contact, Site.zone, Customer.phone, QuestionnaireVersion.content_hash)
        .join(Programme, Programme.id == Invitation.programme_id)
        .join(Principal, Principal.id == Invitation.principal_id)
        .join(Contact, Contact.id == Invitation.contact_id)
        .join(Site, Site.id == Invitation.site_id)
        .join(QuestionnaireVersion, QuestionnaireVersion.id == Invitation.version_id)
        .outerjoin(Customer, Customer.id == Invitation.customer_id)
    )


def _interview(statement: Select[Any], for_change: bool) -> Interview | None:
    if for_change:
        statement = statement.with_for_update(of=Invitation).execution_options(populate_existing=True)
    found = db.session.execute(statement).one_or_none()
    if found is None:
        return None
    invitation, programme, principal, contact, zone, phone, digest = found
    version = published_version(digest, programme.low_score, lambda: _definition(invitation.version_id))
    rows = _events(invitation.id)
    events = tuple(
        Event(row.kind, row.question_id, row.value, row.mode, row.step, row.text or "", row.in_turn) for row in rows
    )
    keys = frozenset(row.idempotency_key for row in rows)
    return Interview(invitation, programme, principal, contact, zone, phone, version, events, keys)


def _definition(version_id: int) -> dict[str, Any]:
    return db.session.scalars(select(QuestionnaireVersion.definition).filter_by(id=version_id)).one()


def _events(invitation_id: int) -> Iterable[Any]:
    return db.session.execute(
        select(
            AnswerEvent.kind,
            AnswerEvent.question_id,
            AnswerEvent.value,
            AnswerEvent.mode,
            AnswerEvent.step,
            AnswerEvent.in_turn,
            AnswerEvent.idempotency_key,
            AnswerText.text,
        )
        .outerjoin(AnswerText, AnswerText.answer_event_id == AnswerEvent.id)
        .where(AnswerEvent.invitation_id == invitation_id)
        .order_by(AnswerEvent.position)
    ).all()
