"""Means over a domain, which may cut across strata, and their difference over strata that have nothing in common."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from estimation.means import MeanEstimate, t_limits
from estimation.parts import (
    LonelyStratum,
    Part,
    degrees_of_freedom,
    estimated_mean,
    estimated_size,
    members_of,
    parts_of,
    variance_of_mean,
)
from estimation.quantiles import t_tails
from estimation.strata import DomainStratum, Stratum
from estimation.stratified import stratified_mean


@dataclass(frozen=True, slots=True)
class DomainMean(MeanEstimate):
    """A design-weighted mean over a domain, and how many contacts of the frame the domain is estimated to hold."""

    domain_size_estimate: float
    domain_size_std_error: float


@dataclass(frozen=True, slots=True)
class MeanDifference(MeanEstimate):
    """The first mean less the second; the test is of no difference and None where the error is 0."""

    t_statistic: float | None
    p_value: float | None


def domain_mean(
    strata: Sequence[DomainStratum],
    *,
    fpc: bool = True,
    lonely_stratum: LonelyStratum = "fail",
    confidence_level: float = 0.95,
) -> DomainMean:
    """The mean of a domain's members; respondents outside count as zeros in the variance.

    The degrees of freedom are the members who answered less the strata they were found in. Raises EmptyStratum,
    SingleUnitStratum (unless ``lonely_stratum`` says what to do) or NoAnswers.
    Sources: Cochran (1977), Sampling Techniques, eq. 5A.14; Lumley (2010), Complex Surveys.
    """
    parts = parts_of(strata)
    mean, df = estimated_mean(parts), degrees_of_freedom(parts)
    error = math.sqrt(variance_of_mean(parts, mean, fpc, lonely_stratum))
    lower, upper = t_limits(mean, error, df, confidence_level)
    size, size_error = estimated_size(parts), math.sqrt(variance_of_size(parts, fpc))
    return DomainMean(members_of(parts), mean, error, df, lower, upper, confidence_level, size, size_error)


def variance_of_size(parts: Sequence[Part], fpc: bool) -> float:
    """Variance of the estimated number of members: that of the total of an indicator."""
    return math.fsum(
        part.population_size**2 * part.unsampled(fpc) * membership_variance(part) / part.respondents for part in parts
    )


def membership_variance(part: Part) -> float:
    if part.respondents == 1:
        return 0.0
    share = part.members / part.respondents
    return share * (1 - share) * part.respondents / (part.respondents - 1)


def domain_difference(
    first: Sequence[Stratum], second: Sequence[Stratum], *, fpc: bool = True, confidence_level: float = 0.95
) -> MeanDifference:
    """The difference of two means whose domains share no stratum, so that variances add; df is n - H over both.

    Raises what stratified_mean raises. Source: Cochran (1977), Sampling Techniques, section 5A.13.
    """
    means = [stratified_mean(strata, fpc=fpc, confidence_level=confidence_level) for strata in (first, second)]
    difference, df = means[0].estimate - means[1].estimate, means[0].df + means[1].df
    error = math.hypot(*(mean.std_error or 0.0 for mean in means))
    lower, upper = t_limits(difference, error, df, confidence_level)
    n = means[0].n + means[1].n
    t = difference / error if error > 0 and df > 0 else None
    p_value = None if t is None else t_tails(t, df)
    return MeanDifference(n, difference, error, df, lower, upper, confidence_level, t, p_value)
