"""Answers in cells with weights that meet every margin, and the variance of what is estimated from them.

The variance is that of the residuals of a regression on the margins (GREG), at the calibrated weights: Deville &
Sarndal (1992), JASA 87:376. A domain is the cells that lie in the groups named; other cells count as zeros.
"""

import math
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Self

from estimation.calibration import Cell, Sampled, answered, base_weights, sampled_strata, variance_of_total
from estimation.errors import NoAnswers
from estimation.margins import Margins, margin_residuals, raked_weights

ROUNDING = 1e-20  # a variance below is that of answers that all agree


@dataclass(frozen=True, slots=True)
class Calibrated:
    """Cells with their weights before (``base``) and after; ``members`` are the cells of the domain."""

    cells: Sequence[Cell]
    strata: Mapping[str, Sampled]
    base: Sequence[float]
    weights: Sequence[float]
    margins: Margins
    members: Sequence[bool]
    fpc: bool

    @classmethod
    def to(cls, cells: Sequence[Cell], margins: Margins, domain: Mapping[str, str], fpc: bool) -> Self:
        """The cells raked to the margins. Raises NoAnswers for a domain without respondents."""
        cells = answered(cells)
        strata = sampled_strata(cells)
        base = base_weights(cells, strata)
        members = [all(cell.groups[name] == value for name, value in domain.items()) for cell in cells]
        if not any(members):
            raise NoAnswers
        return cls(cells, strata, base, raked_weights(cells, base, margins), margins, members, fpc)

    @property
    def n(self) -> int:
        return sum(cell.count for cell, inside in zip(self.cells, self.members, strict=True) if inside)

    @property
    def df(self) -> int:
        """Members less the strata they were found in."""
        return self.n - len({cell.stratum for cell, inside in zip(self.cells, self.members, strict=True) if inside})

    @property
    def size(self) -> float:
        """Contacts that the members stand for."""
        return self._total(self.weights, [1.0] * len(self.cells))

    def values(self, recode: Callable[[float], float]) -> list[float]:
        return [recode(cell.score) for cell in self.cells]

    def mean(self, values: Sequence[float], weights: Sequence[float] | None = None) -> float:
        chosen = self.weights if weights is None else weights
        return self._total(chosen, values) / self._total(chosen, [1.0] * len(values))

    def _total(self, weights: Sequence[float], values: Sequence[float]) -> float:
        rows = zip(self.cells, weights, values, self.members, strict=True)
        return math.fsum(weight * cell.count * value for cell, weight, value, inside in rows if inside)

    def variance(self, values: Sequence[float], regression_weights: Sequence[float] | None = None) -> float:
        """Of the mean of ``values``; the regression is weighted by the weights before, or by those given."""
        centre, inside = self.mean(values), self.members
        distances = [value - centre if member else 0.0 for value, member in zip(values, inside, strict=True)]
        chosen = self.base if regression_weights is None else regression_weights
        residuals = self._within_classes(margin_residuals(self.cells, self.margins, distances, chosen))
        weighted = [weight * residual for weight, residual in zip(self.weights, residuals, strict=True)]
        found = variance_of_total(self.cells, self.strata, weighted, self.fpc) / self.size**2
        return found if found > ROUNDING else 0.0

    def _within_classes(self, residuals: Sequence[float]) -> list[float]:
        """Residuals of merged strata from the weighted mean of their class, whose contacts the weights add up to."""
        sums: defaultdict[str, list[float]] = defaultdict(lambda: [0.0, 0.0])
        for cell, weight, residual in zip(self.cells, self.base, residuals, strict=True):
            if cell.base_weight is not None:
                sums[cell.stratum][0] += weight * cell.count * residual
                sums[cell.stratum][1] += weight * cell.count
        means = {label: top / bottom for label, (top, bottom) in sums.items()}
        return [one - means.get(cell.stratum, 0.0) for cell, one in zip(self.cells, residuals, strict=True)]

    @property
    def design_size(self) -> float:
        """Answers that the weights are worth when all strata agree: (sum w)^2 / sum w^2 (1 - f); infinite: a census."""
        rows = zip(self.cells, self.weights, self.members, strict=True)
        left = {label: 1 - one.n / one.population_size if self.fpc else 1.0 for label, one in self.strata.items()}
        noise = math.fsum(weight**2 * cell.count * left[cell.stratum] for cell, weight, inside in rows if inside)
        return self.size**2 / noise if noise > 0 else math.inf
