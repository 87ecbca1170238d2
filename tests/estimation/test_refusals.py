"""What cannot be estimated is refused by name, before any number comes out."""

import pytest

import estimation
from estimation import Cell, EstimationError, PairedStratum, Stratum, StratumMoments, StratumSpread

CELLS = [
    Cell("paris", 100, {"tenure": tenure, "language": language}, score, 4)
    for tenure in ("new", "old")
    for language in ("fr", "en")
    for score in (3, 5)
]
REFUSED = {
    "more successes than answers": (lambda: estimation.wilson(5, 4), "invalid_input"),
    "a negative count": (lambda: Stratum("paris", 10, {5: -1}), "invalid_input"),
    "more respondents than contacts": (lambda: estimation.nps({9: 5}, population_size=4), "invalid_input"),
    "a score beyond ten": (lambda: estimation.nps({11: 5}), "invalid_input"),
    "certainty": (lambda: estimation.wilson(3, 4, confidence_level=1), "invalid_input"),
    "no strata": (lambda: estimation.stratified_mean([]), "no_answers"),
    "moments without variance": (lambda: StratumMoments("paris", 10, 2, 3.0, None), "invalid_input"),
    "a rate over nothing": (lambda: estimation.poisson_rate(3, 0), "invalid_input"),
    "a ratio to nothing": (
        lambda: estimation.ratio([PairedStratum("paris", 10, [(1, 0), (2, 0)])]),
        "invalid_input",
    ),
    "a ratio without respondents": (lambda: estimation.ratio([PairedStratum("paris", 10, [])]), "empty_stratum"),
    "a ratio from one respondent": (
        lambda: estimation.ratio([PairedStratum("paris", 10, [(1, 2)])]),
        "single_unit_stratum",
    ),
    "a quantile of nobody": (lambda: estimation.stratified_quantile([Stratum("paris", 9, {})], 0.5), "no_answers"),
    "the quantile of everything": (
        lambda: estimation.stratified_quantile([Stratum("paris", 9, {1: 2, 2: 3})], 1),
        "invalid_input",
    ),
    "a group without a total": (
        lambda: estimation.post_stratified_mean(CELLS, "tenure", {"new": 40}),
        "invalid_input",
    ),
    "a margin nobody is in": (
        lambda: estimation.raked_mean(CELLS, {"tenure": {"new": 40, "old": 50, "gone": 10}}),
        "empty_poststratum",
    ),
    "margins that contradict each other": (
        lambda: estimation.raked_mean(CELLS, {"tenure": {"new": 40, "old": 60}, "language": {"fr": 40, "en": 90}}),
        "not_converged",
    ),
    "one stratum of two sizes": (
        lambda: estimation.raked_mean([*CELLS, Cell("paris", 99, {}, 3, 1)], {}),
        "invalid_input",
    ),
    "times of nobody": (lambda: estimation.kaplan_meier([], []), "no_answers"),
    "a time before the start": (lambda: estimation.kaplan_meier([-1], [True]), "invalid_input"),
    "a p-value beyond one": (lambda: estimation.adjusted_p_values([0.2, 1.2]), "invalid_input"),
    "a funnel around certainty": (lambda: estimation.funnel_limits(1, [10]), "invalid_input"),
    "a chart of nothing": (lambda: estimation.p_chart([], []), "invalid_input"),
    "alpha of one question": (lambda: estimation.cronbach_alpha([[1], [2], [3]]), "invalid_input"),
    "omega of two questions": (lambda: estimation.mcdonald_omega([[1, 2], [2, 3], [3, 1]]), "invalid_input"),
    "thirteen drivers": (
        lambda: estimation.relative_importance([1, 2, 3], {str(number): [1, 2, 4] for number in range(13)}),
        "invalid_input",
    ),
    "no margin of error": (lambda: estimation.sample_size_for_share(0.5, 0), "invalid_input"),
    "strata without spread": (lambda: estimation.allocations([StratumSpread("paris", 10, 0)], 5), "invalid_input"),
    "weights of nothing": (lambda: estimation.design_effect_of_weights([0, 0]), "invalid_input"),
}


@pytest.mark.parametrize(("attempt", "code"), REFUSED.values(), ids=REFUSED)
def test_it_is_refused_by_name(attempt, code):
    with pytest.raises(EstimationError) as refusal:
        attempt()
    assert refusal.value.code == code


def test_a_trend_of_equal_answers_says_nothing():
    assert estimation.share_trend([0, 0], [5, 5], [1, 2]).p_value is None


def test_groups_without_events_cannot_be_told_apart():
    groups = [estimation.SurvivalGroup(name, [3, 4], [False, False]) for name in ("paris", "lyon")]
    assert estimation.log_rank(groups).statistic is None


def test_no_events_at_all_leave_the_rate_ratio_open():
    ratio = estimation.poisson_rate_ratio(0, 100, 0, 100)
    assert (ratio.ratio, ratio.lower, ratio.p_value_central) == (None, 0, 1)
