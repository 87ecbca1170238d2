"""What each step of weighting does to the headline: the list printed beside it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from estimation.errors import InvalidInput
from estimation.weights import design_effect_of_weights


class Weights(NamedTuple):
    """A step of weighting and the weights after it, one for each cell of answers, in the same order at each step."""

    name: str
    weights: Sequence[float]


@dataclass(frozen=True, slots=True)
class WeightingStep:
    """A step with the headline before and after it, in the unit of the headline.

    ``deff`` is Kish's design effect of the weights after it; ``min`` and ``max`` are these weights over their mean.
    """

    name: str
    headline_before: float
    headline_after: float
    deff: float
    min: float
    max: float


def weighting_steps(
    values: Sequence[float], counts: Sequence[int], steps: Sequence[Weights]
) -> tuple[WeightingStep, ...]:
    """What each step changed of the weighted mean of ``values``, each given by ``counts`` answers.

    Recode first: 0 and 1 for a share, -100, 0 and 100 for a net score. The first step starts from equal weights.
    Raises InvalidInput for lists of different lengths, NoAnswers without answers.
    """
    lists = [values, *(step.weights for step in steps)]
    if any(len(one) != len(counts) for one in lists):
        raise InvalidInput("lengths", *(len(one) for one in lists))
    rows, before = [], _mean(values, counts, [1.0] * len(counts))
    for step in steps:
        after = _mean(values, counts, step.weights)
        borne = [weight for weight, count in zip(step.weights, counts, strict=True) if count]
        mean = sum(weight * count for weight, count in zip(step.weights, counts, strict=True)) / sum(counts)
        deff = design_effect_of_weights(step.weights, counts).deff_weighting
        rows.append(WeightingStep(step.name, before, after, deff, min(borne) / mean, max(borne) / mean))
        before = after
    return tuple(rows)


def _mean(values: Sequence[float], counts: Sequence[int], weights: Sequence[float]) -> float:
    design_effect_of_weights(weights, counts)  # refuses what is no weight
    rows = list(zip(values, counts, weights, strict=True))
    return sum(value * count * weight for value, count, weight in rows) / sum(
        count * weight for _, count, weight in rows
    )
