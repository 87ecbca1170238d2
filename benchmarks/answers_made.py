"""Completed interviews by the hundred thousand: what the export of answers is measured on."""

import random
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import insert, select, update

from foundation.database import db
from surveys.models import AnswerEvent, Invitation

#: The questionnaire they answer: export_questions.json, of two scales, a list, several of a list and a number.
QUESTIONNAIRE = "export_questions"
SOLVED = ("yes", "no", "partly")
SUBJECTS = ("bill", "delay", "technical", "contract", "other")
PIECE = 5_000
AT = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)


def answered(invitations: int, seed: int = 1) -> None:
    """Give every invitation a completed interview, some with a correction. Commits as it goes."""
    chance = random.Random(seed)
    ids = db.session.execute(select(Invitation.id, Invitation.version_id).order_by(Invitation.id)).all()
    for first in range(0, len(ids), PIECE):
        rows = [row for each in ids[first : first + PIECE] for row in _events(each.id, each.version_id, chance)]
        db.session.execute(insert(AnswerEvent), rows)
        db.session.commit()
    db.session.execute(update(Invitation).values(disposition="completed", completed_at=AT))
    db.session.commit()


def _events(invitation_id: int, version_id: int, chance: random.Random) -> Iterator[dict[str, Any]]:
    """Five answers, in one interview of twenty a sixth that corrects the first, and the end."""
    said: list[tuple[str, Any]] = [
        ("satisfaction", chance.randint(1, 5)),
        ("recommendation", chance.randint(0, 10)),
        ("solved", chance.choice(SOLVED)),
        ("subjects", [each for each in SUBJECTS if chance.random() < 0.4] or [SUBJECTS[-1]]),
        ("wait", chance.randint(0, 600)),
    ]
    said += [("satisfaction", chance.randint(1, 5))] if chance.random() < 0.05 else []
    last = {"kind": "completed", "question_id": None, "value": None}
    told = [{"kind": "answer", "question_id": name, "value": value} for name, value in said]
    for position, event in enumerate([*told, last]):
        known = {
            "invitation_id": invitation_id,
            "version_id": version_id,
            "position": position,
            "at": AT,
            "mode": "web",
        }
        key = f"web:{invitation_id}:{position}"
        yield {**known, **event, "step": f"{event['question_id']}.{position}", "in_turn": True, "idempotency_key": key}
