"""Replicate variance where one person may have answered several times: whole persons are taken.

Source: Rao, Wu & Yue (1992), Surv. Methodol. 18:209 (first-stage units are resampled, weights calibrated again).
"""

from collections.abc import Mapping, Sequence

import numpy as np

from estimation.bootstrap import BootstrapEstimate, Statistic, bootstrap_estimate
from estimation.errors import InvalidInput
from estimation.weighted import WeightedAnswer, weigh


def bootstrap_weighted(
    classes: Mapping[str, int],
    answers: Sequence[WeightedAnswer],
    statistic: Statistic,
    *,
    replicates: int = 400,
    seed: int,
    confidence_level: float = 0.95,
) -> BootstrapEstimate:
    """A figure over replicates of answers that weigh each for itself: persons are taken, with all they said.

    In each replicate the classes are set against the frame again. There is no correction for the finite population: the
    error is somewhat too large where most contacts were drawn. ``statistic`` takes the weights in the order of the
    answers. Raises what ``weighted_mean`` raises.
    """
    weighed = weigh(classes, answers)
    persons = int(weighed.people.max()) + 1
    if persons < 2 or replicates < 2:
        raise InvalidInput("replicates", persons, replicates)
    taken = np.random.default_rng(seed).multinomial(persons - 1, np.full(persons, 1 / persons), size=replicates)
    rows = weighed.weights * (taken * persons / (persons - 1))[:, weighed.people]
    wanted = np.array(list(weighed.sizes.values()), dtype=float)
    sums = np.stack([np.bincount(weighed.labels, row, minlength=len(wanted)) for row in rows])
    kept = (sums > 0).all(axis=1)  # a class of which nobody was taken says nothing
    rows = rows[kept] * (wanted / sums[kept])[:, weighed.labels]
    found = bootstrap_estimate(statistic, weighed.weights, rows, confidence_level)
    lost = replicates - int(kept.sum())
    ends = (found.std_error, found.lower, found.upper, confidence_level, found.replicates + lost)
    return BootstrapEstimate(found.estimate, *ends, found.undefined + lost)
