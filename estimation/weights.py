"""Weights: what unequal ones cost, and what answers that did not come do to them."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from estimation.errors import EmptyClass, InvalidInput, NoAnswers


@dataclass(frozen=True, slots=True)
class WeightingEffect:
    """Kish's design effect of unequal weights, and the equally weighted answers that would be as good."""

    deff_weighting: float
    n_effective: float


def design_effect_of_weights(weights: Sequence[float], counts: Sequence[int] | None = None) -> WeightingEffect:
    """n sum w^2 / (sum w)^2, each weight taken ``counts`` times (once by default).

    Raises NoAnswers without weights, InvalidInput when one is negative or all are 0.
    Source: Kish (1965), Survey Sampling.
    """
    times = [1] * len(weights) if counts is None else counts
    if not sum(times):
        raise NoAnswers
    total = math.fsum(weight * count for weight, count in zip(weights, times, strict=True))
    if total <= 0 or min(weights) < 0:
        raise InvalidInput("weights")
    squares = math.fsum(weight**2 * count for weight, count in zip(weights, times, strict=True))
    return WeightingEffect(sum(times) * squares / total**2, total**2 / squares)


@dataclass(frozen=True, slots=True)
class WeightingClass:
    """Base weights of those sampled in a class, of those who answered, and the weighted mean of their answers."""

    label: str
    sampled_weight: float
    respondent_weight: float
    respondent_mean: float | None


@dataclass(frozen=True, slots=True)
class NonresponseAdjustment:
    """Factor by class for the weights of respondents, and the mean with it and without."""

    adjustment_factors: dict[str, float]
    adjusted_estimate: float
    unadjusted_estimate: float
    weighted_response_rate: float


def adjust_for_nonresponse(classes: Sequence[WeightingClass]) -> NonresponseAdjustment:
    """Let the respondents of each weighting class stand for all who were sampled in it.

    Raises EmptyClass when nobody of a class answered: collapse it with another one first, openly.
    Sources: Brick & Kalton (1996), Stat. Methods Med. Res. 5:215; Lohr, Sampling, chapter 8.
    """
    classes = [one for one in classes if one.sampled_weight > 0]
    if empty := [one.label for one in classes if one.respondent_weight <= 0 or one.respondent_mean is None]:
        raise EmptyClass(*empty)
    if not classes:
        raise NoAnswers
    sampled = math.fsum(one.sampled_weight for one in classes)
    responded = math.fsum(one.respondent_weight for one in classes)
    return NonresponseAdjustment(
        {one.label: one.sampled_weight / one.respondent_weight for one in classes},
        math.fsum(one.sampled_weight * (one.respondent_mean or 0.0) for one in classes) / sampled,
        math.fsum(one.respondent_weight * (one.respondent_mean or 0.0) for one in classes) / responded,
        responded / sampled,
    )
