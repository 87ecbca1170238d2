"""The mean of a stratified sample."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from estimation.means import MeanEstimate, t_limits
from estimation.parts import (
    LonelyStratum,
    Part,
    degrees_of_freedom,
    estimated_mean,
    members_of,
    parts_of,
    variance_of_mean,
)
from estimation.strata import Stratum, StratumMoments


@dataclass(frozen=True, slots=True)
class StratifiedMean(MeanEstimate):
    """A design-weighted mean; ``deff`` is its variance over that of a simple random sample of the same size."""

    deff: float | None


def stratified_mean(
    strata: Sequence[Stratum | StratumMoments],
    *,
    fpc: bool = True,
    lonely_stratum: LonelyStratum = "fail",
    confidence_level: float = 0.95,
) -> StratifiedMean:
    """The mean over the population of all strata, with a Student interval on n - H degrees of freedom.

    Raises EmptyStratum, SingleUnitStratum (unless ``lonely_stratum`` says what to do) or NoAnswers.
    Source: Cochran (1977), Sampling Techniques, eqs. 5.1, 5.6 and 5.12.
    """
    parts = parts_of(strata)
    mean, df = estimated_mean(parts), degrees_of_freedom(parts)
    variance = variance_of_mean(parts, mean, fpc, lonely_stratum)
    error = math.sqrt(variance)
    lower, upper = t_limits(mean, error, df, confidence_level)
    return StratifiedMean(
        members_of(parts), mean, error, df, lower, upper, confidence_level, design_effect(parts, mean, variance)
    )


def design_effect(parts: Sequence[Part], mean: float, variance: float) -> float | None:
    """``variance`` over that of a simple random sample without replacement; None where that one is 0.

    Source: R survey, svymean(deff=TRUE).
    """
    n, population = members_of(parts), sum(part.population_size for part in parts)
    if n < 2:
        return None
    squares = math.fsum(part.weight * (part.squares + part.members * (part.mean - mean) ** 2) for part in parts)
    simple = squares / population * n / (n - 1) * (population - n) / (population * n)
    return variance / simple if simple > 0 else None
