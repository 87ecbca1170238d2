"""Answers that weigh each for itself, and how it is known without reading them that they are the same as before."""

import hashlib
import json
from collections.abc import Collection, Iterable
from datetime import datetime
from functools import partial
from typing import Any

from sqlalchemy import func, or_, select

from contacts.models import CustomerLink
from foundation.database import db
from satisfaction.cells import Singly, Weighed
from satisfaction.queries.answers import STILL_OPEN, weighed_answers
from satisfaction.queries.cells import current_counts
from surveys.models import AnswerWithdrawal, Draw, Invitation


def singly(draw_ids: Collection[int], questions: Collection[str], now: datetime) -> Singly | tuple[Weighed, ...]:
    """The answers of these draws to ``questions``; those of draws that are over are read only when they are used."""
    if not draw_ids:
        return ()
    read = partial(weighed_answers, draw_ids, questions)
    if may_change(draw_ids, now):
        found = tuple(read())
        return Singly(_digest(list(found)), lambda: found)
    return Singly(_digest([sorted(draw_ids), sorted(questions), _facts(draw_ids)]), read)


def may_change(draw_ids: Collection[int], now: datetime) -> bool:
    """Whether somebody may still answer, or whoever ran out of time is yet to be settled; files come at any time."""
    open_ones = select(Invitation.id).where(
        Invitation.draw_id.in_(draw_ids),
        Invitation.disposition.in_(STILL_OPEN),
        or_(
            Invitation.expires_at.is_(None),
            Invitation.expires_at > now,
            Invitation.disposition == "started",
            Invitation.collection == "file",
        ),
    )
    return db.session.scalar(open_ones.limit(1)) is not None


def _facts(draw_ids: Collection[int]) -> list[Any]:
    """What can still change of draws that are over: answers withdrawn, and whose of them are one customer's."""
    withdrawn = select(func.max(AnswerWithdrawal.id)).where(AnswerWithdrawal.draw_id.in_(draw_ids))
    owners = select(Draw.principal_id).where(Draw.id.in_(draw_ids))
    merged = select(func.max(CustomerLink.id), func.count(CustomerLink.undone_at)).where(
        CustomerLink.principal_id.in_(owners), CustomerLink.verdict == "merged"
    )
    counts = sorted((*key, answers) for key, answers in current_counts(draw_ids).items())
    return [db.session.scalar(withdrawn), list(db.session.execute(merged).one()), counts]


def _digest(content: Iterable[Any]) -> str:
    return hashlib.sha256(json.dumps(content, default=str).encode()).hexdigest()
