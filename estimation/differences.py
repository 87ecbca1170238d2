"""The difference of two figures: shares, net scores, means.

Limits of shares and net scores are squared and added (MOVER): each side contributes the distance to its own limit, so
that the difference inherits intervals that hold near the ends of the scale. Means are compared with Student's t on
Satterthwaite's degrees of freedom. A comparison speaks of the process: estimate both sides with ``fpc=False``.
Sources: Newcombe (1998), Stat. Med. 17:873; Zou & Donner (2008), Stat. Med. 27:1693, eqs. 6 and 9 (correlated sides);
Satterthwaite (1946), Biometrics Bull. 2:110.
"""

import math
from dataclasses import dataclass

from estimation.errors import InvalidInput, OverlappingSamples
from estimation.figures import Figure
from estimation.proportions import Interval
from estimation.quantiles import normal_quantile, normal_tails, t_quantile, t_tails


@dataclass(frozen=True, slots=True)
class Difference:
    """The first figure less the second, with its limits; ``limits`` and ``p_value`` are None where a side has none.

    ``p_value`` is that of no difference and agrees with the limits: it is below 1 - ``confidence_level`` exactly when
    they leave out 0.
    """

    estimate: float
    limits: Interval | None
    p_value: float | None
    confidence_level: float
    df: float | None


def difference(first: Figure, second: Figure, *, correlation: float | None = 0.0) -> Difference:
    """The first less the second. ``correlation`` of the two estimates: 0 when no person is in both.

    Raises OverlappingSamples when it is None: people are in both, and nobody knows how much that ties them together;
    InvalidInput for a correlation outside -1..1 or figures at different levels of confidence.
    """
    if correlation is None:
        raise OverlappingSamples
    if not -1 <= correlation <= 1 or first.confidence_level != second.confidence_level:
        raise InvalidInput("difference", correlation, first.confidence_level, second.confidence_level)
    if first.df is not None or second.df is not None:
        return mean_difference(first, second, correlation)
    return mover_difference(first, second, correlation)


def mover_difference(first: Figure, second: Figure, correlation: float = 0.0) -> Difference:
    """The first less the second by squaring and adding the distances to their limits, held inside the scale."""
    estimate, level = first.estimate - second.estimate, first.confidence_level
    if first.limits is None or second.limits is None:
        return Difference(estimate, None, None, level, None)
    below = _added(first.estimate - first.limits.lower, second.limits.upper - second.estimate, correlation)
    above = _added(first.limits.upper - first.estimate, second.estimate - second.limits.lower, correlation)
    limits = Interval(estimate - below, estimate + above)
    if first.scale is not None and second.scale is not None:
        limits = limits.clipped(first.scale.lower - second.scale.upper, first.scale.upper - second.scale.lower)
    # The distance to the limit on the side of 0 is z standard errors of a difference of that size.
    towards_zero = (below if estimate > 0 else above) / normal_quantile(level)
    p_value = None if towards_zero == 0 else normal_tails(estimate / towards_zero)
    return Difference(estimate, limits, p_value, level, None)


def mean_difference(first: Figure, second: Figure, correlation: float = 0.0) -> Difference:
    """The first mean less the second with Student's t on Satterthwaite's degrees of freedom."""
    estimate, level = first.estimate - second.estimate, first.confidence_level
    one, other = first.std_error, second.std_error
    if one is None or other is None or not (error := _added(one, other, correlation)):
        return Difference(estimate, None, None, level, None)
    df = satterthwaite((one, first.df), (other, second.df))
    t = t_quantile(level, df) if df is not None else None
    if df is None or t is None:
        return Difference(estimate, None, None, level, df)
    limits = Interval(estimate - t * error, estimate + t * error)
    return Difference(estimate, limits, t_tails(estimate / error, df), level, df)


def satterthwaite(*sides: tuple[float, int | None]) -> float | None:
    """Degrees of freedom of a sum of variances, of the sides that vary; None where one of them has none."""
    varying = [(error, df) for error, df in sides if error > 0]
    if any(df is None or df <= 0 for _, df in varying):
        return None
    total = math.fsum(error**2 for error, _ in varying)
    return total**2 / math.fsum(error**4 / df for error, df in varying if df)


def _added(one: float, other: float, correlation: float) -> float:
    return math.sqrt(max(one**2 + other**2 - 2 * correlation * one * other, 0.0))
