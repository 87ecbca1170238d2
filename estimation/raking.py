"""Means, shares and net scores weighted so that several known margins of the frame are met at once.

All of them take cells of answers, the known totals by level of each margin ({"tenure": {"new": 120, "old": 880}}) and,
for a figure over a part only, the groups it lies in (``domain={"site": "lille"}``). They raise EmptyPoststratum for a
level with a total and no respondent, NotConverged after 1,000 rounds, NoAnswers for a domain without respondents, and
what calibration.sampled_strata raises. Without margins they give the figure with the weights before.
Sources: Deming & Stephan (1940), Ann. Math. Stat. 11:427; Deville & Sarndal (1992), JASA 87:376.
"""

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from estimation.calibrated import Calibrated
from estimation.calibration import Cell
from estimation.effective_sizes import EffectiveSizes, bounded
from estimation.margins import Margins
from estimation.means import MeanEstimate, t_limits
from estimation.nps import NetScore, net_score, nps_sign
from estimation.shares import Share, share_intervals
from estimation.weights import design_effect_of_weights


@dataclass(frozen=True, slots=True)
class CellWeight:
    """The raked weight of one respondent of a stratum, in the groups named."""

    stratum: str
    groups: Mapping[str, str]
    weight: float


@dataclass(frozen=True, slots=True)
class RakedMean(MeanEstimate):
    """A raked mean, its weights, and the mean before.

    ``std_error`` regresses on the margins with design weights; ``std_error_unweighted`` without, as R's rake() and
    Python's svy do: up to 3 % apart. ``deff_weighting`` is Kish's, of the raked weights.
    """

    std_error_unweighted: float
    weights: tuple[CellWeight, ...]
    deff_weighting: float
    unadjusted_estimate: float


def raked_mean(
    cells: Sequence[Cell],
    margins: Margins,
    *,
    domain: Mapping[str, str] | None = None,
    fpc: bool = True,
    confidence_level: float = 0.95,
) -> RakedMean:
    """The mean with weights that meet every margin; t on n - H."""
    raked = Calibrated.to(cells, margins, domain or {}, fpc)
    scores = raked.values(float)
    estimate, error = raked.mean(scores), math.sqrt(raked.variance(scores))
    lower, upper = t_limits(estimate, error, raked.df, confidence_level)
    counts = [cell.count for cell in raked.cells]
    return RakedMean(
        *(raked.n, estimate, error, raked.df, lower, upper, confidence_level),
        std_error_unweighted=math.sqrt(raked.variance(scores, [1.0] * len(scores))),
        weights=cell_weights(raked.cells, raked.weights),
        deff_weighting=design_effect_of_weights(raked.weights, counts).deff_weighting,
        unadjusted_estimate=raked.mean(scores, raked.base),
    )


def raked_proportion(
    cells: Sequence[Cell],
    margins: Margins,
    successes: Collection[float] = (1,),
    *,
    domain: Mapping[str, str] | None = None,
    fpc: bool = True,
    confidence_level: float = 0.95,
) -> Share:
    """The share of answers among ``successes``, with the intervals of a stratified share.

    ``wilson_design`` stands on the smaller of p(1-p)/v after the penalty for strata and (sum w)^2 / sum w^2 (1 - f).
    """
    raked = Calibrated.to(cells, margins, domain or {}, fpc)
    hits = raked.values(lambda score: float(score in successes))
    share, design = min(max(raked.mean(hits), 0.0), 1.0), raked.design_size
    variance = 0.0 if share in (0, 1) else raked.variance(hits)
    sizes = EffectiveSizes(raked.n, raked.df, share * (1 - share), variance, design, confidence_level)
    return Share(
        *(raked.n, share, math.sqrt(variance), raked.df, confidence_level),
        *(sizes.effective, sizes.adjusted, bounded(design), bounded(sizes.star)),
        share_intervals(share, sizes),
    )


def raked_nps(
    cells: Sequence[Cell],
    margins: Margins,
    *,
    domain: Mapping[str, str] | None = None,
    fpc: bool = True,
    confidence_level: float = 0.95,
) -> NetScore:
    """The net promoter score with weights that meet every margin, on -100..100."""
    raked = Calibrated.to(cells, margins, domain or {}, fpc)
    signs = raked.values(nps_sign)
    shares = [raked.mean([float(sign == wanted) for sign in signs]) for wanted in (1, -1)]
    variance = raked.variance(signs)
    return net_score(raked.n, raked.df, (shares[0], shares[1]), variance, raked.design_size, confidence_level)


def cell_weights(cells: Sequence[Cell], weights: Sequence[float]) -> tuple[CellWeight, ...]:
    """One weight for each stratum and combination of groups, whatever the score."""
    distinct = {
        (cell.stratum, tuple(sorted(cell.groups.items()))): weight for cell, weight in zip(cells, weights, strict=True)
    }
    return tuple(CellWeight(stratum, dict(groups), weight) for (stratum, groups), weight in distinct.items())
