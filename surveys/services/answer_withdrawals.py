"""Withdrawing answers that must not count any more: events that void them, and the words deleted.

What was published or sealed with them stays as it was. From now on figures are those of the answers that are left, and
say how many were withdrawn since.
"""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import delete, func, select

from foundation.database import db
from foundation.jobs import services as jobs
from foundation.ledger.services import record
from surveys.anonymity import ANONYMOUS
from surveys.models import AnswerEvent, AnswerText, AnswerWithdrawal, Invitation
from surveys.queries.interviews import ANSWERABLE
from surveys.queries.withdrawals import standing_answers
from surveys.refusals import SurveyRefused

#: What jobs about an answer are called after the public id of its invitation: their payloads hold its words.
WISHES = ("", ":none", ":callback", ":complaint")
STEP = "withdrawn"


def withdraw_answers(
    invitation_id: int, questions: Collection[str], reason: str, note: str, now: datetime, actor_id: int | None
) -> AnswerWithdrawal:
    """Let the answers to ``questions`` of an interview that is over count no more; the caller commits.

    Where the invitation stands does not change: the person did answer, and the outcome rates say so. Raises
    SurveyRefused ``anonymous``, ``still-running`` or ``nothing-to-withdraw``.
    """
    kept = select(Invitation).where(Invitation.id == invitation_id).with_for_update()
    invitation = db.session.scalars(kept.execution_options(populate_existing=True)).one()
    _check(invitation, now)
    answers = [event for event in standing_answers(invitation_id) if event.question_id in questions]
    if not answers:
        raise SurveyRefused("nothing-to-withdraw", invitation=invitation.public_id)
    _void(invitation, answers, now)
    _delete_words(invitation, {event.question_id or "" for event in answers})
    return _note(invitation, answers, reason, note, now, actor_id)


def _check(invitation: Invitation, now: datetime) -> None:
    if invitation.draw.terms.promise == ANONYMOUS:
        raise SurveyRefused("anonymous", invitation=invitation.public_id)
    if not is_over(invitation, now):
        raise SurveyRefused("still-running", invitation=invitation.public_id)


def is_over(invitation: Invitation, now: datetime) -> bool:
    """Whether nobody can answer any more. Voiding an answer before would have the customer asked again."""
    is_open = invitation.disposition in (*ANSWERABLE, "drawn", "held")
    return not is_open or (invitation.expires_at is not None and invitation.expires_at <= now)


def _void(invitation: Invitation, answers: list[AnswerEvent], now: datetime) -> None:
    last = select(func.max(AnswerEvent.position)).where(AnswerEvent.invitation_id == invitation.id)
    first = (db.session.scalar(last) or 0) + 1
    for position, answer in enumerate(answers, first):
        db.session.add(
            AnswerEvent(
                invitation_id=invitation.id,
                version_id=answer.version_id,
                position=position,
                kind="void",
                question_id=answer.question_id,
                mode=answer.mode,
                step=STEP,
                in_turn=False,
                at=now,
                idempotency_key=f"{STEP}:{invitation.id}:{position}",
            )
        )
    db.session.flush()


def _delete_words(invitation: Invitation, questions: set[str]) -> None:
    """Also those of replies that were no answer, or were corrected since: they were given to these questions."""
    said = select(AnswerEvent.id).where(
        AnswerEvent.invitation_id == invitation.id, AnswerEvent.question_id.in_(questions)
    )
    db.session.execute(delete(AnswerText).where(AnswerText.answer_event_id.in_(said)))
    jobs.forget([f"{invitation.public_id}{wish}" for wish in WISHES])


def _note(
    invitation: Invitation, answers: list[AnswerEvent], reason: str, note: str, now: datetime, actor_id: int | None
) -> AnswerWithdrawal:
    row = AnswerWithdrawal(
        invitation_id=invitation.id,
        draw_id=invitation.draw_id,
        principal_id=invitation.principal_id,
        questions=sorted(event.question_id or "" for event in answers),
        answers=len(answers),
        reason=reason,
        note=note,
        withdrawn_at=now,
        withdrawn_by=actor_id,
    )
    db.session.add(row)
    db.session.flush()
    facts = {"draw": row.draw_id, "questions": row.questions, "answers": row.answers, "reason": reason}
    said = {"note": note}  # words about somebody: the ledger keeps a commitment to them
    record("answers.withdrawn", f"invitation:{invitation.id}", facts, now, actor_id, said, invitation.principal_id)
    return row
