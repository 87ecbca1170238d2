"""Replicate variance, for figures no formula is given for: quantiles, ratios, Shapley parts.

Rao and Wu's rescaling bootstrap: from the n_h respondents of a stratum n_h - 1 are taken with replacement, and weights
become w (1 - l + l r n_h / (n_h - 1)), r being how often one was taken and l^2 = 1 - f_h (1 without the correction for
the finite population). Cells suffice: how often those of a cell are taken is multinomial. For a mean the variance over
replicates is the formula's, on average. Sources: Rao & Wu (1988), JASA 83:231; Rao, Wu & Yue (1992), Surv. Methodol.
18:209.
"""

import math
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from estimation.errors import EmptyStratum, InvalidInput, NoAnswers, SingleUnitStratum
from estimation.strata import check_sizes

#: A figure from the weight of each cell (or answer), in the order of the keys.
Statistic = Callable[[np.ndarray], float | None]


@dataclass(frozen=True, slots=True)
class CellStratum:
    """Contacts of a stratum and respondents by cell; a cell may be any answer, or several together (4, 5, "yes")."""

    label: str
    population_size: int
    counts: Mapping[Hashable, int]

    def __post_init__(self) -> None:
        check_sizes(self.label, self.population_size, sum(self.counts.values()), self.counts.values())


@dataclass(frozen=True, slots=True)
class Replicates:
    """Weights of each cell (summed over its respondents): ``full`` from the sample, one row of ``weights`` a replicate.

    ``keys`` are (stratum, cell), in the order of the columns.
    """

    keys: tuple[tuple[str, Hashable], ...]
    full: np.ndarray
    weights: np.ndarray


@dataclass(frozen=True, slots=True)
class BootstrapEstimate:
    """A figure with its replicate error and percentile limits; None where under two replicates gave a figure."""

    estimate: float
    std_error: float | None
    lower: float | None
    upper: float | None
    confidence_level: float
    replicates: int
    undefined: int


def replicate_weights(strata: Sequence[CellStratum], replicates: int, seed: int, *, fpc: bool = True) -> Replicates:
    """Rao-Wu weights of the cells; the same seed gives the same weights.

    Raises EmptyStratum, SingleUnitStratum, NoAnswers, or InvalidInput for under two replicates.
    """
    present = [one for one in strata if one.population_size]
    check_replicable(present, replicates)
    generator, keys, full, rows = np.random.default_rng(seed), [], [], []
    for stratum in present:
        cells = [(key, count) for key, count in stratum.counts.items() if count]
        counts = np.array([count for _, count in cells])
        keys += [(stratum.label, key) for key, _ in cells]
        full.append(counts * stratum.population_size / counts.sum())
        rows.append(full[-1] * factors(counts, stratum.population_size, replicates, generator, fpc))
    return Replicates(tuple(keys), np.concatenate(full), np.concatenate(rows, axis=1))


def check_replicable(strata: Sequence[CellStratum], replicates: int) -> None:
    if replicates < 2:
        raise InvalidInput("replicates", replicates)
    sizes = {one.label: sum(one.counts.values()) for one in strata}
    if not sum(sizes.values()):
        raise NoAnswers
    if empty := [label for label, n in sizes.items() if not n]:
        raise EmptyStratum(*empty)
    if lonely := [one.label for one in strata if sizes[one.label] == 1 < one.population_size]:
        raise SingleUnitStratum(*lonely)


def factors(
    counts: np.ndarray, population_size: int, replicates: int, generator: np.random.Generator, fpc: bool
) -> np.ndarray:
    """By how much the weight of each cell is multiplied in each replicate."""
    n = int(counts.sum())
    if n == 1:
        return np.ones((replicates, len(counts)))
    share = math.sqrt(1 - n / population_size) if fpc else 1.0
    taken = generator.multinomial(n - 1, counts / n, size=replicates)
    return 1 - share + share * taken * n / ((n - 1) * counts)


def bootstrap(
    strata: Sequence[CellStratum],
    statistic: Callable[[Sequence[tuple[str, Hashable]]], Statistic],
    *,
    replicates: int = 400,
    seed: int,
    fpc: bool = True,
    confidence_level: float = 0.95,
) -> BootstrapEstimate:
    """The figure over replicates. ``statistic`` is given the keys once and returns the figure of a row of weights.

    Where it returns None for a replicate that one is counted as undefined. Raises what ``replicate_weights`` raises.
    """
    made = replicate_weights(strata, replicates, seed, fpc=fpc)
    return bootstrap_estimate(statistic(made.keys), made.full, made.weights, confidence_level)


def bootstrap_estimate(
    statistic: Statistic, full: np.ndarray, weights: np.ndarray, confidence_level: float
) -> BootstrapEstimate:
    """From weights that were made before, so that several figures can stand on the same replicates."""
    estimate = statistic(full)
    if estimate is None:
        raise NoAnswers
    values = np.array([value for row in weights if (value := statistic(row)) is not None], dtype=float)
    undefined = len(weights) - len(values)
    if len(values) < 2:
        return BootstrapEstimate(estimate, None, None, None, confidence_level, len(weights), undefined)
    tail = (1 - confidence_level) / 2
    lower, upper = (float(limit) for limit in np.quantile(values, [tail, 1 - tail]))
    error = math.sqrt(float(np.mean((values - estimate) ** 2)))
    return BootstrapEstimate(estimate, error, lower, upper, confidence_level, len(weights), undefined)
