"""Quantiles of the answers of a stratified sample."""

import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from estimation.errors import InvalidInput, NoAnswers
from estimation.strata import Stratum
from estimation.stratified import stratified_mean

# Weights are ratios of integers, so a cumulated share that should equal the quantile may miss it by a rounding.
ROUNDING = 1e-12


@dataclass(frozen=True, slots=True)
class QuantileEstimate:
    """A quantile, always an answer that was given; a limit is None when it lies beyond the answers."""

    n: int
    estimate: float
    lower: float | None
    upper: float | None
    confidence_level: float


def stratified_quantile(
    strata: Sequence[Stratum], quantile: float, *, fpc: bool = True, confidence_level: float = 0.95
) -> QuantileEstimate:
    """The smallest answer below or at which at least ``quantile`` of the population lies, with Woodruff's interval.

    Raises what stratified_mean raises, and InvalidInput for a quantile outside 0..1.
    Source: Woodruff (1952), JASA 47:635.
    """
    if not 0 < quantile < 1:
        raise InvalidInput("quantile", quantile)
    if not any(stratum.n for stratum in strata):
        raise NoAnswers
    shares = cumulated_shares(strata)
    estimate = first_reaching(shares, quantile)
    below = [at_most(stratum, estimate) for stratum in strata]
    share = stratified_mean(below, fpc=fpc, confidence_level=confidence_level)
    lower, upper = (limit_reaching(shares, limit) for limit in (share.lower, share.upper))
    return QuantileEstimate(share.n, estimate, lower, upper, confidence_level)


def at_most(stratum: Stratum, limit: float) -> Stratum:
    """The stratum with answers recoded: 1 up to ``limit``, 0 above."""
    below = sum(count for value, count in stratum.counts.items() if value <= limit)
    return Stratum.from_successes(stratum.label, stratum.population_size, below, stratum.n)


def cumulated_shares(strata: Sequence[Stratum]) -> list[tuple[float, float]]:
    """Each answer given, rising, with the share of the population at or below it."""
    weights: defaultdict[float, list[float]] = defaultdict(list)
    for stratum in strata:
        for value, count in stratum.counts.items():
            weights[value].append(count * stratum.population_size / stratum.n if count else 0.0)
    sizes = [(value, math.fsum(parts)) for value, parts in sorted(weights.items())]
    total = math.fsum(size for _, size in sizes)
    return [
        (value, math.fsum(size for _, size in sizes[: place + 1]) / total) for place, (value, _) in enumerate(sizes)
    ]


def first_reaching(shares: Sequence[tuple[float, float]], share: float) -> float:
    """The smallest answer at which the cumulated share is reached."""
    return next(value for value, reached in shares if reached >= share - ROUNDING)


def limit_reaching(shares: Sequence[tuple[float, float]], share: float | None) -> float | None:
    """The same for a confidence limit, None when it is unknown or outside 0..1."""
    return first_reaching(shares, share) if share is not None and 0 <= share <= 1 else None
