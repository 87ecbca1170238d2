"""Relative importance from counts of answer patterns per stratum, weighted, with a bootstrap interval."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from estimation.bootstrap import BootstrapEstimate, CellStratum, bootstrap_estimate, replicate_weights
from estimation.drivers import MOST_DRIVERS, shapley_part
from estimation.errors import InvalidInput

LEAST_PER_DRIVER = 10


@dataclass(frozen=True, slots=True)
class CellImportance:
    """R squared of the weighted regression, and each driver's Shapley part of it, in the drivers' order."""

    n: int
    r_squared: BootstrapEstimate
    parts: Mapping[str, BootstrapEstimate]


def importance_of_cells(
    strata: Sequence[CellStratum],
    drivers: Sequence[str],
    *,
    replicates: int = 400,
    seed: int,
    confidence_level: float = 0.95,
) -> CellImportance:
    """Shapley (LMG) parts of the weighted R squared; a cell is (base weight, outcome, first driver, second, …).

    Base weights count against each other within a stratum, whose contacts its respondents stand for together.

    Equal weights give what ``relative_importance`` gives. The interval is Rao and Wu's within strata, without the
    correction for the finite population: it speaks of the process. Raises InvalidInput for no driver or more than
    twelve, for fewer than ten answers a driver, or an outcome that does not vary; else what ``replicate_weights`` does.
    """
    n = sum(sum(stratum.counts.values()) for stratum in strata)
    if not 1 <= len(drivers) <= MOST_DRIVERS:
        raise InvalidInput("drivers", len(drivers))
    if n < LEAST_PER_DRIVER * len(drivers):
        raise InvalidInput("answers_per_driver", n)
    made = replicate_weights(strata, replicates, seed, fpc=False)
    cells = np.array([cell for _stratum, cell in made.keys], dtype=float)
    answers, relative = cells[:, 1:], relative_weights(strata, cells[:, 0], [label for label, _cell in made.keys])
    full = weighted_parts(answers, made.full * relative)
    if full is None:
        raise InvalidInput("outcome_without_variance")
    found = [parts for row in made.weights * relative if (parts := weighted_parts(answers, row)) is not None]
    # One row a replicate, a column a figure: the figures stand on the same replicates.
    columns = np.array([full, *found])

    def limits(place: int) -> BootstrapEstimate:
        return bootstrap_estimate(lambda row: float(row[place]), columns[0], columns[1:], confidence_level)

    by_name = {name: limits(place) for place, name in enumerate(drivers, start=1)}
    return CellImportance(n, limits(0), by_name)


def relative_weights(strata: Sequence[CellStratum], weights: np.ndarray, labels: Sequence[str]) -> np.ndarray:
    """The base weight of each cell over the mean of its stratum's respondents."""
    means = {
        one.label: float(np.average(np.array(list(one.counts), dtype=float)[:, 0], weights=list(one.counts.values())))
        for one in strata
        if any(one.counts.values())
    }
    return weights / np.array([means[label] for label in labels])


def weighted_parts(answers: np.ndarray, weights: np.ndarray) -> list[float] | None:
    """R squared and the Shapley part of each driver; None where the outcome does not vary under these weights."""
    centred = answers - np.average(answers, axis=0, weights=weights)
    products = (centred * weights[:, None]).T @ centred
    if products[0, 0] <= 1e-12 * weights.sum():
        return None
    k = answers.shape[1] - 1
    fits = {
        subset: explained(products, [place + 1 for place in subset])
        for size in range(k + 1)
        for subset in combinations(range(k), size)
    }
    return [fits[tuple(range(k))], *(shapley_part(place, k, fits) for place in range(k))]


def explained(products: np.ndarray, chosen: list[int]) -> float:
    """R squared of the regression on the ``chosen`` columns, from sums of products; redundant ones add nothing."""
    if not chosen:
        return 0.0
    with_outcome = products[chosen, 0]
    coefficients = np.linalg.lstsq(products[np.ix_(chosen, chosen)], with_outcome, rcond=1e-10)[0]
    return float(coefficients @ with_outcome / products[0, 0])
