"""Storing what the engine says, and telling the rest of the house, in the caller's transaction."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Insert, Table, Text, bindparam, insert, select

from foundation.database import db
from foundation.many import columns_read
from notifications.services import withdraw
from surveys import wishes
from surveys.anonymity import blunted
from surveys.engine import Done, Incoming, Outcome, WebPage, advance, mode_of, next_step
from surveys.interview_events import Event, state_after, state_of
from surveys.models import AnswerEvent, AnswerText
from surveys.queries.interviews import Interview
from surveys.replies import storable
from surveys.services import anonymous
from surveys.services.invitations import MOVED_WITH_STEP, move_row
from surveys.signals import complaint_requested, dissatisfaction_expressed, interview_completed

# How the end of an interview is said of its invitation: (disposition, reason).
DISPOSITIONS = {
    "completed": ("completed", ""),
    "refused": ("refused", ""),
    "stopped": ("refused", "opted-out"),
    "wrong_person": ("wrong_person", ""),
}
#: More than ever wait to go out at one time.
MOST_ASKS = 5
TAKEN_PART = {"answer", "skip", "unread", "person"}
# As tables: the rows of one reply are one statement, and no objects.
_EVENTS, _TEXTS = cast(Table, AnswerEvent.__table__), cast(Table, AnswerText.__table__)
_STORED = insert(_EVENTS)
_WORDS = insert(_TEXTS).from_select(
    ["answer_event_id", "text"],
    select(AnswerEvent.id, bindparam("words", type_=Text)).where(AnswerEvent.idempotency_key == bindparam("key")),
)


def _stored_with_words() -> Insert:
    """Both at once, as PostgreSQL can: each row and each statement costs more to send there than to store."""
    names = [column.name for column in _EVENTS.c if not column.primary_key]
    types = {name: _EVENTS.c[name].type for name in names}
    said = select(*columns_read("postgresql", {**types, "words": Text()}).values()).cte("said")
    stored = (
        insert(_EVENTS)
        .from_select(names, select(*(said.c[name] for name in names)), include_defaults=False)
        .returning(_EVENTS.c.id, _EVENTS.c.idempotency_key)
        .cte("stored")
    )
    same = stored.c.idempotency_key == said.c.idempotency_key
    words = select(stored.c.id, said.c.words).join(said, same).where(said.c.words != "")
    return insert(_TEXTS).from_select(["answer_event_id", "text"], words)


_STORED_WITH_WORDS = _stored_with_words()
_STORED_AND_MOVED = MOVED_WITH_STEP.add_cte(_STORED_WITH_WORDS.returning(_TEXTS.c.answer_event_id).cte("words"))


def take(interview: Interview, incoming: Incoming, key: str, now: datetime) -> Outcome:
    """Let one thing happen in an interview kept for this transaction; what came twice happens once.

    ``key`` names the thing: the same form posted twice, or the same message delivered twice, has the same key.
    """
    key = storable(key)
    if key in interview.keys:
        step = next_step(interview.version, interview.state, mode_of(incoming), seed=interview.seed)
        return Outcome((), step)
    if isinstance(incoming, WebPage) and incoming.language == interview.language:
        incoming = replace(incoming, language="")
    if interview.is_anonymous and interview.closed(now):
        # What comes late is kept nowhere: there is nothing left that it could belong to.
        return Outcome((), Done(interview.state.ended or "closed"))
    outcome = advance(interview.version, interview.events, incoming, interview.closed(now), interview.seed)
    if interview.is_anonymous and outcome.events:
        anonymous.store(interview, outcome.events, key, now)
        _move(interview, outcome.events, blunted(now, interview.zone))
    elif outcome.events:
        _store_and_move(interview, outcome.events, key, now)
        _tell(interview, [*interview.events, *outcome.events], now)
        _withdraw(interview, outcome, now)
    return outcome


def asks_of(invitation_id: int, asked: int) -> list[str]:
    """The names, in the outbox, of the last questions an interview sent, oldest first; it sent ``asked`` in all."""
    return [f"interview:{invitation_id}:ask:{number}" for number in range(max(1, asked - MOST_ASKS + 1), asked + 1)]


def _withdraw(interview: Interview, outcome: Outcome, now: datetime) -> None:
    """Take back the question that still waits to go out, if it is settled by now or another one takes its place."""
    state = interview.state
    if not state.asked:
        return
    later = state_after(state, outcome.events)
    if later.ended or len(later.asked) > len(state.asked) or later.settles(state.asked[-1]):
        withdraw(asks_of(interview.invitation.id, len(state.asked)), now)


def _store_and_move(interview: Interview, events: tuple[Event, ...], key: str, now: datetime) -> None:
    """Append the events and let the invitation follow; one statement on PostgreSQL."""
    connection, rows = db.session.connection(), _rows(interview, events, key, now)
    if connection.dialect.name == "postgresql":
        if not _move(interview, events, now, _STORED_AND_MOVED, {"rows": rows}):
            connection.execute(_STORED_WITH_WORDS, {"rows": rows})
        return
    words = [{"key": row["idempotency_key"], "words": words} for row in rows if (words := row.pop("words"))]
    connection.execute(_STORED, rows)
    if words:
        connection.execute(_WORDS, words)
    _move(interview, events, now)


def _rows(interview: Interview, events: tuple[Event, ...], key: str, now: datetime) -> list[dict[str, Any]]:
    """The events to append; the first bears ``key``, those that follow from it bear it with a number."""
    invitation, first = interview.invitation, len(interview.events)
    return [
        {
            "invitation_id": invitation.id,
            "version_id": invitation.version_id,
            "position": first + number,
            "kind": event.kind,
            "question_id": event.question_id,
            "value": event.value,
            "shown": list(event.order) or None,
            "mode": event.mode,
            "step": event.step,
            "in_turn": event.in_turn,
            "at": now,
            "idempotency_key": f"{key}+{number}" if number else key,
            "words": event.words,
        }
        for number, event in enumerate(events)
    ]


def _move(interview: Interview, events: tuple[Event, ...], now: datetime, *stored: Any) -> bool:
    """Whether the invitation moved; ``stored`` is what ``move_row`` is to store with it on PostgreSQL."""
    endings = [DISPOSITIONS[event.kind] for event in events if event.kind in DISPOSITIONS]
    if not endings and not any(event.kind in TAKEN_PART for event in events):
        return False
    disposition, reason = endings[0] if endings else ("started", "")
    return move_row(interview.invitation, disposition, now, reason, *stored)


def _tell(interview: Interview, events: list[Event], now: datetime) -> None:
    """Send each wish once: when these events express what the earlier ones did not."""
    new = wishes.wishes(interview.version, events) - wishes.wishes(interview.version, interview.events)
    sender = interview.programme.key
    if "dissatisfied" in new:
        dissatisfaction_expressed.send(sender, payload=payload_of(interview, events, "none", now), at=now)
    if "callback" in new:
        dissatisfaction_expressed.send(sender, payload=payload_of(interview, events, "callback", now), at=now)
    if "complaint" in new:
        complaint_requested.send(sender, payload=payload_of(interview, events, "complaint", now), at=now)
    if state_of(events).ended == "completed" and interview.state.ended is None:
        interview_completed.send(sender, payload=payload_of(interview, events, "none", now), at=now)


def payload_of(interview: Interview, events: Sequence[Event], wants: str, now: datetime) -> dict[str, Any]:
    """What ``surveys.signals`` carry of an interview after ``events``; ``now``: when it was said."""
    invitation, state = interview.invitation, state_of(events)
    return {
        "principal_id": invitation.principal_id,
        "site_id": invitation.site_id,
        "customer_id": invitation.customer_id,
        "contact_id": invitation.contact_id,
        "invitation": invitation.public_id,
        "programme_key": interview.programme.key,
        "programme": interview.programme.name,
        "promise": interview.terms.promise,
        "score": wishes.score(interview.version, events),
        "words": wishes.words(events),
        "answers": dict(state.answers),
        "language": interview.version.speaks(state.language or invitation.language),
        "wants": wants,
        "answered_at": now.isoformat(),
    }
