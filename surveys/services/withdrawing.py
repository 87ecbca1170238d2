"""Withdrawing a continuous draw that runs: it decides nobody any more and leads to no figure."""

from datetime import datetime

from sqlalchemy import func, select, update

from contacts.models import Period
from contacts.services import gates
from foundation.database import db
from foundation.ledger.services import record
from surveys.continuous import CONTINUOUS
from surveys.models import Draw, FrameUnit, Invitation
from surveys.queries.anonymous import UNSENT
from surveys.refusals import SurveyRefused
from surveys.services.invitations import locked_many, move

WITHDRAWN = "draw-withdrawn"


def withdraw_draw(draw_id: int, reason: str, now: datetime, actor_id: int | None = None) -> Draw:
    """End a running draw before its period is closed, for a ``reason`` in words; the caller commits.

    What was decided stays, and counts for the quarantine; invitations in the outbox or out stay as they are, and
    whoever was taken and not written to never is. The seed stays secret: nothing follows from it. Raises SurveyRefused
    ``not-running`` or ``period-closed`` (its days).
    """
    draw = db.session.get_one(Draw, draw_id)
    gates.enter(draw.principal_id)  # nothing is decided, and no period closed, meanwhile
    period = db.session.get_one(Period, draw.period_id, populate_existing=True)
    if period.closed_at is not None:
        raise SurveyRefused("period-closed", first_day=period.first_day, last_day=period.last_day)
    mine = update(Draw).where(Draw.id == draw_id, Draw.kind == CONTINUOUS, Draw.state == "running")
    ended = mine.values(state="refused", refusal={"code": WITHDRAWN, "facts": {"reason": reason}})
    if not db.session.execute(ended).rowcount:
        raise SurveyRefused("not-running", draw_id=draw_id)
    unsent = select(Invitation.id).where(Invitation.draw_id == draw_id, Invitation.disposition.in_(UNSENT))
    for invitation in locked_many(db.session.scalars(unsent).all()):
        move(invitation, "not_sent", now, WITHDRAWN)
    # Words, perhaps about somebody: the ledger keeps a commitment to them.
    record("draw.withdrawn", f"draw:{draw_id}", _counts(draw_id), now, actor_id, {"reason": reason}, draw.principal_id)
    return db.session.get_one(Draw, draw_id, populate_existing=True)


def _counts(draw_id: int) -> dict[str, int]:
    """How many contacts were decided, how many were taken, and how many of these stay invited."""
    units = select(func.count()).select_from(FrameUnit).where(FrameUnit.draw_id == draw_id)
    asked = select(func.count(Invitation.id)).where(Invitation.draw_id == draw_id, Invitation.disposition != "not_sent")
    counts = {"decided": units, "taken": units.where(FrameUnit.drawn), "invited": asked}
    return {name: db.session.scalar(statement) or 0 for name, statement in counts.items()}
