"""Limits within which a share may vary by chance: over periods (p-chart, Laney) or over sites (funnel)."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from estimation.errors import InvalidInput
from estimation.proportions import check_counts

LANEY_D2 = 1.128  # the divisor for moving ranges of two, as Minitab and R's qicharts2 round it


@dataclass(frozen=True, slots=True)
class ControlChart:
    """Centre line, limits for each point in [0, 1], and the places (from 0) of the points outside them.

    ``sigma_z`` is Laney's inflation: 1 on a plain p-chart, None where it cannot be computed.
    """

    center: float
    sigma_z: float | None
    lower_limits: tuple[float, ...]
    upper_limits: tuple[float, ...]
    out_of_control: tuple[int, ...]


def p_chart(counts: Sequence[int], sizes: Sequence[int], sigma_multiplier: float = 3.0) -> ControlChart:
    """Binomial limits around the pooled share. Source: NIST/SEMATECH e-Handbook, section 6.3.3.2."""
    return chart(counts, sizes, sigma_multiplier, 1.0)


def laney_chart(
    counts: Sequence[int], sizes: Sequence[int], sigma_multiplier: float = 3.0, d2: float = LANEY_D2
) -> ControlChart:
    """Laney's p' chart: the limits widened (or narrowed) by how much the standardised points really move.

    Without two points, or when the pooled share is 0 or 1, the limits are the plain ones and sigma_z is None.
    Source: Laney (2002), Qual. Eng. 14:531; no screening of moving ranges.
    """
    center, errors = pooled(counts, sizes)
    if len(counts) < 2 or not 0 < center < 1:
        return chart(counts, sizes, sigma_multiplier, None)
    standardised = [(count / size - center) / error for count, size, error in zip(counts, sizes, errors, strict=True)]
    moves = [abs(after - before) for before, after in pairwise(standardised)]
    return chart(counts, sizes, sigma_multiplier, math.fsum(moves) / len(moves) / d2)


def chart(counts: Sequence[int], sizes: Sequence[int], sigma_multiplier: float, sigma_z: float | None) -> ControlChart:
    center, errors = pooled(counts, sizes)
    widths = [sigma_multiplier * error * (1.0 if sigma_z is None else sigma_z) for error in errors]
    lower = tuple(max(0.0, center - width) for width in widths)
    upper = tuple(min(1.0, center + width) for width in widths)
    points = [count / size for count, size in zip(counts, sizes, strict=True)]
    outside = (place for place, point in enumerate(points) if not lower[place] <= point <= upper[place])
    return ControlChart(center, sigma_z, lower, upper, tuple(outside))


def pooled(counts: Sequence[int], sizes: Sequence[int]) -> tuple[float, list[float]]:
    """The share over all points, and the binomial standard error at each size."""
    if not counts or len(counts) != len(sizes):
        raise InvalidInput("lengths")
    for count, size in zip(counts, sizes, strict=True):
        check_counts(count, size)
    center = sum(counts) / sum(sizes)
    return center, [math.sqrt(center * (1 - center) / size) for size in sizes]


@dataclass(frozen=True, slots=True)
class FunnelLimits:
    """Limits of a share around a target, for each denominator: 95 % and 99.8 %."""

    lower_95: tuple[float, ...]
    upper_95: tuple[float, ...]
    lower_998: tuple[float, ...]
    upper_998: tuple[float, ...]


def funnel_limits(target: float, denominators: Sequence[int]) -> FunnelLimits:
    """Exact binomial limits, interpolated, for a funnel plot of shares.

    Raises InvalidInput for a target of 0 or 1 and for a denominator of 0.
    Source: Spiegelhalter (2005), Stat. Med. 24:1185.
    """
    if not 0 < target < 1 or any(n < 1 for n in denominators):
        raise InvalidInput("funnel", target)
    return FunnelLimits(
        *(tuple(funnel_limit(p, n, target) for n in denominators) for p in (0.025, 0.975, 0.001, 0.999))
    )


def funnel_limit(probability: float, n: int, target: float) -> float:
    from scipy import stats

    reached = float(stats.binom.ppf(probability, n, target))
    above = float(stats.binom.cdf(reached, n, target)) - probability
    return min(max((reached - above / float(stats.binom.pmf(reached, n, target))) / n, 0.0), 1.0)
