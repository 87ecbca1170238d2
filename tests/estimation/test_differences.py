"""Two figures compared, and several at once."""

import pytest
from hypothesis import strategies as st

from estimation import (
    DomainStratum,
    InvalidInput,
    OverlappingSamples,
    Stratum,
    adjusted_p_values,
    difference,
    differences_from_rest,
    domain_mean,
    domain_nps,
    figure_of,
    nps,
    pairwise_differences,
    proportion,
    proportion_difference,
    stratified_mean,
    stratified_nps,
    stratified_proportion,
)
from estimation.differences import satterthwaite
from tests.estimation.profiles import given
from tests.estimation.samples import a_sample, a_stratum

LEVELS = st.sampled_from([0.8, 0.9, 0.95, 0.99])


def share_at(strata, level):
    return figure_of(stratified_proportion(strata, {9, 10}, fpc=False, confidence_level=level))


def mean_at(strata, level):
    return figure_of(stratified_mean(strata, fpc=False, confidence_level=level))


def score_at(strata, level):
    return figure_of(stratified_nps(strata, fpc=False, confidence_level=level))


def test_shares_are_compared_as_newcombe_does():
    """Newcombe (1998), Stat. Med. 17:873, table II (a): 56/70 less 48/80 by method 10 is 0.0524 to 0.3339."""
    two = difference(figure_of(proportion(56, 70)), figure_of(proportion(48, 80)))
    assert two.limits == pytest.approx((0.0524, 0.3339), abs=5e-5)
    assert two.limits == proportion_difference(56, 70, 48, 80).intervals.newcombe_hybrid_score
    assert 0 < two.p_value < 0.05


def test_means_are_compared_as_welch_does():
    """Against scipy's test of unequal variances; two strata of a thousand million leave nothing of the frame."""
    first, second = (
        stratified_mean([Stratum("a", 10**9, {3: 1, 4: 2, 5: 3})]),
        stratified_mean([Stratum("b", 10**9, {1: 1, 2: 1, 4: 2, 5: 1})]),
    )
    two = difference(figure_of(first), figure_of(second))
    from scipy import stats

    welch = stats.ttest_ind([3, 4, 4, 5, 5, 5], [1, 2, 4, 4, 5], equal_var=False)
    assert two.p_value == pytest.approx(float(welch.pvalue), rel=1e-6)
    assert two.df == pytest.approx(float(welch.df), rel=1e-6)
    assert two.limits == pytest.approx(tuple(welch.confidence_interval()), rel=1e-6)


def test_the_same_people_on_both_sides_are_refused_unless_it_is_known_how_they_tie():
    one, other = figure_of(nps({9: 30, 5: 20})), figure_of(nps({9: 20, 5: 30}))
    with pytest.raises(OverlappingSamples):
        difference(one, other, correlation=None)
    plain, tied = difference(one, other), difference(one, other, correlation=0.6)
    assert tied.limits.upper - tied.limits.lower < plain.limits.upper - plain.limits.lower


def test_levels_and_correlations_that_do_not_fit_are_refused():
    with pytest.raises(InvalidInput):
        difference(figure_of(proportion(3, 7, 0.9)), figure_of(proportion(3, 7)))
    with pytest.raises(InvalidInput):
        difference(figure_of(proportion(3, 7)), figure_of(proportion(3, 7)), correlation=1.5)


def test_without_an_interval_there_is_no_comparison():
    alone = difference(figure_of(nps({9: 1})), figure_of(nps({9: 3, 5: 4})))
    assert (alone.limits, alone.p_value) == (None, None)
    agreed = difference(mean_at([Stratum("a", 9, {5: 3})], 0.95), mean_at([Stratum("b", 9, {5: 3})], 0.95))
    assert (agreed.estimate, agreed.limits, agreed.p_value) == (0, None, None)


def test_a_side_without_spread_leaves_the_degrees_of_freedom_to_the_other():
    assert satterthwaite((0.0, 3), (0.5, 7)) == pytest.approx(7)
    assert satterthwaite((0.2, 0), (0.5, 7)) is None


def test_one_group_of_three_stands_apart():
    groups = {name: [Stratum(name, 5000, {10: n, 5: 200 - n})] for name, n in {"a": 100, "b": 104, "c": 160}.items()}
    pairs = pairwise_differences(groups, share_at)
    assert [(one.first, one.second) for one in pairs.comparisons] == [("a", "b"), ("a", "c"), ("b", "c")]
    assert [one.holm < 0.05 for one in pairs.comparisons] == [False, True, True]
    assert [one.simultaneous.limits.upper < 0 for one in pairs.comparisons] == [False, True, True]
    strict = difference(*(share_at(groups[name], 1 - 0.05 / 3) for name in "ab"))
    assert pairs.comparisons[0].simultaneous == strict
    rest = differences_from_rest(groups, share_at)
    assert [one.second for one in rest.comparisons] == [None, None, None]
    assert rest.comparisons[2].difference.estimate == pytest.approx(0.8 - 0.51)


def test_a_stratum_in_two_groups_is_refused():
    shared = Stratum("shared", 100, {9: 5, 5: 5})
    with pytest.raises(OverlappingSamples) as refusal:
        pairwise_differences({"a": [shared], "b": [shared]}, share_at)
    assert refusal.value.facts == ("shared",)
    with pytest.raises(InvalidInput):
        pairwise_differences({"a": [shared]}, share_at)


def test_domains_may_share_a_stratum_but_not_people():
    def mean(strata, level):
        return figure_of(domain_mean(strata, fpc=False, confidence_level=level))

    parts = {
        name: [DomainStratum("one", 900, 40, counts)] for name, counts in {"a": {5: 9, 3: 9}, "b": {2: 9, 3: 9}}.items()
    }
    assert pairwise_differences(parts, mean).tests == 1
    with pytest.raises(OverlappingSamples):
        pairwise_differences({**parts, "c": [DomainStratum("one", 900, 40, {5: 5})]}, mean)


@given(a_sample(name="a"), a_sample(name="b"), LEVELS)
def test_a_difference_turned_round_changes_its_sign(one, other, level):
    for figure in (share_at, mean_at, score_at):
        there, back = (difference(figure(a, level), figure(b, level)) for a, b in ((one, other), (other, one)))
        assert there.estimate == -back.estimate
        if there.limits is not None:
            assert there.limits == pytest.approx((-back.limits.upper, -back.limits.lower))


@given(a_sample(name="a"), a_sample(name="b"), LEVELS)
def test_the_p_value_agrees_with_the_limits(one, other, level):
    for figure in (share_at, mean_at, score_at):
        two = difference(figure(one, level), figure(other, level))
        if two.limits is not None and two.p_value is not None and abs(two.p_value - (1 - level)) > 1e-9:
            assert (two.p_value < 1 - level) == (not two.limits.lower <= 0 <= two.limits.upper)


@given(a_sample(name="a"), a_sample(name="b"))
def test_a_difference_lies_within_its_limits_and_on_its_scale(one, other):
    share, score = (difference(figure(one, 0.95), figure(other, 0.95)) for figure in (share_at, score_at))
    for two, end in ((share, 1), (score, 200)):
        if two.limits is not None:
            assert -end <= two.limits.lower <= two.estimate + 1e-9 and two.estimate - 1e-9 <= two.limits.upper <= end


@given(a_sample(name="a"), a_sample(name="b"))
def test_more_confidence_never_narrows_a_difference(one, other):
    for figure in (share_at, mean_at, score_at):
        widths = [
            two.limits.upper - two.limits.lower
            for level in (0.8, 0.95, 0.99)
            if (two := difference(figure(one, level), figure(other, level))).limits is not None
        ]
        assert widths == sorted(widths) or max(widths) - min(widths) < 1e-9


@given(a_stratum("a"))
def test_a_figure_does_not_differ_from_itself(stratum):
    two = difference(share_at([stratum], 0.95), share_at([stratum], 0.95))
    assert two.estimate == 0 and two.p_value == 1


@given(st.lists(a_stratum(), min_size=3, max_size=4))
def test_a_family_is_adjusted_as_a_whole(strata):
    groups = {str(place): [Stratum(str(place), one.population_size, one.counts)] for place, one in enumerate(strata)}
    pairs = pairwise_differences(groups, score_at)
    raw = [one.difference.p_value for one in pairs.comparisons]
    assert [one.holm for one in pairs.comparisons] == list(adjusted_p_values(raw).holm)
    for one in pairs.comparisons:
        assert one.difference.p_value <= one.benjamini_hochberg <= one.holm <= 1
        assert one.simultaneous.limits.lower <= one.difference.limits.lower + 1e-9


def test_domain_scores_are_figures_too():
    figure = figure_of(domain_nps([DomainStratum("one", 90, 20, {9: 5, 3: 5})]))
    assert figure.limits.lower < figure.estimate == 0 < figure.limits.upper
