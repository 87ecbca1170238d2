"""Rates of events over an exposure, such as complaints per 1,000 contacts."""

from dataclasses import dataclass

from estimation.errors import InvalidInput
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
