"""Answers under the promise of anonymity: kept with the invitation while the interview runs, cut from it at its end.

All of it happens in the transaction of what the customer did, so that an interview is either open and whole, or over
and cut.
"""

import random
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, insert, select, update

from foundation.database import db, insert_if_absent
from surveys.anonymity import Response, blunted
from surveys.definitions import CompiledVersion
from surveys.interview_events import ENDINGS, Event, State, state_of
from surveys.models import AnswerPool, Invitation, OpenInterview
from surveys.queries.interviews import ANSWERABLE, Interview

#: Nobody can do the mixing again.
MIXER = random.SystemRandom()


def store(interview: Interview, events: Sequence[Event], key: str, now: datetime) -> None:
    """Keep what happened with the invitation; at the end keep nothing there, and of a completed one its answers apart.

    ``key`` names the first of ``events``, so that the same page posted twice happens once.
    """
    if any(event.kind in ENDINGS for event in events):
        forget([interview.invitation.id])
        if any(event.kind == "completed" for event in events):
            _hold(interview, response_of(interview, [*interview.events, *events], now))
        return
    said = [event.to_json() for event in (*interview.events, *events)]
    kept = {"said": said, "keys": [*sorted(interview.keys), key]}
    if interview.events:
        row = update(OpenInterview).where(OpenInterview.invitation_id == interview.invitation.id)
        db.session.execute(row.values(events=kept))
    else:
        db.session.execute(insert(OpenInterview).values(invitation_id=interview.invitation.id, events=kept))


def response_of(interview: Interview, events: Sequence[Event], now: datetime) -> Response:
    """What a completed interview leaves: answers in the questionnaire's order, its language and its day.

    The order in which choices were shown is not among it: it follows from the invitation, and would name it.
    """
    state, invitation = state_of(events), interview.invitation
    language = interview.version.speaks(state.language or invitation.language or interview.principal.language)
    return Response(said_in(interview.version, state), language, blunted(now, interview.zone).date())


def said_in(version: CompiledVersion, state: State) -> tuple[tuple[str, Any, str], ...]:
    """(question id, value, words) of the answers that count, in the questionnaire's order."""
    asked = [question.id for question in version.questions if question.id in state.answers]
    return tuple((name, _plain(state.answers[name]), state.words.get(name, "")) for name in asked)


def forget(invitation_ids: Sequence[int]) -> None:
    """Delete what interviews that are over have left with their invitations."""
    db.session.execute(delete(OpenInterview).where(OpenInterview.invitation_id.in_(invitation_ids)))


def forget_left(now: datetime) -> int:
    """Delete what is left of interviews that ended in some other way than on their page, or ran out of time."""
    over = select(Invitation.id).where(
        Invitation.disposition.not_in((*ANSWERABLE, "drawn", "held")) | (Invitation.expires_at <= now)
    )
    found = db.session.execute(delete(OpenInterview).where(OpenInterview.invitation_id.in_(over)))
    return found.rowcount


def pool_of(draw_id: int, stratum: str) -> AnswerPool:
    """The pool of a stratum, kept for this transaction; made where there was none."""
    row = {"draw_id": draw_id, "stratum": stratum, "size": 0, "responses": []}
    insert_if_absent(AnswerPool, [row], ["draw_id", "stratum"])
    found = select(AnswerPool).filter_by(draw_id=draw_id, stratum=stratum).with_for_update()
    return db.session.scalars(found.execution_options(populate_existing=True)).one()


def _hold(interview: Interview, response: Response) -> None:
    """Put an answer among those that wait, mixed: its place tells nothing."""
    pool = pool_of(interview.invitation.draw_id, interview.invitation.stratum)
    mixed = [*pool.responses, response.to_json()]
    MIXER.shuffle(mixed)
    pool.responses, pool.size = mixed, len(mixed)
    db.session.flush()


def _plain(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value
