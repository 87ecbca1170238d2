"""How many answers it takes to tell two shares apart, or to prove a target; and how to share them with a floor."""

import math
from collections.abc import Mapping

from estimation.errors import InvalidInput
from estimation.quantiles import normal_quantile, tail
from estimation.sample_sizes import SampleSize


def sample_size_for_difference(
    first: float,
    second: float,
    *,
    power: float = 0.8,
    design_effect: float = 1.0,
    expected_response_rate: float = 1.0,
    confidence_level: float = 0.95,
) -> SampleSize:
    """Answers needed in each of two groups to tell their shares apart with ``power``.

    Sources: Fleiss, Levin & Paik (2003), Statistical Methods for Rates and Proportions, eq. 4.14; R's power.prop.test.
    """
    check_plan(first, second, power, design_effect, expected_response_rate)
    if first == second:
        raise InvalidInput("equal_shares", first)
    mean = (first + second) / 2
    chance = normal_quantile(confidence_level) * math.sqrt(2 * mean * (1 - mean))
    seen = power_quantile(power) * math.sqrt(first * (1 - first) + second * (1 - second))
    exact = ((chance + seen) / (first - second)) ** 2 * design_effect
    return rounded(exact, expected_response_rate)


def sample_size_for_verdict(
    expected: float,
    target: float,
    *,
    power: float = 0.8,
    population_size: int | None = None,
    design_effect: float = 1.0,
    expected_response_rate: float = 1.0,
    confidence_level: float = 0.95,
) -> SampleSize | None:
    """Answers needed for the lower Wilson limit to reach ``target`` with ``power``, if the share is ``expected``.

    None where the expected share is not above the target: more answers would not prove it. The Wilson limit reaches the
    target when (p - t) / sqrt(t (1 - t) / n) >= z. Source: Fleiss, Levin & Paik (2003), eq. 2.8 (one-sample test).
    """
    check_plan(expected, target, power, design_effect, expected_response_rate)
    if expected <= target:
        return None
    chance = normal_quantile(confidence_level) * math.sqrt(target * (1 - target))
    seen = power_quantile(power) * math.sqrt(expected * (1 - expected))
    exact = ((chance + seen) / (expected - target)) ** 2 * design_effect
    if population_size is not None:
        exact /= 1 + (exact - 1) / population_size
    return rounded(exact, expected_response_rate)


def sample_size_for_verdict_of_mean(
    std_dev: float, margin: float, *, power: float = 0.8, confidence_level: float = 0.95
) -> SampleSize:
    """Answers needed for the limit of a mean or net score to reach a target that lies ``margin`` away, with ``power``.

    ``std_dev``: of one answer as the design weighs it, the standard error times the root of the answers.
    Source: Fleiss, Levin & Paik (2003), eq. 2.8 with one spread: ((z_a + z_b) s / margin)^2.
    """
    if not (std_dev > 0 and margin > 0 and 0.5 < power < 1):
        raise InvalidInput("plan", std_dev, margin, power)
    exact = ((normal_quantile(confidence_level) + power_quantile(power)) * std_dev / margin) ** 2
    return rounded(exact, 1.0)


def power_quantile(power: float) -> float:
    """The one-sided normal quantile of ``power``: 0.841621 for 0.8."""
    return normal_quantile(2 * power - 1)


def check_plan(first: float, second: float, power: float, design_effect: float, response: float) -> None:
    if not (0 < first < 1 and 0 < second < 1 and 0.5 < power < 1 and design_effect > 0 and 0 < response <= 1):
        raise InvalidInput("plan", first, second, power, design_effect, response)
    tail(power)


def rounded(exact: float, response: float) -> SampleSize:
    """Rounded up once; a rounding of the computer is no further answer."""
    required = math.ceil(exact - 1e-9)
    return SampleSize(exact, required, math.ceil(required / response - 1e-9))


def sizes_with_floor(
    shares: Mapping[str, float], populations: Mapping[str, int], n: int, floor: int = 10
) -> dict[str, int]:
    """``n`` answers by stratum in proportion to ``shares``, at least ``floor`` each and never more than its contacts.

    Strata whose share is below the floor get it first, the rest is shared among the others; whole numbers by largest
    remainder. Adds up to ``n`` unless the floors take more or the contacts do not suffice. Source: Cochran (1977),
    Sampling Techniques, section 5.8 (strata that hit a bound are fixed, the others allocated again).
    """
    if shares.keys() != populations.keys() or n < 0 or any(share < 0 for share in shares.values()):
        raise InvalidInput("allocation", n)
    lowest = {label: min(floor, size) for label, size in populations.items()}
    fixed: dict[str, int] = {}
    while free := [label for label in shares if label not in fixed]:
        left, whole = max(n - sum(fixed.values()), 0), math.fsum(shares[label] for label in free)
        ideal = {label: left * shares[label] / whole if whole else 0.0 for label in free}
        over = {label: populations[label] for label in free if ideal[label] > populations[label]}
        under = {label: lowest[label] for label in free if ideal[label] < lowest[label]}
        if not over and not under:
            return {**fixed, **whole_numbers(ideal, left)}
        # The larger of the two misfits is settled first, so that the other is judged by what is then left.
        excess = math.fsum(ideal[label] - size for label, size in over.items())
        lack = math.fsum(size - ideal[label] for label, size in under.items())
        fixed.update(over if excess > lack else under)
    return fixed


def whole_numbers(ideal: Mapping[str, float], n: int) -> dict[str, int]:
    """Rounded down, the rest to the largest remainders; the earlier name where they tie."""
    down = {label: math.floor(value + 1e-9) for label, value in ideal.items()}
    order = sorted(ideal, key=lambda label: (down[label] - ideal[label], label))
    return {label: down[label] + (label in order[: n - sum(down.values())]) for label in ideal}
