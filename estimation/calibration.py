"""Cells of answers by stratum and group, and the variance that calibrated estimates share."""

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from estimation.errors import InvalidInput, NoAnswers, SingleUnitStratum


@dataclass(frozen=True, slots=True)
class Cell:
    """``count`` respondents of a stratum who gave ``score``, in the groups named, e.g. {"tenure": "new"}.

    ``base_weight`` is the weight before calibration where it is not N_h / n_h: in a stratum merged of several that were
    drawn or answered at different rates (see ``merged_cells``).
    """

    stratum: str
    population_size: int
    groups: Mapping[str, str]
    score: float
    count: int
    base_weight: float | None = None


@dataclass(frozen=True, slots=True)
class Sampled:
    """How many contacts of a stratum there are and how many answered."""

    population_size: int
    n: int

    @property
    def weight(self) -> float:
        return self.population_size / self.n


def sampled_strata(cells: Sequence[Cell]) -> dict[str, Sampled]:
    """The strata the cells come from. Raises NoAnswers, SingleUnitStratum, or InvalidInput for sizes that disagree."""
    respondents: defaultdict[tuple[str, int], int] = defaultdict(int)
    for cell in cells:
        respondents[cell.stratum, cell.population_size] += cell.count
    strata = {label: Sampled(size, n) for (label, size), n in respondents.items()}
    if not strata:
        raise NoAnswers
    if len(strata) < len(respondents) or any(stratum.n > stratum.population_size for stratum in strata.values()):
        raise InvalidInput("population_size")
    if lonely := [label for label, stratum in strata.items() if stratum.n == 1 < stratum.population_size]:
        raise SingleUnitStratum(*lonely)
    return strata


def answered(cells: Sequence[Cell]) -> list[Cell]:
    """The cells that hold respondents. Raises InvalidInput for a negative count."""
    if any(cell.count < 0 for cell in cells):
        raise InvalidInput("negative_count")
    return [cell for cell in cells if cell.count]


def base_weights(cells: Sequence[Cell], strata: Mapping[str, Sampled]) -> list[float]:
    """The weight of one respondent of each cell before calibration."""
    return [strata[one.stratum].weight if one.base_weight is None else one.base_weight for one in cells]


def weighted_mean(cells: Sequence[Cell], weights: Sequence[float]) -> float:
    total = math.fsum(weight * cell.count for cell, weight in zip(cells, weights, strict=True))
    pairs = zip(cells, weights, strict=True)
    return math.fsum(weight * cell.count * cell.score for cell, weight in pairs) / total


def variance_of_total(
    cells: Sequence[Cell], strata: Mapping[str, Sampled], values: Sequence[float], fpc: bool
) -> float:
    """Variance of the sum of ``values`` (already weighted) over a stratified sample: sum n_h (1 - f_h) s_h^2."""
    grouped: defaultdict[str, list[tuple[int, float]]] = defaultdict(list)
    for cell, value in zip(cells, values, strict=True):
        grouped[cell.stratum].append((cell.count, value))
    return math.fsum(
        (1 - strata[label].n / strata[label].population_size if fpc else 1) * stratum_spread(strata[label].n, pairs)
        for label, pairs in grouped.items()
    )


def stratum_spread(n: int, pairs: Sequence[tuple[int, float]]) -> float:
    """n times the variance, divisor n - 1, of counted values."""
    if n == 1:
        return 0.0
    mean = math.fsum(count * value for count, value in pairs) / n
    return n / (n - 1) * math.fsum(count * (value - mean) ** 2 for count, value in pairs)
