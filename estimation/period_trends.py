"""Whether a figure rises or falls over periods, each weighted by how well it is known."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from estimation.errors import InvalidInput, TooFewPeriods
from estimation.quantiles import chi_square_tail, normal_quantile, normal_tails

FEWEST_PERIODS = 6


@dataclass(frozen=True, slots=True)
class PeriodTrend:
    """The change of the figure per unit of time. ``misfit_p_value``: of the periods lying on a line but for chance."""

    slope: float
    std_error: float
    lower: float
    upper: float
    p_value: float
    level_at_mean: float
    misfit_p_value: float
    periods: int
    confidence_level: float


def period_trend(
    times: Sequence[float],
    estimates: Sequence[float],
    variances: Sequence[float],
    *,
    fewest: int = FEWEST_PERIODS,
    confidence_level: float = 0.95,
) -> PeriodTrend:
    """Weighted least squares of the periods' figures on time, weights 1 / variance, taken as known; z limits.

    Estimate the periods with ``fpc=False``: a trend speaks of the process. Raises TooFewPeriods under ``fewest`` (three
    at least), InvalidInput for lists of different lengths, equal times or a variance that is not positive.
    Source: Grizzle, Starmer & Koch (1969), Biometrics 25:489; Korn & Graubard (1999), Analysis of Health Surveys, 5.2.
    """
    if not len(times) == len(estimates) == len(variances) or any(not variance > 0 for variance in variances):
        raise InvalidInput("periods")
    if len(times) < max(fewest, 3):
        raise TooFewPeriods(len(times), max(fewest, 3))
    rows = [(time, value, 1 / variance) for time, value, variance in zip(times, estimates, variances, strict=True)]
    whole = math.fsum(weight for _, _, weight in rows)
    centre = math.fsum(time * weight for time, _, weight in rows) / whole
    level = math.fsum(value * weight for _, value, weight in rows) / whole
    spread = math.fsum(weight * (time - centre) ** 2 for time, _, weight in rows)
    if spread <= 0:
        raise InvalidInput("times")
    slope = math.fsum(weight * (time - centre) * (value - level) for time, value, weight in rows) / spread
    misfit = math.fsum(weight * (value - level - slope * (time - centre)) ** 2 for time, value, weight in rows)
    error = 1 / math.sqrt(spread)
    half = normal_quantile(confidence_level) * error
    ends = (slope - half, slope + half, normal_tails(slope / error), level, chi_square_tail(misfit, len(rows) - 2))
    return PeriodTrend(slope, error, *ends, len(rows), confidence_level)
