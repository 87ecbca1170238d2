"""What surveys hold of one person: invitations, and the answers that still hang on them."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import aliased

from contacts.models import Customer
from foundation.database import db
from foundation.people import Person
from surveys.models import AnswerEvent, AnswerText, Invitation, QuestionnaireVersion
from surveys.queries.interviews import ANSWERABLE
from surveys.questionnaires import compile_version
from surveys.questions.base import stored

#: What was said, not what we asked or noted.
SAID = ("answer", "unread", "late", "language")
#: Drawn, and not told of it.
UNSENT = ("drawn", "held")


def asked_of(person: Person) -> ColumnElement[bool]:
    """The condition of a person's invitations; of their principal, whatever other rows say."""
    return (Invitation.principal_id == person.principal_id) & Invitation.customer_id.in_(person.customer_ids)


def invitations_of(person: Person) -> list[Invitation]:
    """The invitations of a person, oldest first."""
    return list(db.session.scalars(select(Invitation).where(asked_of(person)).order_by(Invitation.id)))


def answers_of(person: Person, language: str) -> list[dict[str, Any]]:
    """What a person has answered, as they were asked it, oldest first."""
    rows = db.session.execute(
        select(AnswerEvent, AnswerText.text, Invitation.public_id)
        .join(Invitation, Invitation.id == AnswerEvent.invitation_id)
        .outerjoin(AnswerText, AnswerText.answer_event_id == AnswerEvent.id)
        .where(asked_of(person), AnswerEvent.kind.in_(SAID))
        .order_by(AnswerEvent.id)
    ).all()
    versions = _versions({event.version_id for event, _text, _name in rows})
    return [_answer(event, text, name, versions[event.version_id], language) for event, text, name in rows]


def texts_of(invitation_ids: Iterable[int]) -> Select[tuple[int]]:
    """The ids of the events of these invitations that have words."""
    return (
        select(AnswerText.answer_event_id)
        .join(AnswerEvent, AnswerEvent.id == AnswerText.answer_event_id)
        .where(AnswerEvent.invitation_id.in_(list(invitation_ids)))
    )


def cut_due(principal_id: int, before: datetime, now: datetime, at_most: int) -> dict[int, list[Invitation]]:
    """Invitations over since before that moment that still lead to somebody, by customer; ``at_most`` customers.

    Those of one contact are due together, with the last of them: cut one by one, the others would lead through the
    contact to what was cut first.
    """
    living = select(Customer.id).where(Customer.erased_at.is_(None))
    other = aliased(Invitation)
    leads_on = select(other.id).where(
        other.contact_id == Invitation.contact_id, other.customer_id.in_(living), ~_over(other, before, now)
    )
    due = (Invitation.principal_id == principal_id) & _over(Invitation, before, now) & ~leads_on.exists()
    who = select(Invitation.customer_id).where(due, Invitation.customer_id.in_(living))
    ids = db.session.scalars(who.distinct().order_by(Invitation.customer_id).limit(at_most)).all()
    found: dict[int, list[Invitation]] = {}
    theirs = select(Invitation).where(due, Invitation.customer_id.in_(ids)).order_by(Invitation.id)
    for invitation in db.session.scalars(theirs):
        found.setdefault(invitation.customer_id or 0, []).append(invitation)
    return found


def _over(row: type[Invitation], before: datetime, now: datetime) -> ColumnElement[bool]:
    """Nobody can answer any more, and it ended before that moment; never null.

    What was never sent has no end: it is given up once it has waited for twice as long.
    """
    expired = row.expires_at.is_not(None) & (row.expires_at < now)
    ended = func.coalesce(row.completed_at, row.expires_at, row.sent_at, row.created_at)
    waits = row.disposition.in_(UNSENT)
    given_up = waits & (row.created_at < before - (now - before))
    return or_(row.disposition.not_in(ANSWERABLE) & ~waits, expired, given_up) & (ended < before)


def _versions(ids: set[int]) -> dict[int, Any]:
    rows = db.session.scalars(select(QuestionnaireVersion).where(QuestionnaireVersion.id.in_(ids)))
    return {row.id: compile_version(row.definition) for row in rows}


def _answer(event: AnswerEvent, text: str | None, name: str, version: Any, language: str) -> dict[str, Any]:
    asked = version.question(event.question_id)
    spoken = version.speaks(language)
    value = "" if event.value is None else str(event.value)
    if asked is not None and event.value is not None:
        value = asked.type.label(asked, stored(event.value), spoken)
    return {
        "at": event.at,
        "invitation": name,
        "question": asked.title[spoken] if asked else event.question_id or "",
        "answer": value,
        "text": text or "",
        "mode": event.mode,
    }
