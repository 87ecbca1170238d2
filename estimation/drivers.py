"""How much of the spread of an overall score goes with each of several part scores. Association, not effect."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy

from estimation.errors import InvalidInput

MOST_DRIVERS = 12  # every subset is fitted, 2^12 of them


@dataclass(frozen=True, slots=True)
class RelativeImportance:
    """R squared of the full regression and each driver's part of it; the parts add up to the whole."""

    n: int
    r_squared: float
    shapley_r_squared: dict[str, float]


def relative_importance(outcome: Sequence[float], drivers: Mapping[str, Sequence[float]]) -> RelativeImportance:
    """Shapley (LMG) decomposition of R squared of a linear regression with intercept.

    Raises InvalidInput without drivers, with more than 12, with unequal lengths, or when the outcome does not vary.
    Sources: Lindeman, Merenda & Gold (1980); Groemping (2006), J. Stat. Softw. 17(1).
    """
    names = list(drivers)
    if not 1 <= len(names) <= MOST_DRIVERS or any(len(values) != len(outcome) for values in drivers.values()):
        raise InvalidInput("drivers", len(names))
    data = numpy.array([outcome, *drivers.values()], dtype=float)
    centred = data - data.mean(axis=1, keepdims=True)
    if not centred[0].any():
        raise InvalidInput("outcome_without_variance")
    fits = subset_fits(centred[0], centred[1:])
    parts = {name: shapley_part(place, len(names), fits) for place, name in enumerate(names)}
    return RelativeImportance(len(outcome), fits[tuple(range(len(names)))], parts)


def subset_fits(outcome: numpy.ndarray, drivers: numpy.ndarray) -> dict[tuple[int, ...], float]:
    """R squared of the regression on each subset of the drivers, all centred."""
    places = range(len(drivers))
    subsets = [subset for size in range(len(drivers) + 1) for subset in combinations(places, size)]
    return {subset: r_squared(outcome, drivers[list(subset)]) for subset in subsets}


def r_squared(outcome: numpy.ndarray, drivers: numpy.ndarray) -> float:
    if not len(drivers):
        return 0.0
    coefficients = numpy.linalg.lstsq(drivers.T, outcome, rcond=None)[0]
    residuals = outcome - drivers.T @ coefficients
    return 1 - float(residuals @ residuals) / float(outcome @ outcome)


def shapley_part(place: int, k: int, fits: Mapping[tuple[int, ...], float]) -> float:
    """What the driver adds to R squared, averaged over all orders in which drivers could enter."""
    return math.fsum(
        (fits[tuple(sorted((*subset, place)))] - fit) / (k * math.comb(k - 1, len(subset)))
        for subset, fit in fits.items()
        if place not in subset
    )
