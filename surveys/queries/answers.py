"""Answers as they count now."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from sqlalchemy import Select, and_, func, select

from contacts.models import Contact
from foundation.database import db
from surveys.models import AnswerEvent, AnswerText, Invitation

#: Of these kinds the last event of a question decides what its answer is.
DECIDING = ("answer", "skip", "void")
#: Interviews whose answers count.
COUNTED = ("completed", "partial")
ROWS_AT_ONCE = 2000


def current_answers() -> Select[Any]:
    """(invitation_id, version_id, question_id, value, mode, at, text) of each answer that counts now.

    One row for each invitation and question: the last event of the interview, if it is an answer and if the interview
    is completed or partial. A caller narrows it down by Invitation's columns.
    """
    last = (
        select(AnswerEvent.invitation_id, AnswerEvent.question_id, func.max(AnswerEvent.position).label("position"))
        .where(AnswerEvent.kind.in_(DECIDING))
        .group_by(AnswerEvent.invitation_id, AnswerEvent.question_id)
        .subquery()
    )
    return (
        select(
            AnswerEvent.invitation_id,
            AnswerEvent.version_id,
            AnswerEvent.question_id,
            AnswerEvent.value,
            AnswerEvent.mode,
            AnswerEvent.at,
            AnswerText.text,
        )
        .join(last, and_(last.c.invitation_id == AnswerEvent.invitation_id, last.c.position == AnswerEvent.position))
        .join(Invitation, Invitation.id == AnswerEvent.invitation_id)
        .outerjoin(AnswerText, AnswerText.answer_event_id == AnswerEvent.id)
        .where(AnswerEvent.kind == "answer", Invitation.disposition.in_(COUNTED))
    )


@dataclass(frozen=True)
class Answers:
    """The answers of one interview: question id → (value, words)."""

    invitation: str
    contact: str
    stratum: str
    disposition: str
    language: str
    completed_at: datetime | None
    answers: dict[str, tuple[Any, str]]


def answers_of(programme_id: int) -> Iterator[Answers]:
    """The answers of a programme, interview by interview in the order of the invitations; read as they are taken."""
    statement = (
        current_answers()
        .join(Contact, Contact.id == Invitation.contact_id)
        .add_columns(
            Invitation.public_id,
            Contact.public_id.label("contact"),
            Invitation.stratum,
            Invitation.disposition,
            Invitation.language,
            Invitation.completed_at,
        )
        .where(Invitation.programme_id == programme_id)
        .order_by(AnswerEvent.invitation_id)
        .execution_options(yield_per=ROWS_AT_ONCE)
    )
    for _invitation_id, rows in groupby(db.session.execute(statement), key=lambda row: row.invitation_id):
        these = list(rows)
        first = these[0]
        yield Answers(
            first.public_id,
            first.contact,
            first.stratum,
            first.disposition,
            first.language,
            first.completed_at,
            {row.question_id: (row.value, row.text or "") for row in these},
        )
