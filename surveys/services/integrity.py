"""Noting that a question of the integrity page was looked at."""

from datetime import datetime

from foundation.database import db
from foundation.ledger.services import record
from surveys.integrity import Question
from surveys.models import Draw, IntegrityNote


def note_looked_at(draw: Draw, question: Question, found: str, now: datetime, actor_id: int | None) -> IntegrityNote:
    """Keep what was found, by whom and when; the ledger keeps the question and its numbers, not the words."""
    note = IntegrityNote(
        draw_id=draw.id,
        question=question.key,
        part=question.part,
        whole=question.whole,
        found=found,
        looked_at=now,
        looked_by=actor_id,
    )
    db.session.add(note)
    facts = {"question": question.key, "part": question.part, "whole": question.whole}
    said = {"found": found}  # words about somebody, perhaps: the ledger keeps a commitment to them
    record("integrity.looked", f"draw:{draw.id}", facts, now, actor_id, said, draw.principal_id)
    db.session.flush()
    return note
