"""What handlers do between the complaint and the decision, and how a case ends."""

from dataclasses import replace
from datetime import datetime

from sqlalchemy import select

from complaints import lifecycle
from complaints.models import Case, CaseMessage, Clock, InternalNote
from complaints.services.actors import actor_of, why_not_theirs
from complaints.services.sending import send
from complaints.services.texts import values_of, wording
from complaints.services.turns import Turn, take_turn
from complaints.signals import case_ended
from complaints.wording.texts import Wording
from foundation.database import db


def assign(case_id: int, actor_id: int, now: datetime, seen: int | None = None, key: str | None = None) -> Case:
    """Take the case in hand. Raises ActRefused, StaleCase."""
    turn = take_turn(case_id, actor_of(actor_id), now, seen, key)
    if not turn.done:
        turn.happen("assign", {"handler_id": actor_id})
    return turn.case


def entrust(
    case_id: int, colleague_id: int, actor_id: int, now: datetime, seen: int | None = None, key: str | None = None
) -> Case:
    """Put the case, or its appeal, in the hands of a colleague who sees it and could take it themselves.

    Raises ActRefused, above all for an appeal given to anyone who had the complaint in hand, and StaleCase.
    """
    turn = take_turn(case_id, actor_of(actor_id), now, seen, key)
    if turn.done:
        return turn.case
    turn.require("entrust")
    refusal = why_not_theirs(turn.case, turn.state.situation(now), colleague_id)
    if refusal is not None:
        raise refusal
    turn.happen("entrust", {"handler_id": colleague_id})
    return turn.case


def place(
    case_id: int, site_id: int, actor_id: int, now: datetime, seen: int | None = None, key: str | None = None
) -> Case:
    """Say which site handles a case of unknown site. Dates already promised stay. Raises ActRefused, StaleCase."""
    turn = take_turn(case_id, actor_of(actor_id), now, seen, key)
    if not turn.done:
        turn.happen("place", {"site_id": site_id})
    return turn.case


def classify(
    case_id: int, category: str, actor_id: int, now: datetime, seen: int | None = None, key: str | None = None
) -> Case:
    """Say what the complaint is about. Raises ActRefused, StaleCase."""
    turn = take_turn(case_id, actor_of(actor_id), now, seen, key)
    if not turn.done:
        turn.happen("classify", {"category": category})
    return turn.case


def acknowledgement_text(turn: Turn) -> Wording:
    """Return the acknowledgement as it would be sent now."""
    return wording("acknowledgement", turn.case.language).fill(**values_of(turn.case, turn.state))


def acknowledge(
    case_id: int,
    actor_id: int,
    now: datetime,
    body: str | None = None,
    seen: int | None = None,
    key: str | None = None,
) -> Case:
    """Acknowledge the complaint in writing; ``body`` replaces the text of the template in an e-mail.

    Raises ActRefused, StaleCase.
    """
    turn = take_turn(case_id, actor_of(actor_id), now, seen, key)
    if turn.done:
        return turn.case
    turn.require("acknowledge")
    text = acknowledgement_text(turn)
    if body and body.strip():
        text = replace(text, body=body.strip(), email_id=text.email_id if body.strip() == text.body else None)
    sent = send(turn.case, "acknowledgement", "acknowledgement", text, now, author_id=actor_id)
    turn.happen("acknowledge", {"delivered_by": sent.delivered_by}, {"words": text.body})
    return turn.case


def send_message(
    case_id: int, words: str, actor_id: int, now: datetime, seen: int | None = None, key: str | None = None
) -> Case:
    """Write to the complainant. Raises ActRefused, StaleCase."""
    turn = take_turn(case_id, actor_of(actor_id), now, seen, key)
    if turn.done:
        return turn.case
    turn.require("send_message")
    text = wording("message", turn.case.language).fill(**values_of(turn.case, turn.state), words=words)
    sent = send(turn.case, "message", "reply", text, now, author_id=actor_id, record=words)
    turn.happen("send_message", {"delivered_by": sent.delivered_by}, {"words": words})
    return turn.case


def receive_message(
    case_id: int, words: str, now: datetime, channel: str = "web", actor_id: int | None = None, key: str | None = None
) -> Case:
    """Keep what the complainant wrote; ``actor_id`` is who wrote it down for them. Raises ActRefused."""
    turn = take_turn(case_id, actor_of(actor_id), now, key=key)
    if not turn.done:
        turn.happen("receive_message", {"channel": channel}, {"words": words})
        keep_words(turn, "message", words, channel)
    return turn.case


def keep_words(turn: Turn, kind: str, words: str, channel: str) -> None:
    """Add the complainant's words to the case."""
    db.session.add(
        CaseMessage(case_id=turn.case.id, direction="in", kind=kind, body=words, at=turn.now, channel=channel)
    )


def note(
    case_id: int, words: str, actor_id: int, now: datetime, seen: int | None = None, key: str | None = None
) -> Case:
    """Keep a note among staff. Raises ActRefused, StaleCase."""
    turn = take_turn(case_id, actor_of(actor_id), now, seen, key)
    if not turn.done:
        turn.happen("note", personal={"words": words})
        db.session.add(InternalNote(case_id=case_id, body=words, author_id=actor_id, at=now))
    return turn.case


def withdraw(
    case_id: int,
    now: datetime,
    actor_id: int | None = None,
    reason: str = "",
    seen: int | None = None,
    key: str | None = None,
) -> Case:
    """End the case at the complainant's wish; ``reason`` is how staff know of it. Raises ActRefused, StaleCase."""
    turn = take_turn(case_id, actor_of(actor_id), now, seen, key)
    if turn.done:
        return turn.case
    turn.happen("withdraw", personal={"words": reason} if reason else None)
    if reason:
        db.session.add(InternalNote(case_id=case_id, body=reason, author_id=actor_id, at=now))
    case_ended.send(turn.case, now=now)
    return turn.case


def close(case_id: int, actor_id: int, now: datetime, seen: int | None = None, key: str | None = None) -> Case:
    """Close an answered case: after an appeal, or once the window to appeal is over. Raises ActRefused, StaleCase."""
    turn = take_turn(case_id, actor_of(actor_id), now, seen, key)
    return turn.case if turn.done else _close(turn)


def close_expired(now: datetime) -> list[str]:
    """Close what was answered and not appealed against in time; return the references."""
    answered = (
        select(Case.id)
        .join(Clock, (Clock.case_id == Case.id) & (Clock.kind == "appeal_window"))
        .where(Case.state == lifecycle.ANSWERED, Clock.due_at <= now)
        .order_by(Case.id)
    )
    turns = (take_turn(case_id, lifecycle.SYSTEM_ACTOR, now) for case_id in db.session.scalars(answered).all())
    over = (turn for turn in turns if lifecycle.verdict("close", turn.state.situation(now), turn.actor).allowed)
    return [_close(turn).reference for turn in over]


def _close(turn: Turn) -> Case:
    turn.happen("close")
    case_ended.send(turn.case, now=turn.now)
    return turn.case
