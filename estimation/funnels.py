"""Funnels: the limits within which shares, or rates of complaints, lie around one target if only chance divides them.

Exact limits, interpolated, at each one's own size; where all points vary by more than chance (winsorised phi) they are
widened by sqrt(phi) around the target, and phi is shown. No ranking comes out of it. Source: Spiegelhalter (2005),
Stat. Med. 24:1185.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from estimation.control_charts import funnel_limit
from estimation.dispersion import Dispersion, winsorised_dispersion
from estimation.errors import InvalidInput
from estimation.proportions import Interval

TAILS = ((0.025, 0.975), (0.001, 0.999))


@dataclass(frozen=True, slots=True)
class FunnelPoint:
    """A point with its limits; ``outside`` is 99.8, 95 or 0: the widest limits that it lies beyond."""

    label: str
    value: float
    size: float
    z: float
    limits_95: Interval
    limits_998: Interval
    outside: float


@dataclass(frozen=True, slots=True)
class Funnel:
    """All points around ``target``, and whether their spread is more than chance."""

    target: float
    dispersion: Dispersion
    points: tuple[FunnelPoint, ...]


def share_funnel(shares: Sequence[tuple[str, float, float]], target: float) -> Funnel:
    """Shares (label, share, effective answers n*) around a target share; n* is rounded to whole answers.

    Raises InvalidInput for a target of 0 or 1, a share outside 0..1, or under one answer.
    """
    if not 0 < target < 1 or any(not 0 <= share <= 1 or size < 1 for _, share, size in shares):
        raise InvalidInput("funnel", target)
    scores = [(share - target) / math.sqrt(target * (1 - target) / size) for _, share, size in shares]
    exact = [[[funnel_limit(p, round(size), target) for p in tails] for tails in TAILS] for _, _, size in shares]
    return _funnel(shares, target, scores, exact, 1.0)


def rate_funnel(rates: Sequence[tuple[str, int, float]], target: float | None = None) -> Funnel:
    """Counts of events (label, count, exposure) around a target rate; by default that of all together.

    Values are count / exposure. Raises InvalidInput for a target or an exposure of 0.
    """
    if not rates or any(count < 0 or exposure <= 0 for _, count, exposure in rates):
        raise InvalidInput("rates")
    pooled = sum(count for _, count, _ in rates) / math.fsum(exposure for _, _, exposure in rates)
    centre = pooled if target is None else target
    if centre <= 0:
        raise InvalidInput("target", centre)
    scores = [(count - exposure * centre) / math.sqrt(exposure * centre) for _, count, exposure in rates]
    exact = [[[poisson_limit(p, size * centre) / size for p in tails] for tails in TAILS] for _, _, size in rates]
    return _funnel([(label, count / size, size) for label, count, size in rates], centre, scores, exact, math.inf)


def poisson_limit(probability: float, expected: float) -> float:
    """The count below which ``probability`` lies, interpolated between whole counts as for shares."""
    from scipy import stats

    reached = float(stats.poisson.ppf(probability, expected))
    above = float(stats.poisson.cdf(reached, expected)) - probability
    return max(reached - above / float(stats.poisson.pmf(reached, expected)), 0.0)


def _funnel(
    rows: Sequence[tuple[str, float, float]],
    target: float,
    scores: Sequence[float],
    exact: Sequence[Sequence[Sequence[float]]],
    highest: float,
) -> Funnel:
    dispersion = winsorised_dispersion(scores)
    points = []
    for (label, value, size), z, pairs in zip(rows, scores, exact, strict=True):
        wide = [[target + (limit - target) * dispersion.widening for limit in pair] for pair in pairs]
        inner, outer = (Interval(*pair).clipped(0.0, highest) for pair in wide)
        outside = 99.8 if _beyond(value, outer) else 95.0 if _beyond(value, inner) else 0.0
        points.append(FunnelPoint(label, value, size, z, inner, outer, outside))
    return Funnel(target, dispersion, tuple(points))


def _beyond(value: float, limits: Interval) -> bool:
    return not limits.lower <= value <= limits.upper
