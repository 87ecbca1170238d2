"""The difference of two independent shares."""

import math
from collections.abc import Callable
from dataclasses import dataclass

from estimation.proportions import Interval, check_counts, wilson
from estimation.quantiles import normal_quantile


@dataclass(frozen=True, slots=True)
class DifferenceIntervals:
    """Three intervals for the same difference, in [-1, 1]; the first is the default."""

    newcombe_hybrid_score: Interval
    wald: Interval
    miettinen_nurminen: Interval


@dataclass(frozen=True, slots=True)
class ProportionDifference:
    """The first share less the second."""

    estimate: float
    confidence_level: float
    intervals: DifferenceIntervals


def proportion_difference(
    successes_1: int, n_1: int, successes_2: int, n_2: int, confidence_level: float = 0.95
) -> ProportionDifference:
    """The first share less the second and its intervals. Raises NoAnswers if a group is empty."""
    check_counts(successes_1, n_1)
    check_counts(successes_2, n_2)
    arguments = (successes_1, n_1, successes_2, n_2, confidence_level)
    intervals = DifferenceIntervals(
        newcombe_hybrid_score(*arguments), wald_difference(*arguments), miettinen_nurminen(*arguments)
    )
    return ProportionDifference(successes_1 / n_1 - successes_2 / n_2, confidence_level, intervals)


def newcombe_hybrid_score(
    successes_1: int, n_1: int, successes_2: int, n_2: int, confidence_level: float = 0.95
) -> Interval:
    """Wilson limits squared and added. Source: Newcombe (1998), Stat. Med. 17:873, method 10."""
    first, second = wilson(successes_1, n_1, confidence_level), wilson(successes_2, n_2, confidence_level)
    return square_and_add(successes_1 / n_1, first, successes_2 / n_2, second)


def square_and_add(estimate_1: float, first: Interval, estimate_2: float, second: Interval) -> Interval:
    """Limits of the difference of two independent estimates from the limits of each (MOVER).

    With the ``wilson_design`` limits of two sites it is the interval for their difference.
    Source: Newcombe (1998), Stat. Med. 17:873; Zou & Donner (2008), Stat. Med. 27:1693.
    """
    difference = estimate_1 - estimate_2
    below = math.hypot(estimate_1 - first.lower, second.upper - estimate_2)
    above = math.hypot(first.upper - estimate_1, estimate_2 - second.lower)
    return Interval(difference - below, difference + above)


def wald_difference(successes_1: int, n_1: int, successes_2: int, n_2: int, confidence_level: float = 0.95) -> Interval:
    """Normal limits with the estimated variances: for comparison, of width 0 when both shares are 0 or 1."""
    p_1, p_2 = successes_1 / n_1, successes_2 / n_2
    error = math.sqrt(p_1 * (1 - p_1) / n_1 + p_2 * (1 - p_2) / n_2)
    half = normal_quantile(confidence_level) * error
    return Interval(p_1 - p_2 - half, p_1 - p_2 + half)


def miettinen_nurminen(
    successes_1: int, n_1: int, successes_2: int, n_2: int, confidence_level: float = 0.95
) -> Interval:
    """Asymptotic score interval with the factor N / (N - 1). Source: Miettinen & Nurminen (1985), Stat. Med. 4:213."""
    z, observed = normal_quantile(confidence_level), successes_1 / n_1 - successes_2 / n_2

    def score(difference: float) -> float:
        variance = score_variance(successes_1, n_1, successes_2, n_2, difference)
        distance = observed - difference
        return math.copysign(math.inf, distance) if variance <= 0 else distance / math.sqrt(variance)

    lower = falling_root(lambda difference: score(difference) - z, -1.0, observed)
    upper = falling_root(lambda difference: score(difference) + z, observed, 1.0)
    return Interval(lower, upper)


def score_variance(successes_1: int, n_1: int, successes_2: int, n_2: int, difference: float) -> float:
    """Variance of the observed difference if the true one were ``difference``, nuisance at its maximum likelihood."""
    n, successes = n_1 + n_2, successes_1 + successes_2
    l0 = successes_2 * difference * (1 - difference)
    l1 = (n_2 * difference - n - 2 * successes_2) * difference + successes
    l2 = (n + n_2) * difference - n - successes
    p_2 = min(max(cubic_root(n, l2, l1, l0), 0.0), 1.0)
    p_1 = min(max(p_2 + difference, 0.0), 1.0)
    return (p_1 * (1 - p_1) / n_1 + p_2 * (1 - p_2) / n_2) * n / (n - 1)


def cubic_root(l3: float, l2: float, l1: float, l0: float) -> float:
    """The root in [0, 1] of the likelihood equation, in Miettinen and Nurminen's trigonometric form."""
    q = (l2 / (3 * l3)) ** 3 - l1 * l2 / (6 * l3**2) + l0 / (2 * l3)
    p = math.copysign(math.sqrt(max((l2 / (3 * l3)) ** 2 - l1 / (3 * l3), 0.0)), q)
    cosine = min(max(q / p**3, -1.0), 1.0) if p else 0.0
    return 2 * p * math.cos((math.pi + math.acos(cosine)) / 3) - l2 / (3 * l3)


def falling_root(function: Callable[[float], float], low: float, high: float) -> float:
    """Where a falling function crosses 0, by halving until the interval cannot be halved."""
    while low < (middle := (low + high) / 2) < high:
        low, high = (middle, high) if function(middle) > 0 else (low, middle)
    return middle
