"""Every formula: pure functions on numpy and scipy that import nothing of ours.

A caller describes the sample, calls one function and gets a frozen result with plain floats:

- ``Stratum(label, population_size, counts)``: contacts in the frame, and respondents by value answered (integers).
  For ``stratified_mean``, ``stratified_proportion(strata, successes={4, 5})``, ``stratified_nps``.
- ``DomainStratum(label, population_size, respondents, counts)``: the same seen by a domain, ``respondents`` being all
  of the stratum and ``counts`` those in the domain. For ``domain_mean``, ``domain_proportion``, ``domain_nps``. A
  domain of whole strata gives exactly the stratified figure, so whoever does not know may always call these.
- ``WeightedAnswer(label, person, weight, value)``: one answer with a weight of its own, several of one person perhaps.
  For ``weighted_mean``, ``weighted_proportion``, ``weighted_nps``, given the contacts of each class.
- No strata: ``proportion``, ``wilson``, ``mean_of_counts``, ``nps``; a rate of events: ``poisson_rate``.
- Weights: ``merged_along`` and ``merged_cells`` (short strata along a declared order), ``raked_mean``,
  ``raked_proportion``, ``raked_nps`` (known margins, GREG variance), ``trimmed_weights``, ``weighting_steps``; and what
  those who did not answer could do: ``manski_band``, ``tipping_point``.
- Comparing, always with ``fpc=False``: ``difference(figure_of(a), figure_of(b))`` (MOVER, Welch), with all of a family
  ``pairwise_differences`` and ``differences_from_rest``; ``standardised_mean`` and its kin (one mix of channels),
  ``share_funnel``, ``rate_funnel``, ``period_trend``, ``rao_scott`` (a table).
- Time: ``kaplan_meier`` (with delayed ``entries``), ``still_open_at``, ``competing_ends`` (Aalen-Johansen),
  ``log_rank``.
- Without a formula: ``bootstrap`` (from cells), ``bootstrap_weighted`` (by person). Planning:
  ``sample_size_for_share``, ``sample_size_for_difference``, ``sample_size_for_verdict`` (of a mean: ``_of_mean``),
  ``sizes_with_floor``. Many figures against their targets: ``missing_by_holm``.

Weights are N_h / n_h and the finite population correction is applied unless ``fpc=False``. Shares lie in 0..1, net
scores in -100..100, intervals are two-sided at ``confidence_level`` (0.95 by default). To publish:
``share.intervals.wilson_design``, ``score.adjusted_wald``, ``lower``..``upper`` of a mean or a rate.
What is undefined is None. What must not be estimated raises an ``EstimationError`` with a ``code`` and ``facts``:
``empty_stratum`` and ``single_unit_stratum`` (facts: labels), ``no_answers``, ``invalid_input``.
"""

from estimation.bootstrap import (
    BootstrapEstimate,
    CellStratum,
    Replicates,
    bootstrap,
    bootstrap_estimate,
    replicate_weights,
)
from estimation.bootstrap_people import bootstrap_weighted
from estimation.calibration import Cell
from estimation.cell_drivers import CellImportance, importance_of_cells
from estimation.competing_ends import CompetingEnds, IncidencePoint, competing_ends, incidence_at
from estimation.control_charts import ControlChart, FunnelLimits, funnel_limits, laney_chart, p_chart
from estimation.differences import Difference, difference
from estimation.dispersion import Dispersion, winsorised_dispersion
from estimation.domains import DomainMean, MeanDifference, domain_difference, domain_mean
from estimation.drivers import RelativeImportance, relative_importance
from estimation.errors import (
    EmptyClass,
    EmptyPoststratum,
    EmptyStratum,
    EstimationError,
    InvalidInput,
    NoAnswers,
    NotConverged,
    OrderExhausted,
    OverlappingSamples,
    SingleUnitStratum,
    TooFewPeriods,
)
from estimation.families import Comparison, Family, differences_from_rest, family, pairwise_differences
from estimation.figures import Figure, figure_of
from estimation.funnels import Funnel, FunnelPoint, rate_funnel, share_funnel
from estimation.means import MeanEstimate, SimpleMean, mean_of_counts, mean_of_summary, mean_of_values
from estimation.merged_cells import StratumAnswers, merged_cells
from estimation.merging import ClassCounts, CollapseOrder, Merge, Merging, merged_along, merged_weights
from estimation.multiple_tests import AdjustedPValues, adjusted_p_values
from estimation.nonresponse import ManskiBand, TippingPoint, manski_band, tipping_point
from estimation.nps import NetScore, domain_nps, nps, stratified_nps
from estimation.period_trends import PeriodTrend, period_trend
from estimation.planned_sizes import (
    sample_size_for_difference,
    sample_size_for_verdict,
    sample_size_for_verdict_of_mean,
    sizes_with_floor,
)
from estimation.post_stratification import PostStratifiedMean, post_stratified_mean
from estimation.proportion_differences import (
    DifferenceIntervals,
    ProportionDifference,
    proportion_difference,
    square_and_add,
)
from estimation.proportions import (
    Interval,
    Proportion,
    ProportionIntervals,
    agresti_coull,
    clopper_pearson,
    jeffreys,
    proportion,
    wilson,
    wilson_cc,
)
from estimation.raking import CellWeight, RakedMean, raked_mean, raked_nps, raked_proportion
from estimation.rates import Rate, RateRatio, poisson_rate, poisson_rate_ratio
from estimation.ratios import PairedStratum, ratio
from estimation.reliability import CronbachAlpha, McDonaldOmega, cronbach_alpha, mcdonald_omega
from estimation.response_rates import (
    OutcomeRates,
    Outcomes,
    RateParts,
    estimated_eligibility,
    outcome_rates,
    rate_parts,
)
from estimation.sample_sizes import (
    Allocation,
    Allocations,
    SampleSize,
    StratumSpread,
    allocations,
    sample_size_for_share,
)
from estimation.score_quantiles import QuantileEstimate, stratified_quantile
from estimation.shares import Share, ShareIntervals, domain_proportion, stratified_proportion
from estimation.standardised import common_mix, standardised_mean, standardised_nps, standardised_proportion
from estimation.strata import Counts, DomainStratum, Stratum, StratumMoments
from estimation.stratified import StratifiedMean, stratified_mean
from estimation.survival import LogRank, SurvivalCurve, SurvivalGroup, SurvivalPoint, kaplan_meier, log_rank
from estimation.survival_reading import StillOpen, shown_until, still_open_at
from estimation.tables import RaoScott, TableStratum, rao_scott
from estimation.target_tests import missing_by_holm
from estimation.trends import TrendTest, share_trend
from estimation.trimming import TrimmedWeights, trimmed_weights
from estimation.weighted import (
    WeightedAnswer,
    WeightedMean,
    horvitz_thompson_mean,
    merged_classes,
    weighted_mean,
    weighted_nps,
    weighted_proportion,
)
from estimation.weighting_steps import WeightingStep, Weights, weighting_steps
from estimation.weights import (
    NonresponseAdjustment,
    WeightingClass,
    WeightingEffect,
    adjust_for_nonresponse,
    design_effect_of_weights,
)

__all__ = [
    "AdjustedPValues",
    "Allocation",
    "Allocations",
    "BootstrapEstimate",
    "Cell",
    "CellImportance",
    "CellStratum",
    "CellWeight",
    "ClassCounts",
    "CollapseOrder",
    "Comparison",
    "CompetingEnds",
    "ControlChart",
    "Counts",
    "CronbachAlpha",
    "Difference",
    "DifferenceIntervals",
    "Dispersion",
    "DomainMean",
    "DomainStratum",
    "EmptyClass",
    "EmptyPoststratum",
    "EmptyStratum",
    "EstimationError",
    "Family",
    "Figure",
    "Funnel",
    "FunnelLimits",
    "FunnelPoint",
    "IncidencePoint",
    "Interval",
    "InvalidInput",
    "LogRank",
    "ManskiBand",
    "McDonaldOmega",
    "MeanDifference",
    "MeanEstimate",
    "Merge",
    "Merging",
    "NetScore",
    "NoAnswers",
    "NonresponseAdjustment",
    "NotConverged",
    "OrderExhausted",
    "OutcomeRates",
    "Outcomes",
    "OverlappingSamples",
    "PairedStratum",
    "PeriodTrend",
    "PostStratifiedMean",
    "Proportion",
    "ProportionDifference",
    "ProportionIntervals",
    "QuantileEstimate",
    "RakedMean",
    "RaoScott",
    "Rate",
    "RateParts",
    "RateRatio",
    "RelativeImportance",
    "Replicates",
    "SampleSize",
    "Share",
    "ShareIntervals",
    "SimpleMean",
    "SingleUnitStratum",
    "StillOpen",
    "StratifiedMean",
    "Stratum",
    "StratumAnswers",
    "StratumMoments",
    "StratumSpread",
    "SurvivalCurve",
    "SurvivalGroup",
    "SurvivalPoint",
    "TableStratum",
    "TippingPoint",
    "TooFewPeriods",
    "TrendTest",
    "TrimmedWeights",
    "WeightedAnswer",
    "WeightedMean",
    "WeightingClass",
    "WeightingEffect",
    "WeightingStep",
    "Weights",
    "adjust_for_nonresponse",
    "adjusted_p_values",
    "agresti_coull",
    "allocations",
    "bootstrap",
    "bootstrap_estimate",
    "bootstrap_weighted",
    "clopper_pearson",
    "common_mix",
    "competing_ends",
    "cronbach_alpha",
    "design_effect_of_weights",
    "difference",
    "differences_from_rest",
    "domain_difference",
    "domain_mean",
    "domain_nps",
    "domain_proportion",
    "estimated_eligibility",
    "family",
    "figure_of",
    "funnel_limits",
    "horvitz_thompson_mean",
    "importance_of_cells",
    "incidence_at",
    "jeffreys",
    "kaplan_meier",
    "laney_chart",
    "log_rank",
    "manski_band",
    "mcdonald_omega",
    "mean_of_counts",
    "mean_of_summary",
    "mean_of_values",
    "merged_along",
    "merged_cells",
    "merged_classes",
    "merged_weights",
    "missing_by_holm",
    "nps",
    "outcome_rates",
    "p_chart",
    "pairwise_differences",
    "period_trend",
    "poisson_rate",
    "poisson_rate_ratio",
    "post_stratified_mean",
    "proportion",
    "proportion_difference",
    "raked_mean",
    "raked_nps",
    "raked_proportion",
    "rao_scott",
    "rate_funnel",
    "rate_parts",
    "ratio",
    "relative_importance",
    "replicate_weights",
    "sample_size_for_difference",
    "sample_size_for_share",
    "sample_size_for_verdict",
    "sample_size_for_verdict_of_mean",
    "share_funnel",
    "share_trend",
    "shown_until",
    "sizes_with_floor",
    "square_and_add",
    "standardised_mean",
    "standardised_nps",
    "standardised_proportion",
    "still_open_at",
    "stratified_mean",
    "stratified_nps",
    "stratified_proportion",
    "stratified_quantile",
    "tipping_point",
    "trimmed_weights",
    "weighted_mean",
    "weighted_nps",
    "weighted_proportion",
    "weighting_steps",
    "wilson",
    "wilson_cc",
    "winsorised_dispersion",
]
