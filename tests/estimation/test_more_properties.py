"""What must hold whatever the numbers, of one figure told in two ways."""

from dataclasses import replace

import pytest
from hypothesis import strategies as st

from estimation import (
    Cell,
    Stratum,
    difference,
    figure_of,
    raked_mean,
    raked_nps,
    raked_proportion,
    stratified_mean,
    stratified_nps,
    stratified_proportion,
    stratified_quantile,
)
from tests.estimation.profiles import given
from tests.estimation.samples import a_sample, a_stratum

MANY = st.sampled_from([0.8, 0.9, 0.95, 0.99])


def split(stratum):
    """The same stratum as two halves of equal make-up."""
    doubled = replace(
        stratum, population_size=2 * stratum.population_size, counts={k: 2 * n for k, n in stratum.counts.items()}
    )
    return doubled, [replace(stratum, label=f"{stratum.label}{half}") for half in "ab"]


def as_cells(strata):
    return [
        Cell(one.label, one.population_size, {"of": one.label, "high": str(score > 5)}, score, n)
        for one in strata
        for score, n in one.counts.items()
        if n
    ]


@given(a_sample(most=3), a_stratum("last"))
def test_equal_strata_may_be_merged_for_every_estimate(others, stratum):
    whole, halves = split(stratum)
    apart, together = [*others, *halves], [*others, whole]
    for estimator in (stratified_mean, stratified_nps, lambda strata: stratified_proportion(strata, {9, 10})):
        assert estimator(apart).estimate == pytest.approx(estimator(together).estimate, abs=1e-9)
    design = [stratified_proportion(strata, {9, 10}).n_design or 0 for strata in (apart, together)]
    assert design[0] == pytest.approx(design[1])


@given(a_sample(most=3), a_stratum("last"))
def test_equal_strata_may_be_merged_for_a_quantile(others, stratum):
    whole, halves = split(stratum)
    assert stratified_quantile([*others, *halves], 0.5).estimate == stratified_quantile([*others, whole], 0.5).estimate


@given(a_sample(most=3), st.integers(0, 10))
def test_subtracting_a_person_equals_never_having_them(strata, score):
    first = strata[0]
    counts = dict(first.counts)
    joined = replace(
        first, population_size=first.population_size + 1, counts={**counts, score: counts.get(score, 0) + 1}
    )
    left = dict(joined.counts)
    left[score] -= 1
    again = [replace(joined, population_size=joined.population_size - 1, counts=left), *strata[1:]]
    assert stratified_mean(again) == stratified_mean(strata)
    assert stratified_nps(again) == stratified_nps(strata)
    assert stratified_proportion(again, {9, 10}) == stratified_proportion(strata, {9, 10})
    assert raked_mean(as_cells(again), {}) == raked_mean(as_cells(strata), {})


@given(a_sample(most=3), st.integers(0, 10))
def test_an_answer_nobody_gave_changes_nothing(strata, score):
    more = [replace(one, counts={**one.counts, score: one.counts.get(score, 0)}) for one in strata]
    assert stratified_mean(more) == stratified_mean(strata)
    assert stratified_quantile(more, 0.5) == stratified_quantile(strata, 0.5)


@given(a_sample(most=3), st.randoms())
def test_the_order_of_cells_does_not_matter(strata, random):
    cells = as_cells(strata)
    shuffled = random.sample(cells, len(cells))
    one, other = raked_mean(cells, {}), raked_mean(shuffled, {})
    assert (one.estimate, one.std_error) == pytest.approx((other.estimate, other.std_error), abs=1e-9)


@given(a_sample(most=3))
def test_margins_that_are_met_already_change_nothing(strata):
    margins = {"of": {one.label: one.population_size for one in strata}}
    plain = stratified_mean(strata)
    raked = raked_mean(as_cells(strata), margins)
    assert (raked.estimate, raked.std_error) == pytest.approx((plain.estimate, plain.std_error), abs=1e-8)
    assert raked.deff_weighting >= 1 - 1e-12


@given(a_sample(most=3), st.floats(0.1, 0.9))
def test_raked_weights_meet_their_margins(strata, high):
    cells = as_cells(strata)
    levels = {cell.groups["high"] for cell in cells}
    total = sum(one.population_size for one in strata)
    margins = {"high": {level: total * (high if level == "True" else 1 - high) for level in levels}}
    raked = raked_mean(cells, margins)
    of = {(one.stratum, one.groups["high"]): one.weight for one in raked.weights}
    for level, wanted in margins["high"].items():
        found = sum(of[cell.stratum, level] * cell.count for cell in cells if cell.groups["high"] == level)
        assert found == pytest.approx(wanted)


@given(a_sample(most=3), MANY)
def test_raked_limits_stay_on_the_scale(strata, level):
    cells = as_cells(strata)
    share = raked_proportion(cells, {}, {9, 10}, confidence_level=level)
    if (limits := share.intervals.wilson_design) is not None:
        assert 0 <= limits.lower <= share.estimate + 1e-12 and share.estimate - 1e-12 <= limits.upper <= 1
    score = raked_nps(cells, {}, confidence_level=level)
    if score.adjusted_wald is not None:
        assert -100 <= score.adjusted_wald.lower <= score.adjusted_wald.upper <= 100


@given(a_sample(most=3))
def test_parts_of_a_raked_whole_make_the_whole(strata):
    cells = as_cells(strata)
    whole, size = raked_mean(cells, {}), sum(one.population_size for one in strata)
    parts = [(one.population_size, raked_mean(cells, {}, domain={"of": one.label})) for one in strata]
    assert sum(n * part.estimate for n, part in parts) / size == pytest.approx(whole.estimate)
    assert sum(part.n for _, part in parts) == whole.n


@given(a_stratum("a"), st.integers(2, 20))
def test_more_of_the_same_answers_never_widen_the_interval(stratum, times):
    more = Stratum("a", stratum.population_size * times, {k: n * times for k, n in stratum.counts.items()})
    few, many = (figure_of(stratified_proportion([one], {9, 10}, fpc=False)).limits for one in (stratum, more))
    assert few is None or many.upper - many.lower <= few.upper - few.lower + 1e-12


@given(a_sample(name="a"), a_sample(name="b"), st.floats(0, 0.9))
def test_people_on_both_sides_who_agree_narrow_the_difference(one, other, correlation):
    sides = [figure_of(stratified_proportion(strata, {9, 10}, fpc=False)) for strata in (one, other)]
    tied, free = difference(*sides, correlation=correlation), difference(*sides)
    if free.limits is not None:
        assert tied.limits.upper - tied.limits.lower <= free.limits.upper - free.limits.lower + 1e-12
