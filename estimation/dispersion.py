"""Whether points around a common value vary by more than chance: all of them together, before any is accused.

phi is the mean square of the standardised points after 10 % at each end were drawn in (winsorised), so that the few
that do stand apart do not hide themselves. Source: Spiegelhalter (2005), Stat. Med. 24:1185, section 4.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from estimation.errors import InvalidInput

DRAWN_IN = 0.1


@dataclass(frozen=True, slots=True)
class Dispersion:
    """``phi`` of ``points``; ``is_over`` when it is above ``threshold`` = 1 + 2 sqrt(2 / points)."""

    phi: float
    threshold: float
    is_over: bool
    points: int

    @property
    def widening(self) -> float:
        """By how much limits are to be widened: sqrt(phi), or 1 where phi may be chance."""
        return math.sqrt(self.phi) if self.is_over else 1.0


def winsorised_dispersion(scores: Sequence[float]) -> Dispersion:
    """phi of standardised points (z scores). Raises InvalidInput without a point."""
    if not len(scores):
        raise InvalidInput("scores")
    low, high = np.quantile(scores, [DRAWN_IN, 1 - DRAWN_IN])
    phi = float(np.mean(np.clip(scores, low, high) ** 2))
    threshold = 1 + 2 * math.sqrt(2 / len(scores))
    return Dispersion(phi, threshold, phi > threshold, len(scores))
