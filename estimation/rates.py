"""Rates of events over an exposure, such as complaints per 1,000 contacts."""

import math
from dataclasses import dataclass

from scipy import special

from estimation.errors import InvalidInput
from estimation.proportions import Interval, clopper_pearson
from estimation.quantiles import gamma_quantile, tail


@dataclass(frozen=True, slots=True)
class Rate:
    """``count`` events over ``exposure``, expressed per ``per`` units of it, with exact limits."""

    count: int
    exposure: float
    per: float
    rate: float
    lower: float
    upper: float
    confidence_level: float


def poisson_rate(count: int, exposure: float, per: float = 1.0, confidence_level: float = 0.95) -> Rate:
    """The rate of a Poisson count with Garwood's exact interval. Raises InvalidInput unless the exposure is positive.

    Source: Garwood (1936), Biometrika 28:437.
    """
    if count < 0 or exposure <= 0 or per <= 0:
        raise InvalidInput("rate", count, exposure, per)
    alpha, scale = tail(confidence_level), per / exposure
    lower, upper = gamma_quantile(alpha, count), gamma_quantile(1 - alpha, count + 1)
    return Rate(count, exposure, per, count * scale, lower * scale, upper * scale, confidence_level)


@dataclass(frozen=True, slots=True)
class RateRatio:
    """The first rate over the second, None when the second count is 0; ``upper`` may be infinite.

    ``p_value_central`` agrees with the interval and is the one to print; ``p_value_minlik`` is R's poisson.test.
    """

    ratio: float | None
    lower: float
    upper: float
    p_value_central: float
    p_value_minlik: float
    confidence_level: float


def poisson_rate_ratio(
    count_1: int, exposure_1: float, count_2: int, exposure_2: float, confidence_level: float = 0.95
) -> RateRatio:
    """The ratio of two Poisson rates, exact given the sum of the counts.

    Source: Przyborowski & Wilenski (1940), Biometrika 31:313; Clopper-Pearson limits of the conditional share.
    """
    if min(count_1, count_2) < 0 or min(exposure_1, exposure_2) <= 0:
        raise InvalidInput("rates", count_1, exposure_1, count_2, exposure_2)
    total, scale = count_1 + count_2, exposure_2 / exposure_1
    even = exposure_1 / (exposure_1 + exposure_2)
    ratio = count_1 / count_2 * scale if count_2 else None
    limits = clopper_pearson(count_1, total, confidence_level) if total else Interval(0.0, 1.0)
    lower, upper = (scale * limit / (1 - limit) if limit < 1 else math.inf for limit in limits)
    return RateRatio(ratio, lower, upper, *equal_rates_p_values(count_1, total, even), confidence_level)


def equal_rates_p_values(count: int, total: int, share: float) -> tuple[float, float]:
    """Central and minimum-likelihood p-values of ``count`` of ``total`` events when ``share`` is expected."""
    if total == 0:
        return 1.0, 1.0
    from scipy import stats

    at_most, at_least = special.bdtr(count, total, share), special.bdtrc(count - 1, total, share) if count else 1.0
    central = min(1.0, 2 * float(min(at_most, at_least)))
    return central, float(stats.binomtest(count, total, share).pvalue)
