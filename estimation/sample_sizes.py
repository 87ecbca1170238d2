"""How many answers a margin of error asks for, and how to share them among strata."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from estimation.errors import InvalidInput
from estimation.quantiles import normal_quantile


@dataclass(frozen=True, slots=True)
class SampleSize:
    """Answers needed, exact and rounded up, and the invitations they take."""

    n_exact: float
    n_required: int
    invitations_required: int


def sample_size_for_share(
    proportion: float,
    margin_of_error: float,
    *,
    population_size: int | None = None,
    design_effect: float = 1.0,
    expected_response_rate: float = 1.0,
    confidence_level: float = 0.95,
) -> SampleSize:
    """Answers needed to know a share near ``proportion`` within ``margin_of_error`` either way.

    Rounded up once, at the end. Raises InvalidInput for figures outside their range.
    Source: Cochran (1977), Sampling Techniques, eqs. 4.1 and 4.3.
    """
    if not (0 < proportion < 1 and margin_of_error > 0 and design_effect > 0 and 0 < expected_response_rate <= 1):
        raise InvalidInput("sample_size", proportion, margin_of_error, design_effect, expected_response_rate)
    endless = normal_quantile(confidence_level) ** 2 * proportion * (1 - proportion) / margin_of_error**2
    exact = endless * design_effect
    if population_size is not None:
        exact /= 1 + (exact - 1) / population_size
    required = math.ceil(exact)
    return SampleSize(exact, required, math.ceil(required / expected_response_rate))


@dataclass(frozen=True, slots=True)
class StratumSpread:
    """A stratum's contacts and the standard deviation expected among them."""

    label: str
    population_size: int
    sd: float


@dataclass(frozen=True, slots=True)
class Allocation:
    """Answers by stratum, in the order given and not rounded, and the variance of the estimated total."""

    n_h: tuple[float, ...]
    variance_of_total: float


@dataclass(frozen=True, slots=True)
class Allocations:
    """The same number of answers shared by size, by size and spread, or equally."""

    proportional: Allocation
    neyman: Allocation
    equal: Allocation


def allocations(strata: Sequence[StratumSpread], n: int) -> Allocations:
    """Three ways to share ``n`` answers. Raises InvalidInput when no stratum has contacts or spread.

    Source: Cochran (1977), Sampling Techniques, sections 5.5 and 5.9.
    """
    return Allocations(
        allocation(strata, n, [stratum.population_size for stratum in strata]),
        allocation(strata, n, [stratum.population_size * stratum.sd for stratum in strata]),
        allocation(strata, n, [1.0] * len(strata)),
    )


def allocation(strata: Sequence[StratumSpread], n: int, shares: Sequence[float]) -> Allocation:
    total = math.fsum(shares)
    if total <= 0 or n <= 0:
        raise InvalidInput("allocation", n)
    sizes = tuple(n * share / total for share in shares)
    variances = (
        stratum.population_size * (stratum.population_size - size) * stratum.sd**2 / size
        for stratum, size in zip(strata, sizes, strict=True)
        if stratum.sd > 0
    )
    return Allocation(sizes, math.fsum(variances))
