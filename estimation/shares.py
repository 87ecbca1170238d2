"""A share of a stratified sample, over whole strata or over a domain that cuts across them."""

import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from scipy import special

from estimation.parts import (
    LonelyStratum,
    Part,
    capped_size,
    degrees_of_freedom,
    design_size,
    effective_size,
    estimated_mean,
    members_of,
    parts_of,
    variance_of_mean,
)
from estimation.proportions import Interval, clopper_pearson, wilson_limits
from estimation.quantiles import df_ratio, normal_quantile, t_quantile
from estimation.strata import DomainStratum, Stratum


@dataclass(frozen=True, slots=True)
class ShareIntervals:
    """Intervals for one design-based share. ``wilson_design`` is the default, ``korn_graubard`` the cautious one.

    None where the formula says nothing: at 0, at 1 or without variance all but these two.
    """

    wilson_design: Interval | None
    korn_graubard: Interval | None
    t: Interval | None
    logit: Interval | None
    arcsine: Interval | None
    beta: Interval | None
    wilson: Interval | None


@dataclass(frozen=True, slots=True)
class Share:
    """A design-weighted share in [0, 1] of ``n`` answers.

    ``n_effective`` is the simple random sample of equal variance, ``n_effective_df_adjusted`` the same after the
    penalty for strata, ``n_design`` what the design gives when all strata agree, ``n_star`` the size on which
    ``wilson_design`` stands. A size is None where it has no bound (everybody was asked) or cannot be known.
    """

    n: int
    estimate: float
    std_error: float
    df: int
    confidence_level: float
    n_effective: float | None
    n_effective_df_adjusted: float | None
    n_design: float | None
    n_star: float | None
    intervals: ShareIntervals


def stratified_proportion(
    strata: Sequence[Stratum],
    successes: Collection[float] = (1,),
    *,
    fpc: bool = True,
    lonely_stratum: LonelyStratum = "fail",
    confidence_level: float = 0.95,
) -> Share:
    """The share of answers among ``successes`` (e.g. {4, 5}) over the population of all strata.

    Raises EmptyStratum, SingleUnitStratum (unless ``lonely_stratum`` says what to do) or NoAnswers.
    Source of the share and its variance: Cochran (1977), Sampling Techniques, eqs. 5.51 and 5.53.
    """
    return share_of_parts(binary_parts(strata, successes), fpc, lonely_stratum, confidence_level)


def domain_proportion(
    strata: Sequence[DomainStratum],
    successes: Collection[float] = (1,),
    *,
    fpc: bool = True,
    lonely_stratum: LonelyStratum = "fail",
    confidence_level: float = 0.95,
) -> Share:
    """The share of answers among ``successes`` within a domain, which may cut across strata.

    Its variance is that of the domain mean (Cochran 1977, eq. 5A.14); n and df count members of the domain and the
    strata they were found in; ``n_design`` is (sum w m)^2 / sum w^2 (1 - f) m. A domain of whole strata gives
    exactly what stratified_proportion gives. Raises what it raises.
    """
    return share_of_parts(binary_parts(strata, successes), fpc, lonely_stratum, confidence_level)


def binary_parts(strata: Sequence[Stratum | DomainStratum], successes: Collection[float]) -> list[Part]:
    return parts_of(strata, lambda value: float(value in successes))


def share_of_parts(parts: Sequence[Part], fpc: bool, lonely: LonelyStratum, confidence_level: float) -> Share:
    n, df, share = members_of(parts), degrees_of_freedom(parts), min(max(estimated_mean(parts), 0.0), 1.0)
    variance = variance_of_mean(parts, share, fpc, lonely)
    ratio, design = df_ratio(confidence_level, n, df), design_size(parts, fpc)
    effective = effective_size(n, share * (1 - share), variance)
    adjusted = None if effective is None or ratio is None else effective * ratio
    star = capped_size(design, adjusted, ratio, variance)
    sizes = (effective, adjusted, bounded(design), bounded(star))
    intervals = share_intervals(share, variance, (n, df), effective, adjusted, star, confidence_level)
    return Share(n, share, math.sqrt(variance), df, confidence_level, *sizes, intervals)


def share_intervals(
    share: float,
    variance: float,
    n_and_df: tuple[int, int],
    effective: float | None,
    adjusted: float | None,
    star: float | None,
    confidence_level: float,
) -> ShareIntervals:
    n, df = n_and_df
    design = None if star is None else wilson_limits(share, star, normal_quantile(confidence_level))
    cautious = korn_graubard(share, n, adjusted, df_ratio(confidence_level, n, df), confidence_level)
    t = t_quantile(confidence_level, df)
    if variance == 0 or not 0 < share < 1 or t is None or effective is None or adjusted is None:
        return ShareIntervals(design, cautious, None, None, None, None, None)
    error = math.sqrt(variance)
    return ShareIntervals(
        design,
        cautious,
        Interval(share - t * error, share + t * error),
        logit_limits(share, t * error),
        arcsine_limits(share, t * error),
        clopper_pearson(share * adjusted, adjusted, confidence_level),
        wilson_limits(share, effective, t),
    )


def korn_graubard(
    share: float, n: int, adjusted: float | None, ratio: float | None, confidence_level: float
) -> Interval | None:
    """Clopper-Pearson at the effective size after the penalty for strata, never above ``n``.

    Sources: Korn & Graubard (1998), Survey Methodology 24:193; the cap is that of Parker et al. (2017), NCHS.
    """
    if ratio is None:
        return None
    size = min(n, n * ratio if adjusted is None else adjusted)
    return clopper_pearson(share * size, size, confidence_level)


def logit_limits(share: float, half_width: float) -> Interval:
    """Limits symmetric on the logit scale, given the half width on the scale of the share. Source: R svyciprop."""
    centre, half = float(special.logit(share)), half_width / (share * (1 - share))
    return Interval(float(special.expit(centre - half)), float(special.expit(centre + half)))


def arcsine_limits(share: float, half_width: float) -> Interval:
    """Limits symmetric on the arcsine scale, held inside [0, 1]. Source: R svyciprop."""
    centre, half = math.asin(math.sqrt(share)), half_width / (2 * math.sqrt(share * (1 - share)))
    return Interval(math.sin(max(centre - half, 0)) ** 2, math.sin(min(centre + half, math.pi / 2)) ** 2)


def bounded(size: float | None) -> float | None:
    return None if size is None or math.isinf(size) else size
