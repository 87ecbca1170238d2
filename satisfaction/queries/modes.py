"""By which ways the interviews that count were answered."""

from collections.abc import Collection

from sqlalchemy import case, func, select

from foundation.database import db
from satisfaction.queries.answers import COUNTED
from surveys.models import AnswerEvent, Invitation

#: Several of them in one interview.
BOTH = "both"


def modes(draw_ids: Collection[int]) -> dict[str, int]:
    """How many interviews of these draws were answered by each way, or by more than one; the largest first."""
    each = (
        select(case((func.count(AnswerEvent.mode.distinct()) > 1, BOTH), else_=func.min(AnswerEvent.mode)).label("way"))
        .join(Invitation, Invitation.id == AnswerEvent.invitation_id)
        .where(Invitation.draw_id.in_(draw_ids), Invitation.disposition.in_(COUNTED), AnswerEvent.kind == "answer")
        .group_by(AnswerEvent.invitation_id)
        .subquery()
    )
    counted = select(each.c.way, func.count()).group_by(each.c.way).order_by(func.count().desc(), each.c.way)
    return {way: interviews for way, interviews in db.session.execute(counted)}  # noqa: C416 - rows are no pairs
