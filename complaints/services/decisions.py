"""Decisions and their letters, frozen when they are sent."""

import hashlib
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from complaints import clocks
from complaints.models import Case, Letter
from complaints.services.actors import actor_of
from complaints.services.filing import PROFILE
from complaints.services.places import place_of
from complaints.services.sending import send
from complaints.services.texts import day_words, local_words, mediator_line, values_of, wording
from complaints.services.turns import Turn, take_turn
from complaints.signals import decision_notified
from complaints.wording.letters import MEDIATOR_NOW, OUTCOMES
from complaints.wording.texts import Wording
from contacts.models import Principal
from foundation.database import db
from foundation.timing.calendars import local_day


def decide(
    case_id: int,
    outcome: str,
    reasons: str,
    actor_id: int,
    now: datetime,
    seen: int | None = None,
    key: str | None = None,
) -> Case:
    """Decide the complaint (``vocabulary.DECISIONS``), send the letter, open the window to appeal.

    Raises ActRefused, StaleCase.
    """
    turn = take_turn(case_id, actor_of(actor_id), now, seen, key)
    if turn.done:
        return turn.case
    turn.require("decide")
    window = window_from(turn)
    _notify(turn, "decision", outcome, decision_letter(turn, outcome, reasons), {"clocks": [window.facts()]})
    return turn.case


def decide_appeal(
    case_id: int,
    outcome: str,
    reasons: str,
    actor_id: int,
    now: datetime,
    seen: int | None = None,
    key: str | None = None,
) -> Case:
    """Decide the appeal (``vocabulary.APPEAL_OUTCOMES``) and send the letter.

    Raises ActRefused, above all for anyone who had the complaint in hand, and StaleCase.
    """
    turn = take_turn(case_id, actor_of(actor_id), now, seen, key)
    if turn.done:
        return turn.case
    turn.require("decide_appeal")
    _notify(turn, "appeal_decision", outcome, appeal_letter(turn, outcome, reasons), {})
    return turn.case


def window_from(turn: Turn) -> clocks.Promise:
    """Return the window to appeal that a decision made now would open."""
    place = place_of(turn.case.principal_id, turn.case.site_id)
    return clocks.promise(PROFILE, "appeal_window", local_day(turn.now, ZoneInfo(place.zone)), place)


def decision_letter(turn: Turn, outcome: str, reasons: str) -> Wording:
    """Return the letter of a decision made now."""
    case = turn.case
    return wording("decision", case.language).fill(
        **_letter_values(turn, outcome, reasons),
        **day_words(case, window_from(turn).due_on, "window_until"),
        appeal_days=str(PROFILE.rules["appeal_answer"].quantity),
    )


def appeal_letter(turn: Turn, outcome: str, reasons: str) -> Wording:
    """Return the letter of an appeal decided now."""
    appealed_on = local_words(turn.case, turn.state.stage.opened_at)
    values = _letter_values(turn, outcome, reasons)
    return wording("appeal_decision", turn.case.language).fill(**values, appealed_on=appealed_on)


def _letter_values(turn: Turn, outcome: str, reasons: str) -> dict[str, str]:
    case = turn.case
    mediator = mediator_line(db.session.get_one(Principal, case.principal_id))
    return {
        **values_of(case, turn.state),
        "today": local_words(case, turn.now),
        "outcome": OUTCOMES[case.language][outcome],
        "reasons": reasons.strip(),
        "mediator_now": MEDIATOR_NOW[case.language].format(mediator=mediator) if mediator else "",
    }


def _notify(turn: Turn, kind: str, outcome: str, text: Wording, facts: dict[str, Any]) -> None:
    """Send the letter, let the decision happen, and freeze the letter with its hash."""
    sent = send(turn.case, kind, "decision", text, turn.now, author_id=turn.actor.id)
    sha256 = hashlib.sha256(text.body.encode()).hexdigest()
    event = "decide" if kind == "decision" else "decide_appeal"
    known = {"outcome": outcome, "letter_sha256": sha256, "delivered_by": sent.delivered_by}
    turn.happen(event, {**known, **facts}, {"letter": text.body})
    stage = next(stage for stage in turn.case.stages if stage.level == turn.case.level)
    db.session.add(
        Letter(
            case_id=turn.case.id,
            stage_id=stage.id,
            kind=kind,
            language=turn.case.language,
            subject=text.subject,
            body=text.body,
            sha256=sha256,
            author_id=turn.actor.id,
            frozen_at=turn.now,
            delivered_by=sent.delivered_by,
            outbox_key=sent.outbox_key,
        )
    )
    decision_notified.send(turn.case, level=turn.case.level, now=turn.now)
