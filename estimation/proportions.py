"""A share of a simple random sample, or of a full list taken as one outcome of a process."""

import math
from dataclasses import dataclass
from typing import NamedTuple

from estimation.errors import InvalidInput, NoAnswers
from estimation.quantiles import beta_quantile, normal_quantile, tail


class Interval(NamedTuple):
    """Two-sided confidence limits."""

    lower: float
    upper: float

    def clipped(self, lowest: float, highest: float) -> "Interval":
        """The limits, each held inside the possible values."""
        return Interval(min(max(self.lower, lowest), highest), min(max(self.upper, lowest), highest))


@dataclass(frozen=True, slots=True)
class ProportionIntervals:
    """Five intervals for the same share; Wilson is the default of the product."""

    wilson: Interval
    wilson_cc: Interval
    clopper_pearson: Interval
    jeffreys: Interval
    agresti_coull: Interval


@dataclass(frozen=True, slots=True)
class Proportion:
    """A share in [0, 1] of ``n`` answers, with its intervals."""

    n: int
    successes: int
    estimate: float
    confidence_level: float
    intervals: ProportionIntervals


def proportion(successes: int, n: int, confidence_level: float = 0.95) -> Proportion:
    """The share of ``successes`` among ``n`` answers and its intervals. Raises NoAnswers if n is 0."""
    check_counts(successes, n)
    arguments = (successes, n, confidence_level)
    intervals = ProportionIntervals(
        wilson(*arguments),
        wilson_cc(*arguments),
        clopper_pearson(*arguments),
        jeffreys(*arguments),
        agresti_coull(*arguments),
    )
    return Proportion(n, successes, successes / n, confidence_level, intervals)


def wilson(successes: int, n: int, confidence_level: float = 0.95) -> Interval:
    """Wilson interval for ``successes`` of ``n`` answers, in [0, 1]. Raises NoAnswers if n is 0.

    Source: Newcombe (1998), Stat. Med. 17:857, method 3.
    """
    check_counts(successes, n)
    return wilson_limits(successes / n, n, normal_quantile(confidence_level))


def wilson_limits(share: float, n: float, z: float) -> Interval:
    """Wilson limits of ``share`` at a size ``n`` that need not be whole; the share itself when n is infinite."""
    if math.isinf(n):
        return Interval(share, share)
    centre = share + z**2 / (2 * n)
    half = z * math.sqrt(share * (1 - share) / n + z**2 / (4 * n**2))
    scale = 1 + z**2 / n
    return held(share, Interval((centre - half) / scale, (centre + half) / scale))


def wilson_cc(successes: int, n: int, confidence_level: float = 0.95) -> Interval:
    """Wilson interval with continuity correction. Source: Newcombe (1998), Stat. Med. 17:857, method 4."""
    check_counts(successes, n)
    z, p = normal_quantile(confidence_level), successes / n
    below = z**2 - 2 - 1 / n + 4 * p * (n * (1 - p) + 1)
    above = z**2 + 2 - 1 / n + 4 * p * (n * (1 - p) - 1)
    lower = (2 * n * p + z**2 - 1 - z * math.sqrt(max(below, 0))) / (2 * (n + z**2))
    upper = (2 * n * p + z**2 + 1 + z * math.sqrt(max(above, 0))) / (2 * (n + z**2))
    return held(p, Interval(lower, upper))


def clopper_pearson(successes: float, n: float, confidence_level: float = 0.95) -> Interval:
    """Exact binomial interval, also at sizes that are not whole. Source: Newcombe (1998), method 5."""
    check_counts(successes, n)
    alpha, failures = tail(confidence_level), n - successes
    return Interval(
        beta_quantile(alpha, successes, failures + 1),
        beta_quantile(1 - alpha, successes + 1, failures),
    )


def jeffreys(successes: int, n: int, confidence_level: float = 0.95) -> Interval:
    """Equal-tailed interval of the Beta(1/2, 1/2) prior, closed at 0 and 1 where nobody or everybody said yes.

    Source: Brown, Cai & DasGupta (2001), Stat. Sci. 16:101.
    """
    check_counts(successes, n)
    alpha, a, b = tail(confidence_level), successes + 0.5, n - successes + 0.5
    limits = Interval(beta_quantile(alpha, a, b), beta_quantile(1 - alpha, a, b))
    return held(successes / n, limits)


def agresti_coull(successes: int, n: int, confidence_level: float = 0.95) -> Interval:
    """Wald interval around Wilson's centre, clipped to [0, 1]. Source: Agresti & Coull (1998), Am. Stat. 52:119."""
    check_counts(successes, n)
    z = normal_quantile(confidence_level)
    size = n + z**2
    centre = (successes + z**2 / 2) / size
    half = z * math.sqrt(centre * (1 - centre) / size)
    return Interval(centre - half, centre + half).clipped(0.0, 1.0)


def held(share: float, limits: Interval) -> Interval:
    """The limits inside [0, 1], and exactly 0 or 1 where nobody or everybody said yes."""
    inside = limits.clipped(0.0, 1.0)
    return Interval(0.0 if share == 0 else inside.lower, 1.0 if share == 1 else inside.upper)


def check_counts(successes: float, n: float) -> None:
    if n == 0:
        raise NoAnswers
    if n < 0 or not 0 <= successes <= n:
        raise InvalidInput("successes", successes, n)
