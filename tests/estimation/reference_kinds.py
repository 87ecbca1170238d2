"""How each kind of reference case is put to the public functions, and the answer in the case's own words."""

from collections.abc import Callable
from dataclasses import asdict, is_dataclass
from typing import Any

import estimation

KINDS: dict[str, Callable[[dict[str, Any]], dict[str, Any]]] = {}


def answers(kind: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Register what answers the cases of one kind; a dataclass it returns is spelled out as a dict."""

    def register(function: Callable[..., Any]) -> Callable[..., Any]:
        KINDS[kind] = lambda given: spelled_out(function(**given))
        return function

    return register


def spelled_out(result: Any) -> dict[str, Any]:
    return asdict(result) if is_dataclass(result) and not isinstance(result, type) else result


def numbered(counts: dict[str, int]) -> dict[float, int]:
    return {float(score): count for score, count in counts.items()}


def stratum(
    stratum: str, population_size: int, *, counts=None, values=None, successes=None, n=0, mean=None, variance=None
) -> estimation.Stratum | estimation.StratumMoments:
    if counts is not None:
        return estimation.Stratum(stratum, population_size, numbered(counts))
    if values is not None:
        return estimation.Stratum.from_values(stratum, population_size, values)
    if successes is not None:
        return estimation.Stratum.from_successes(stratum, population_size, successes, n)
    return estimation.StratumMoments(stratum, population_size, n, mean, variance)


def many(strata: list[dict[str, Any]]) -> list[Any]:
    return [stratum(**one) for one in strata]


@answers("proportion_ci")
def proportion_ci(successes, n, confidence_level):
    return estimation.proportion(successes, n, confidence_level)


@answers("mean_ci")
def mean_ci(confidence_level, values=None, counts=None, summary=None):
    if values is not None:
        return estimation.mean_of_values(values, confidence_level)
    if counts is not None:
        return estimation.mean_of_counts(numbered(counts), confidence_level)
    return estimation.mean_of_summary(**summary, confidence_level=confidence_level)


@answers("stratified_mean")
def stratified_mean(strata, fpc, lonely_psu, confidence_level):
    options = {"fpc": fpc, "lonely_stratum": lonely_psu, "confidence_level": confidence_level}
    return estimation.stratified_mean(many(strata), **options)


@answers("stratified_proportion")
def stratified_proportion(strata, fpc, confidence_level):
    return estimation.stratified_proportion(many(strata), fpc=fpc, confidence_level=confidence_level)


@answers("domain_mean")
def domain_mean(strata, confidence_level):
    domain = [
        estimation.DomainStratum(one["stratum"], one["population_size"], one["n"], numbered(one["domain_counts"]))
        for one in strata
    ]
    result = estimation.domain_mean(domain, confidence_level=confidence_level)
    return {"n_domain": result.n, **asdict(result)}


@answers("domain_difference")
def domain_difference(domain_1, domain_2, fpc, confidence_level):
    return estimation.domain_difference(many(domain_1), many(domain_2), fpc=fpc, confidence_level=confidence_level)


@answers("nps")
def nps(confidence_level, counts=None, population_size=None, strata=None):
    if strata is not None:
        return estimation.stratified_nps(many(strata), confidence_level=confidence_level)
    return estimation.nps(numbered(counts), population_size, confidence_level)


@answers("poisson_rate_ci")
def poisson_rate_ci(count, exposure, per, confidence_level):
    return estimation.poisson_rate(count, exposure, per, confidence_level)


@answers("proportion_difference_ci")
def proportion_difference_ci(successes_1, n_1, successes_2, n_2, confidence_level):
    return estimation.proportion_difference(successes_1, n_1, successes_2, n_2, confidence_level)


@answers("ratio_estimate")
def ratio_estimate(strata, fpc, confidence_level):
    paired = [
        estimation.PairedStratum(
            one["stratum"], one["population_size"], list(zip(one["numerator"], one["denominator"], strict=True))
        )
        for one in strata
    ]
    return estimation.ratio(paired, fpc=fpc, confidence_level=confidence_level)


def cell(stratum, population_size, score, count, **groups):
    return estimation.Cell(stratum, population_size, groups, score, count)


@answers("post_stratification")
def post_stratification(cells, population_totals, fpc, confidence_level):
    cells = [cell(**one) for one in cells]
    options = {"fpc": fpc, "confidence_level": confidence_level}
    return estimation.post_stratified_mean(cells, "poststratum", population_totals, **options)


@answers("raking")
def raking(cells, margins, fpc):
    result = estimation.raked_mean([cell(**one) for one in cells], margins, fpc=fpc)
    # The cases list the weights as R's aggregate() does: the first variable runs fastest.
    in_order = sorted(
        result.weights, key=lambda one: (*(one.groups[name] for name in reversed([*margins])), one.stratum)
    )
    return {
        **asdict(result),
        "std_error_rake": result.std_error_unweighted,
        "weights": [{"stratum": one.stratum, **one.groups, "w": one.weight} for one in in_order],
    }


@answers("quantile_ci")
def quantile_ci(strata, quantile, fpc, confidence_level):
    return estimation.stratified_quantile(many(strata), quantile, fpc=fpc, confidence_level=confidence_level)


@answers("kaplan_meier")
def kaplan_meier(times, events, confidence_level):
    curve = estimation.kaplan_meier(times, [event == 1 for event in events], confidence_level)
    columns = {"time": "time", "n_at_risk": "n_at_risk", "n_events": "n_events", "survival": "survival"}
    return {
        **{name: [getattr(point, field) for point in curve.points] for name, field in columns.items()},
        "std_error": [point.std_error for point in curve.points],
        "ci_linear": limits([point.linear for point in curve.points]),
        "ci_log_log": limits([point.log_log for point in curve.points]),
        "median": curve.median,
        "median_ci_log_log": {"lower": curve.median_lower, "upper": curve.median_upper},
        "n": curve.n,
        "n_censored": curve.n_censored,
    }


def limits(intervals):
    return {
        side: [None if interval is None else getattr(interval, side) for interval in intervals]
        for side in ("lower", "upper")
    }


@answers("logrank")
def logrank(groups):
    return estimation.log_rank(
        [
            estimation.SurvivalGroup(one["group"], one["times"], [event == 1 for event in one["events"]])
            for one in groups
        ]
    )


@answers("poisson_rate_ratio")
def poisson_rate_ratio(count_1, exposure_1, count_2, exposure_2, confidence_level):
    return estimation.poisson_rate_ratio(count_1, exposure_1, count_2, exposure_2, confidence_level)


@answers("p_value_adjustment")
def p_value_adjustment(p_values):
    return estimation.adjusted_p_values(p_values)


@answers("cochran_armitage_trend")
def cochran_armitage_trend(successes, n, scores):
    return estimation.share_trend(successes, n, scores)


@answers("p_chart")
def p_chart(counts, sizes, sigma_multiplier):
    return estimation.p_chart(counts, sizes, sigma_multiplier)


@answers("laney_p_prime_chart")
def laney_p_prime_chart(counts, sizes, sigma_multiplier, d2):
    return estimation.laney_chart(counts, sizes, sigma_multiplier, d2)


@answers("funnel_plot_limits")
def funnel_plot_limits(target, denominators):
    return estimation.funnel_limits(target, denominators)


@answers("cronbach_alpha")
def cronbach_alpha(items, confidence_level):
    return estimation.cronbach_alpha(items, confidence_level)


@answers("mcdonald_omega")
def mcdonald_omega(items):
    return estimation.mcdonald_omega(items)


@answers("relative_importance")
def relative_importance(outcome, drivers):
    return estimation.relative_importance(outcome, drivers)


@answers("sample_size_proportion")
def sample_size_proportion(proportion, margin_of_error, **options):
    return estimation.sample_size_for_share(proportion, margin_of_error, **options)


@answers("stratified_allocation")
def stratified_allocation(strata, n):
    spreads = [estimation.StratumSpread(one["stratum"], one["population_size"], one["sd"]) for one in strata]
    return estimation.allocations(spreads, n)


@answers("aapor_outcome_rates")
def aapor_outcome_rates(eligibility_e, **dispositions):
    counts = {name.rsplit("_", 1)[0]: count for name, count in dispositions.items()}
    rates = estimation.outcome_rates(estimation.Outcomes(**counts), eligibility_e)
    return {name.upper(): rate for name, rate in asdict(rates).items()}


@answers("nonresponse_adjustment")
def nonresponse_adjustment(classes):
    return estimation.adjust_for_nonresponse(
        [
            estimation.WeightingClass(
                one["class"],
                one["sampled_weight_sum"],
                one["respondent_weight_sum"],
                one["respondent_weighted_mean"],
            )
            for one in classes
        ]
    )


@answers("kish_design_effect")
def kish_design_effect(weights):
    return estimation.design_effect_of_weights(weights)
