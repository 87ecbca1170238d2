"""Weights cut where one answer would speak for too many: only where it was asked for, and it says what it changed."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from estimation.errors import InvalidInput
from estimation.weights import design_effect_of_weights

ROUNDING = 1e-12


@dataclass(frozen=True, slots=True)
class TrimmedWeights:
    """The weights after trimming, with the same sum, and what was done.

    ``bound`` is the largest weight allowed, ``answers_cut`` those that were above it, ``moved`` the share of all weight
    taken from them and given to the others in proportion.
    """

    weights: tuple[float, ...]
    bound: float
    answers_cut: int
    moved: float
    deff_before: float
    deff_after: float


def trimmed_weights(weights: Sequence[float], most: float, counts: Sequence[int] | None = None) -> TrimmedWeights:
    """No weight above ``most`` times the mean weight; what is cut is spread over the others, until none is above.

    Each weight is borne by ``counts`` answers (one by default). It no longer meets the margins exactly: rake again, or
    say so. Raises InvalidInput for ``most`` of 1 or less. Source: Potter (1990), Proc. Surv. Res. Methods, ASA, 225.
    """
    times = [1] * len(weights) if counts is None else list(counts)
    before = design_effect_of_weights(weights, times).deff_weighting
    if most <= 1:
        raise InvalidInput("most", most)
    total = math.fsum(weight * count for weight, count in zip(weights, times, strict=True))
    bound = most * total / sum(times)
    trimmed = _within(list(weights), times, bound, total)
    cut = [count for weight, count in zip(weights, times, strict=True) if weight > bound * (1 + ROUNDING)]
    lost = math.fsum(max(weight - bound, 0.0) * count for weight, count in zip(weights, times, strict=True))
    after = design_effect_of_weights(trimmed, times).deff_weighting
    return TrimmedWeights(tuple(trimmed), bound, sum(cut), lost / total, before, after)


def _within(weights: list[float], times: Sequence[int], bound: float, total: float) -> list[float]:
    """Cut and spread until nothing is above the bound; each round sets one more weight at least, so it ends."""
    at_bound = [False] * len(weights)
    while any(weight > bound * (1 + ROUNDING) for weight in weights):
        at_bound = [cut or weight >= bound for cut, weight in zip(at_bound, weights, strict=True)]
        rows = list(zip(weights, times, at_bound, strict=True))
        free = math.fsum(weight * count for weight, count, cut in rows if not cut)
        left = total - bound * sum(count for _, count, cut in rows if cut)
        weights = [bound if cut else weight * left / free for weight, _, cut in rows]
    return weights
