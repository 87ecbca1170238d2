"""Patterns of answers of one person at once, and what was made of them."""

import json
from collections import Counter, defaultdict
from collections.abc import Collection
from datetime import date
from typing import Any

from sqlalchemy import String, and_, cast, select

from foundation.accounts.scope import Scope
from foundation.database import db
from satisfaction.asked import counted_value
from satisfaction.cells import StratumKey
from satisfaction.explaining import Pattern
from satisfaction.models import Explanation
from satisfaction.queries.answers import anonymous_draws, last_answers
from surveys.models import AnswerEvent, DrawStratum, FrameUnit, Invitation, Programme


def patterns(
    draw_ids: Collection[int], questions: list[str], weighing: Collection[int]
) -> dict[StratumKey, Counter[Pattern]]:
    """How often each pattern of current answers to ``questions`` was given; who left one out is not counted.

    Each begins with its base weight: 1 but in the draws of ``weighing``, whose contacts weigh each for itself.
    """
    last = last_answers(draw_ids, questions)
    statement = (
        select(
            Invitation.id, Invitation.draw_id, Invitation.stratum, AnswerEvent.question_id,
            cast(AnswerEvent.value, String).label("written"), FrameUnit.pi, FrameUnit.multiplicity,
        )
        .select_from(AnswerEvent)
        .join(last, and_(last.c.invitation_id == AnswerEvent.invitation_id, last.c.position == AnswerEvent.position))
        .join(Invitation, Invitation.id == AnswerEvent.invitation_id)
        .join(
            FrameUnit,
            and_(FrameUnit.draw_id == Invitation.draw_id, FrameUnit.contact_id == Invitation.contact_id),
        )
        .where(AnswerEvent.kind == "answer", AnswerEvent.value.is_not(None))
    )  # fmt: skip
    given: dict[tuple[int, StratumKey, float], dict[str, int]] = defaultdict(dict)
    for row in db.session.execute(statement):
        value = counted_value(json.loads(row.written))
        if value is not None:
            weight = 1 / row.pi if row.pi else float(row.multiplicity or 1)
            key = (row.id, (row.draw_id, row.stratum), weight if row.draw_id in weighing else 1.0)
            given[key][row.question_id] = value
    found: dict[StratumKey, Counter[Pattern]] = defaultdict(Counter)
    for (_invitation, stratum, weight), answers in given.items():
        if len(answers) == len(questions):
            found[stratum][weight, *(answers[question] for question in questions)] += 1
    return dict(found)


def populations(draw_ids: Collection[int]) -> dict[StratumKey, int]:
    """The contacts of each stratum that could be drawn."""
    rows = select(DrawStratum.draw_id, DrawStratum.stratum, DrawStratum.eligible)
    rows = rows.where(DrawStratum.draw_id.in_(draw_ids), DrawStratum.eligible > 0)
    return {(draw_id, stratum): eligible for draw_id, stratum, eligible in db.session.execute(rows)}


def kept(programme_id: int, first_day: date, last_day: date, scope: Scope) -> Explanation | None:
    """What was computed of a programme and period; it speaks of all sites, so only whoever sees all is given it."""
    if scope.site_ids is not None:
        return None
    return db.session.get(Explanation, (programme_id, first_day, last_day))


def answering(programme: Programme | None, span: tuple[date, date] | None, scope: Scope) -> dict[str, Any] | None:
    """How those answered who did, of one programme and period; None where it is not computed, or not theirs to see."""
    found = kept(programme.id, *span, scope) if programme and span else None
    return found.result.get("answering") if found else None


def any_anonymous(draw_ids: Collection[int]) -> bool:
    """Whether some of the draws hold answers that lead to nobody."""
    return bool(anonymous_draws(draw_ids))
