"""How alike the chances to respond were: the R-indicator.

R = 1 - 2 S, S being the standard deviation of the response propensities over the population: 1 where everybody is as
likely to respond, 0 at worst. Source: Schouten, Cobben & Bethlehem (2009), Survey Methodology 35:101. The propensities
are those of cells (a saturated model on the sample), the sizes of the cells those of the frame. S^2 of estimated
propensities is too large by what chance adds to them; this is taken off (Shlomo, Skinner & Schouten 2012, J. Stat.
Plan. Inference 142:201, for cells with the exact term of the mean). The interval is that of S^2, normal, carried over.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from estimation.errors import InvalidInput, NoAnswers

Z_95 = 1.959963984540054


class ResponseCell(NamedTuple):
    """Contacts of the frame in a cell, those asked, and those of them who responded."""

    population: int
    asked: int
    responded: int


@dataclass(frozen=True, slots=True)
class RIndicator:
    """``estimate`` with its bias adjustment and its limits, all in 0..1; ``unadjusted`` without it."""

    estimate: float
    lower: float
    upper: float
    unadjusted: float
    cells: int
    asked: int
    responded: int


def r_indicator(cells: Sequence[ResponseCell]) -> RIndicator:
    """Raises NoAnswers when nobody was asked, InvalidInput for cells with fewer than two asked or more than asked."""
    known = [cell for cell in cells if cell.population]
    if not known:
        raise NoAnswers
    if any(cell.asked < 2 or not 0 <= cell.responded <= cell.asked for cell in known):
        raise InvalidInput("cells")
    whole = math.fsum(cell.population for cell in known)
    sizes = [cell.population / whole for cell in known]
    chances = [cell.responded / cell.asked for cell in known]
    noise = [p * (1 - p) / (cell.asked - 1) for p, cell in zip(chances, known, strict=True)]
    mean = math.fsum(w * p for w, p in zip(sizes, chances, strict=True))
    spread = math.fsum(w * (p - mean) ** 2 for w, p in zip(sizes, chances, strict=True))
    bias = math.fsum(w * (1 - w) * v for w, v in zip(sizes, noise, strict=True))
    # Of S^2: its slope by each propensity, and what is left where the slope is 0.
    slopes = math.fsum(4 * (w * (p - mean)) ** 2 * v for w, p, v in zip(sizes, chances, noise, strict=True))
    curved = math.fsum(2 * (w * v) ** 2 for w, v in zip(sizes, noise, strict=True))
    error, adjusted = math.sqrt(slopes + curved), spread - bias
    asked, responded = sum(cell.asked for cell in known), sum(cell.responded for cell in known)
    limits = (_r(adjusted), _r(adjusted + Z_95 * error), _r(adjusted - Z_95 * error), _r(spread))
    return RIndicator(*limits, len(known), asked, responded)


def _r(variance: float) -> float:
    return max(0.0, 1 - 2 * math.sqrt(max(variance, 0.0)))
