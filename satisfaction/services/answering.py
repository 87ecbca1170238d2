"""How those who answered did so: what a reader should know beside an interval. Computed in a job, for it reads rows."""

from collections.abc import Collection
from typing import Any

from foundation.database import db
from satisfaction.queries.modes import modes
from surveys.models import Draw
from surveys.nonresponse import late_less_early
from surveys.queries.nonresponse import draw_halves


def how_answered(draw_ids: Collection[int]) -> dict[str, Any]:
    """``modes``: interviews by way; ``early_late``: of the last draw, what the later half says less the earlier.

    That is the mean of the first question that asks for a score, with its 95 % limits, and how many answered in time
    to be in either half; None where a half has too few.
    """
    return {"modes": modes(draw_ids), "early_late": _early_late(max(draw_ids)) if draw_ids else None}


def _early_late(draw_id: int) -> dict[str, Any] | None:
    halves = draw_halves(db.session.get_one(Draw, draw_id))
    found = late_less_early(halves)
    if found is None:
        return None
    gap, lower, upper = found
    return {"estimate": gap, "lower": lower, "upper": upper, "n": sum(half.n for half in halves)}
