"""A mean weighted so that known group totals of the frame are met."""

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from estimation.calibration import Cell, answered, base_weights, sampled_strata, variance_of_total, weighted_mean
from estimation.errors import EmptyPoststratum, InvalidInput
from estimation.means import MeanEstimate, t_limits


@dataclass(frozen=True, slots=True)
class PostStratifiedMean(MeanEstimate):
    """A mean after post-stratification, the factor each group's weights were multiplied by, and the mean before."""

    adjustment_factors: dict[str, float]
    unadjusted_estimate: float


def post_stratified_mean(
    cells: Sequence[Cell],
    variable: str,
    population_totals: Mapping[str, float],
    *,
    fpc: bool = True,
    confidence_level: float = 0.95,
) -> PostStratifiedMean:
    """The mean with weights that add up to ``population_totals`` over the groups of ``variable``; t on n - H.

    The variance is that of the residuals from post-stratum means, at the adjusted weights. Raises EmptyPoststratum
    when a group with a total has no respondent, and what calibration.sampled_strata raises.
    Source: Deville & Sarndal (1992), JASA 87:376; Lumley (2010), Complex Surveys, chapter 7.
    """
    cells = answered(cells)
    strata = sampled_strata(cells)
    weights = base_weights(cells, strata)
    factors = adjustment_factors(cells, weights, variable, population_totals)
    adjusted = [weight * factors[cell.groups[variable]] for cell, weight in zip(cells, weights, strict=True)]
    estimate, means = weighted_mean(cells, adjusted), group_means(cells, adjusted, variable)
    residuals = [
        weight * (cell.score - means[cell.groups[variable]]) for cell, weight in zip(cells, adjusted, strict=True)
    ]
    error = math.sqrt(variance_of_total(cells, strata, residuals, fpc)) / math.fsum(population_totals.values())
    n = sum(cell.count for cell in cells)
    df = n - len(strata)
    lower, upper = t_limits(estimate, error, df, confidence_level)
    before = weighted_mean(cells, weights)
    return PostStratifiedMean(n, estimate, error, df, lower, upper, confidence_level, factors, before)


def adjustment_factors(
    cells: Sequence[Cell], weights: Sequence[float], variable: str, population_totals: Mapping[str, float]
) -> dict[str, float]:
    """Known total over estimated total, by group."""
    estimated: defaultdict[str, float] = defaultdict(float)
    for cell, weight in zip(cells, weights, strict=True):
        estimated[cell.groups[variable]] += weight * cell.count
    if unknown := set(estimated) - set(population_totals):
        raise InvalidInput("group_without_total", *sorted(unknown))
    if empty := [group for group, total in population_totals.items() if total > 0 and group not in estimated]:
        raise EmptyPoststratum(*empty)
    return {group: population_totals[group] / size for group, size in estimated.items()}


def group_means(cells: Sequence[Cell], weights: Sequence[float], variable: str) -> dict[str, float]:
    grouped: defaultdict[str, list[tuple[Cell, float]]] = defaultdict(list)
    for cell, weight in zip(cells, weights, strict=True):
        grouped[cell.groups[variable]].append((cell, weight))
    return {
        group: weighted_mean([cell for cell, _ in members], [weight for _, weight in members])
        for group, members in grouped.items()
    }
