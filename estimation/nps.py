"""The net promoter score: the share of 9-10 less the share of 0-6, on -100..100."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from estimation.effective_sizes import EffectiveSizes, bounded
from estimation.errors import InvalidInput
from estimation.means import mean_of_counts, t_limits
from estimation.parts import (
    LonelyStratum,
    Part,
    degrees_of_freedom,
    design_size,
    estimated_mean,
    members_of,
    parts_of,
    variance_of_mean,
)
from estimation.proportions import Interval
from estimation.quantiles import normal_quantile
from estimation.strata import Counts, DomainStratum, Stratum


@dataclass(frozen=True, slots=True)
class NetScore:
    """A net promoter score of ``n`` answers, on -100..100.

    ``adjusted_wald`` is the default interval, held inside -100..100, and keeps a width when everybody agrees;
    ``lower``..``upper`` is the Student one, not clipped, for comparison. ``n_star`` is the size the default stands on,
    None when everybody was asked.
    """

    n: int
    estimate: float
    std_error: float | None
    df: int
    lower: float | None
    upper: float | None
    confidence_level: float
    promoter_share: float
    detractor_share: float
    n_star: float | None
    adjusted_wald: Interval | None


def nps_sign(score: float) -> float:
    """1 for a promoter (9 or 10), -1 for a detractor (0 to 6), 0 between. Raises InvalidInput outside 0..10."""
    if not 0 <= score <= 10:
        raise InvalidInput("score", score)
    return 1.0 if score >= 9 else -1.0 if score <= 6 else 0.0


def nps(counts: Counts, population_size: int | None = None, confidence_level: float = 0.95) -> NetScore:
    """The score of a simple random sample, of ``population_size`` contacts when that is known.

    With one answer the error and both intervals are None. Raises NoAnswers when nobody answered.
    """
    signs = {sign: sum(count for score, count in counts.items() if nps_sign(score) == sign) for sign in (1, 0, -1)}
    mean = mean_of_counts(signs, confidence_level)
    if population_size is not None and mean.n > population_size:
        raise InvalidInput("respondents_exceed_population", mean.n, population_size)
    left = 1.0 if population_size is None else 1 - mean.n / population_size
    variance = None if mean.sd is None else mean.sd**2 / mean.n * left
    design = mean.n / left if left > 0 else math.inf
    shares = (signs[1] / mean.n, signs[-1] / mean.n)
    return net_score(mean.n, mean.df, shares, variance, design, confidence_level)


def stratified_nps(
    strata: Sequence[Stratum],
    *,
    fpc: bool = True,
    lonely_stratum: LonelyStratum = "fail",
    confidence_level: float = 0.95,
) -> NetScore:
    """The design-weighted score over the population of all strata.

    Raises EmptyStratum, SingleUnitStratum (unless ``lonely_stratum`` says what to do) or NoAnswers.
    """
    return nps_of_strata(strata, fpc, lonely_stratum, confidence_level)


def domain_nps(
    strata: Sequence[DomainStratum],
    *,
    fpc: bool = True,
    lonely_stratum: LonelyStratum = "fail",
    confidence_level: float = 0.95,
) -> NetScore:
    """The design-weighted score over a domain, which may cut across strata; whole strata give stratified_nps."""
    return nps_of_strata(strata, fpc, lonely_stratum, confidence_level)


def nps_of_strata(
    strata: Sequence[Stratum | DomainStratum], fpc: bool, lonely: LonelyStratum, confidence_level: float
) -> NetScore:
    parts = parts_of(strata, nps_sign)
    variance = variance_of_mean(parts, estimated_mean(parts), fpc, lonely)
    shares = (share_of_sign(strata, 1), share_of_sign(strata, -1))
    n, df = members_of(parts), degrees_of_freedom(parts)
    return net_score(n, df, shares, variance, design_size(parts, fpc), confidence_level)


def share_of_sign(strata: Sequence[Stratum | DomainStratum], sign: int) -> float:
    parts: list[Part] = parts_of(strata, lambda score: float(nps_sign(score) == sign))
    return estimated_mean(parts)


def net_score(
    n: int, df: int, shares: tuple[float, float], variance: float | None, design: float, confidence_level: float
) -> NetScore:
    """The score from its two shares, the variance of their difference and the size the design gives."""
    promoters, detractors = shares
    net, error = promoters - detractors, None if variance is None else 100 * math.sqrt(variance)
    lower, upper = t_limits(100 * net, error, df, confidence_level)
    unit_variance = promoters + detractors - net**2
    star = None
    if variance is not None:
        star = EffectiveSizes(n, df, unit_variance, variance, design, confidence_level).star
    limits = None if star is None else adjusted_wald_limits(shares, star, confidence_level)
    ends = (promoters, detractors, bounded(star), limits)
    return NetScore(n, 100 * net, error, df, lower, upper, confidence_level, *ends)


def adjusted_wald_limits(shares: tuple[float, float], size: float, confidence_level: float) -> Interval:
    """Adjusted Wald limits on -100..100: 3/4 promoter, 3/4 detractor and 3/2 passive are added to ``size`` answers.

    Source: Rocks (2016), Am. Stat. 70:365.
    """
    if math.isinf(size):
        return Interval(100 * (shares[0] - shares[1]), 100 * (shares[0] - shares[1]))
    promoters, detractors = ((share * size + 0.75) / (size + 3) for share in shares)
    net = promoters - detractors
    half = normal_quantile(confidence_level) * math.sqrt((promoters + detractors - net**2) / (size + 3))
    return Interval(100 * (net - half), 100 * (net + half)).clipped(-100.0, 100.0)
