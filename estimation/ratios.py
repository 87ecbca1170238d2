"""The ratio of two totals, both known only from the sample."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from estimation.errors import EmptyStratum, InvalidInput, NoAnswers, SingleUnitStratum
from estimation.means import MeanEstimate, t_limits
from estimation.strata import check_sizes


@dataclass(frozen=True, slots=True)
class PairedStratum:
    """A stratum of ``population_size`` contacts, with a (numerator, denominator) pair for each respondent."""

    label: str
    population_size: int
    pairs: Sequence[tuple[float, float]]

    def __post_init__(self) -> None:
        check_sizes(self.label, self.population_size, len(self.pairs), ())


def ratio(strata: Sequence[PairedStratum], *, fpc: bool = True, confidence_level: float = 0.95) -> MeanEstimate:
    """The combined ratio, numerator total over denominator total, with Taylor linearisation and t on n - H.

    Raises EmptyStratum, SingleUnitStratum, or InvalidInput when the denominator's total is 0.
    Source: Cochran (1977), Sampling Techniques, section 6.11; Lohr, Sampling, section 4.1.
    """
    strata = [stratum for stratum in strata if stratum.population_size > 0]
    check_strata(strata, fpc)
    top, bottom = (math.fsum(weighted_sum(stratum, side) for stratum in strata) for side in (0, 1))
    if bottom == 0:
        raise InvalidInput("denominator", bottom)
    estimate, n = top / bottom, sum(len(stratum.pairs) for stratum in strata)
    variance = math.fsum(residual_variance(stratum, estimate, fpc) for stratum in strata)
    error, df = math.sqrt(variance) / abs(bottom), n - len(strata)
    lower, upper = t_limits(estimate, error, df, confidence_level)
    return MeanEstimate(n, estimate, error, df, lower, upper, confidence_level)


def check_strata(strata: Sequence[PairedStratum], fpc: bool) -> None:
    if not strata:
        raise NoAnswers
    if empty := [stratum.label for stratum in strata if not stratum.pairs]:
        raise EmptyStratum(*empty)
    lonely = [
        stratum.label for stratum in strata if len(stratum.pairs) == 1 and not (fpc and stratum.population_size == 1)
    ]
    if lonely:
        raise SingleUnitStratum(*lonely)


def weighted_sum(stratum: PairedStratum, side: int) -> float:
    return stratum.population_size * math.fsum(pair[side] for pair in stratum.pairs) / len(stratum.pairs)


def residual_variance(stratum: PairedStratum, estimate: float, fpc: bool) -> float:
    """Variance of the stratum's total of numerator - ratio x denominator."""
    n = len(stratum.pairs)
    if n == 1:
        return 0.0
    residuals = [top - estimate * bottom for top, bottom in stratum.pairs]
    mean = math.fsum(residuals) / n
    spread = math.fsum((residual - mean) ** 2 for residual in residuals) / (n - 1)
    return stratum.population_size**2 * (1 - n / stratum.population_size if fpc else 1) * spread / n
