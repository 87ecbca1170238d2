"""A mean with its Student interval."""

import math
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from estimation.errors import InvalidInput, NoAnswers
from estimation.quantiles import t_quantile
from estimation.strata import Counts


@dataclass(frozen=True, slots=True)
class MeanEstimate:
    """A mean in the unit of the answers; what cannot be known from ``n`` answers is None.

    ``df`` are the degrees of freedom of the Student interval ``lower``..``upper``, which is not clipped to the scale.
    """

    n: int
    estimate: float
    std_error: float | None
    df: int
    lower: float | None
    upper: float | None
    confidence_level: float

    @property
    def has_no_spread(self) -> bool:
        """Whether all answers agree (or everybody was asked): then the interval of width 0 is no sign of certainty."""
        return self.std_error == 0


@dataclass(frozen=True, slots=True)
class SimpleMean(MeanEstimate):
    """The mean of a simple random sample; ``sd`` has the divisor n - 1."""

    sd: float | None


def t_limits(
    estimate: float, std_error: float | None, df: float, confidence_level: float
) -> tuple[float, float] | tuple[None, None]:
    """estimate -+ t x standard error, or two None when the error or the degrees of freedom are missing."""
    t = t_quantile(confidence_level, df)
    if t is None or std_error is None:
        return None, None
    return estimate - t * std_error, estimate + t * std_error


def mean_of_values(values: Iterable[float], confidence_level: float = 0.95) -> SimpleMean:
    """The mean of single answers. Raises NoAnswers when there is none."""
    return mean_of_counts(Counter(values), confidence_level)


def mean_of_counts(counts: Counts, confidence_level: float = 0.95) -> SimpleMean:
    """The mean of answers counted by value. Raises NoAnswers when there is none."""
    if any(count < 0 for count in counts.values()):
        raise InvalidInput("negative_count")
    n = sum(counts.values())
    if n == 0:
        raise NoAnswers
    mean = math.fsum(value * count for value, count in counts.items()) / n
    squares = math.fsum(count * (value - mean) ** 2 for value, count in counts.items())
    return mean_of_summary(n, mean, math.sqrt(squares / (n - 1)) if n > 1 else None, confidence_level)


def mean_of_summary(n: int, mean: float, sd: float | None, confidence_level: float = 0.95) -> SimpleMean:
    """The mean and its Student interval from the size, mean and standard deviation (divisor n - 1)."""
    if n < 1 or (sd is not None and sd < 0):
        raise InvalidInput("summary", n, sd)
    error = None if sd is None or n == 1 else sd / math.sqrt(n)
    lower, upper = t_limits(mean, error, n - 1, confidence_level)
    return SimpleMean(n, mean, error, n - 1, lower, upper, confidence_level, None if n == 1 else sd)
