"""Known totals of the frame by the levels of several variables, and weights that meet them all."""

from collections.abc import Mapping, Sequence

import numpy

from estimation.calibration import Cell
from estimation.errors import EmptyPoststratum, InvalidInput, NotConverged

Margins = Mapping[str, Mapping[str, float]]
ROUNDS = 1000
PRECISION = 1e-10


def raked_weights(cells: Sequence[Cell], base: Sequence[float], margins: Margins) -> list[float]:
    """Iterative proportional fitting, until no margin is further off than 1e-10 of its total.

    Source: Deming & Stephan (1940), Ann. Math. Stat. 11:427.
    """
    weights, counts = numpy.array(base, dtype=float), numpy.array([cell.count for cell in cells])
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


def margin_residuals(
    cells: Sequence[Cell], margins: Margins, values: Sequence[float], weights: Sequence[float]
) -> list[float]:
    """Residuals of the values from a regression on the levels of all margins, each cell weighted.

    Without a margin they are taken from the weighted mean.
    """
    levels = [members for members, _ in margin_levels(cells, margins)] or [numpy.ones(len(cells))]
    indicators, wanted = numpy.column_stack(levels).astype(float), numpy.array(values, dtype=float)
    roots = numpy.sqrt([weight * cell.count for cell, weight in zip(cells, weights, strict=True)])
    # The levels of each margin add up to 1, so the columns depend on each other; least squares by SVD does not mind.
    coefficients = numpy.linalg.lstsq(indicators * roots[:, None], wanted * roots, rcond=None)[0]
    return [float(residual) for residual in wanted - indicators @ coefficients]
