"""Every formula: pure functions on numpy and scipy that import nothing of ours.

A caller describes the sample, calls one function and gets a frozen result with plain floats:

- ``Stratum(label, population_size, counts)``: contacts in the frame, and respondents by value answered (integers).
  For ``stratified_mean``, ``stratified_proportion(strata, successes={4, 5})``, ``stratified_nps``.
- ``DomainStratum(label, population_size, respondents, counts)``: the same seen by a domain, ``respondents`` being all
  of the stratum and ``counts`` those in the domain. For ``domain_mean``, ``domain_proportion``, ``domain_nps``. A
  domain of whole strata gives exactly the stratified figure, so whoever does not know may always call these.
- No strata: ``proportion``, ``wilson``, ``mean_of_counts``, ``nps``; a rate of events: ``poisson_rate``.

Weights are N_h / n_h and the finite population correction is applied unless ``fpc=False``. Shares lie in 0..1, net
scores in -100..100, intervals are two-sided at ``confidence_level`` (0.95 by default). To publish:
``share.intervals.wilson_design``, ``score.adjusted_wald``, ``lower``..``upper`` of a mean or a rate.
What is undefined is None. What must not be estimated raises an ``EstimationError`` with a ``code`` and ``facts``:
``empty_stratum`` and ``single_unit_stratum`` (facts: labels), ``no_answers``, ``invalid_input``.
"""

from estimation.domains import DomainMean, MeanDifference, domain_difference, domain_mean
from estimation.errors import (
    EmptyClass,
    EmptyPoststratum,
    EmptyStratum,
    EstimationError,
    InvalidInput,
    NoAnswers,
    NotConverged,
    SingleUnitStratum,
)
from estimation.means import MeanEstimate, SimpleMean, mean_of_counts, mean_of_summary, mean_of_values
from estimation.nps import NetScore, domain_nps, nps, stratified_nps
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
from estimation.rates import Rate, poisson_rate
from estimation.shares import Share, ShareIntervals, domain_proportion, stratified_proportion
from estimation.strata import DomainStratum, Stratum, StratumMoments
from estimation.stratified import StratifiedMean, stratified_mean

__all__ = [
    "DomainMean",
    "DomainStratum",
    "EmptyClass",
    "EmptyPoststratum",
    "EmptyStratum",
    "EstimationError",
    "Interval",
    "InvalidInput",
    "MeanDifference",
    "MeanEstimate",
    "NetScore",
    "NoAnswers",
    "NotConverged",
    "Proportion",
    "ProportionIntervals",
    "Rate",
    "Share",
    "ShareIntervals",
    "SimpleMean",
    "SingleUnitStratum",
    "StratifiedMean",
    "Stratum",
    "StratumMoments",
    "agresti_coull",
    "clopper_pearson",
    "domain_difference",
    "domain_mean",
    "domain_nps",
    "domain_proportion",
    "jeffreys",
    "mean_of_counts",
    "mean_of_summary",
    "mean_of_values",
    "nps",
    "poisson_rate",
    "proportion",
    "stratified_mean",
    "stratified_nps",
    "stratified_proportion",
    "wilson",
    "wilson_cc",
]
