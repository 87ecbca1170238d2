"""A mean weighted so that several known margins of the frame are met at once."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy

from estimation.calibration import Cell, answered, sampled_strata, variance_of_total, weighted_mean
from estimation.errors import EmptyPoststratum, InvalidInput, NotConverged
from estimation.means import MeanEstimate, t_limits
from estimation.weights import design_effect_of_weights

Margins = Mapping[str, Mapping[str, float]]
ROUNDS = 1000
PRECISION = 1e-10


@dataclass(frozen=True, slots=True)
class CellWeight:
    """The raked weight of one respondent of a stratum, in the groups named."""

    stratum: str
    groups: Mapping[str, str]
    weight: float


@dataclass(frozen=True, slots=True)
class RakedMean(MeanEstimate):
    """A raked mean, its weights, and the mean before.

    ``std_error`` regresses on the margins with design weights; ``std_error_unweighted`` without, as R's rake() and
    Python's svy do: up to 3 % apart. ``deff_weighting`` is Kish's, of the raked weights.
    """

    std_error_unweighted: float
    weights: tuple[CellWeight, ...]
    deff_weighting: float
    unadjusted_estimate: float


def raked_mean(
    cells: Sequence[Cell], margins: Margins, *, fpc: bool = True, confidence_level: float = 0.95
) -> RakedMean:
    """The mean with weights that meet every margin; t on n - H.

    Raises EmptyPoststratum for a level with a total and no respondent, NotConverged after 1,000 rounds, and what
    calibration.sampled_strata raises. Sources: Deming & Stephan (1940); Deville & Sarndal (1992), JASA 87:376.
    """
    cells = answered(cells)
    strata = sampled_strata(cells)
    base = [strata[cell.stratum].weight for cell in cells]
    weights = raked_weights(cells, base, margins)
    estimate, n = weighted_mean(cells, weights), sum(cell.count for cell in cells)
    population = math.fsum(weight * cell.count for cell, weight in zip(cells, weights, strict=True))

    def error(regression_weights: Sequence[float]) -> float:
        residuals = margin_residuals(cells, margins, regression_weights)
        weighted = [weight * residual for weight, residual in zip(weights, residuals, strict=True)]
        return math.sqrt(variance_of_total(cells, strata, weighted, fpc)) / population

    std_error, df = error(base), n - len(strata)
    lower, upper = t_limits(estimate, std_error, df, confidence_level)
    return RakedMean(
        *(n, estimate, std_error, df, lower, upper, confidence_level),
        std_error_unweighted=error([1.0] * len(cells)),
        weights=cell_weights(cells, weights),
        deff_weighting=design_effect_of_weights(weights, [cell.count for cell in cells]).deff_weighting,
        unadjusted_estimate=weighted_mean(cells, base),
    )


def raked_weights(cells: Sequence[Cell], base: Sequence[float], margins: Margins) -> list[float]:
    """Iterative proportional fitting, until no margin is further off than 1e-10 of its total."""
    weights, counts = numpy.array(base), numpy.array([cell.count for cell in cells])
    levels = margin_levels(cells, margins)
    for _ in range(ROUNDS):
        furthest = 0.0
        for members, total in levels:
            factor = total / float((weights * counts)[members].sum())
            weights[members] *= factor
            furthest = max(furthest, abs(factor - 1))
        if furthest < PRECISION:
            return [float(weight) for weight in weights]
    raise NotConverged(ROUNDS)


def margin_levels(cells: Sequence[Cell], margins: Margins) -> list[tuple[numpy.ndarray, float]]:
    """For each level of each margin, which cells are in it and its known total."""
    levels = []
    for variable, totals in margins.items():
        if unknown := {cell.groups[variable] for cell in cells} - set(totals):
            raise InvalidInput("group_without_total", variable, *sorted(unknown))
        for level, total in totals.items():
            members = numpy.array([cell.groups[variable] == level for cell in cells])
            if not members.any() and total > 0:
                raise EmptyPoststratum(variable, level)
            if members.any():
                levels.append((members, total))
    return levels


def margin_residuals(cells: Sequence[Cell], margins: Margins, weights: Sequence[float]) -> list[float]:
    """Residuals of the scores from a regression on the levels of all margins, each cell weighted."""
    indicators = numpy.column_stack([members for members, _ in margin_levels(cells, margins)]).astype(float)
    scores = numpy.array([cell.score for cell in cells], dtype=float)
    roots = numpy.sqrt([weight * cell.count for cell, weight in zip(cells, weights, strict=True)])
    # The levels of each margin add up to 1, so the columns depend on each other; least squares by SVD does not mind.
    coefficients = numpy.linalg.lstsq(indicators * roots[:, None], scores * roots, rcond=None)[0]
    return [float(residual) for residual in scores - indicators @ coefficients]


def cell_weights(cells: Sequence[Cell], weights: Sequence[float]) -> tuple[CellWeight, ...]:
    """One weight for each stratum and combination of groups, whatever the score."""
    distinct = {
        (cell.stratum, tuple(sorted(cell.groups.items()))): weight for cell, weight in zip(cells, weights, strict=True)
    }
    return tuple(CellWeight(stratum, dict(groups), weight) for (stratum, groups), weight in distinct.items())
