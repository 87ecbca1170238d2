"""A share of a stratified sample, over whole strata or over a domain that cuts across them."""

import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from scipy import special

from estimation.effective_sizes import EffectiveSizes, bounded
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
from estimation.proportions import Interval, clopper_pearson, wilson_limits
from estimation.quantiles import normal_quantile, t_quantile
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
    share = min(max(estimated_mean(parts), 0.0), 1.0)
    variance, design = variance_of_mean(parts, share, fpc, lonely), design_size(parts, fpc)
    n, df = members_of(parts), degrees_of_freedom(parts)
    sizes = EffectiveSizes(n, df, share * (1 - share), variance, design, confidence_level)
    return Share(
        *(n, share, math.sqrt(variance), df, confidence_level),
        *(sizes.effective, sizes.adjusted, bounded(design), bounded(sizes.star)),
        share_intervals(share, sizes),
    )


def share_intervals(share: float, sizes: EffectiveSizes) -> ShareIntervals:
    """All intervals of a share whose sizes are known."""
    level, effective, adjusted = sizes.confidence_level, sizes.effective, sizes.adjusted
    design = None if sizes.star is None else wilson_limits(share, sizes.star, normal_quantile(level))
    cautious, t = korn_graubard(share, sizes), t_quantile(level, sizes.df)
    if sizes.variance == 0 or not 0 < share < 1 or t is None or effective is None or adjusted is None:
        return ShareIntervals(design, cautious, None, None, None, None, None)
    half = t * math.sqrt(sizes.variance)
    return ShareIntervals(
        design,
        cautious,
        Interval(share - half, share + half),
        logit_limits(share, half),
        arcsine_limits(share, half),
        clopper_pearson(share * adjusted, adjusted, level),
        wilson_limits(share, effective, t),
    )


def korn_graubard(share: float, sizes: EffectiveSizes) -> Interval | None:
    """Clopper-Pearson at the effective size after the penalty for strata, never above the answers there are.

    Sources: Korn & Graubard (1998), Survey Methodology 24:193; the cap is that of Parker et al. (2017), NCHS.
    """
    if sizes.penalty is None:
        return None
    size = min(sizes.n, sizes.n * sizes.penalty if sizes.adjusted is None else sizes.adjusted)
    return clopper_pearson(share * size, size, sizes.confidence_level)


def logit_limits(share: float, half_width: float) -> Interval:
    """Limits symmetric on the logit scale, given the half width on the scale of the share. Source: R svyciprop."""
    centre, half = float(special.logit(share)), half_width / (share * (1 - share))
    return Interval(float(special.expit(centre - half)), float(special.expit(centre + half)))


def arcsine_limits(share: float, half_width: float) -> Interval:
    """Limits symmetric on the arcsine scale, held inside [0, 1]. Source: R svyciprop."""
    centre, half = math.asin(math.sqrt(share)), half_width / (2 * math.sqrt(share * (1 - share)))
    return Interval(math.sin(max(centre - half, 0)) ** 2, math.sin(min(centre + half, math.pi / 2)) ** 2)
