"""Which of many miss their targets: Holm's steps by intervals are Holm's steps by p-values."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import ndtr

from estimation import InvalidInput, adjusted_p_values, missing_by_holm, sample_size_for_verdict_of_mean
from estimation.quantiles import normal_quantile


@given(
    st.dictionaries(st.integers(0, 40), st.floats(-6, 6), min_size=1, max_size=30), st.sampled_from([0.9, 0.95, 0.99])
)
def test_the_steps_by_intervals_name_those_whose_adjusted_p_value_is_small(estimates, level):
    """Each is normal around its target of 0 with error 1: the upper limit at a level is estimate + z."""
    risk = (1 - level) / 2
    adjusted = adjusted_p_values([float(ndtr(x)) for x in estimates.values()]).holm
    expected = {name for name, p in zip(estimates, adjusted, strict=True) if p < risk - 1e-12}
    borderline = {name for name, p in zip(estimates, adjusted, strict=True) if abs(p - risk) <= 1e-12}
    found = missing_by_holm(
        estimates, lambda at: {name for name, x in estimates.items() if x + normal_quantile(at) < 0}, level
    )
    assert found - borderline == expected - borderline


def test_alone_a_place_is_tested_as_its_own_verdict_is():
    limits = {"lille": 0.7}
    assert missing_by_holm(limits, lambda level: {"lille"} if level == pytest.approx(0.95) else set()) == {"lille"}


def test_nobody_is_named_who_was_not_tested():
    assert missing_by_holm({"lille"}, lambda _level: {"lille", "lyon"}) == {"lille"}
    assert missing_by_holm(set(), lambda _level: {"lyon"}) == frozenset()


def test_a_mean_needs_as_many_answers_as_the_normal_test_says():
    """(1.959964 + 0.841621)² × 1.2² ÷ 0.1² = 1,130.2."""
    size = sample_size_for_verdict_of_mean(1.2, 0.1)
    assert size.n_exact == pytest.approx(1130.2354, abs=0.01)
    assert size.n_required == 1131


@given(st.floats(0.1, 50), st.floats(0.01, 10))
def test_half_the_margin_takes_four_times_the_answers(spread, margin):
    near, far = (sample_size_for_verdict_of_mean(spread, one).n_exact for one in (margin, margin / 2))
    assert far == pytest.approx(4 * near)


@pytest.mark.parametrize(("spread", "margin", "power"), [(0, 1, 0.8), (1, 0, 0.8), (1, 1, 0.5), (1, 1, 1)])
def test_a_plan_without_spread_margin_or_power_is_refused(spread, margin, power):
    with pytest.raises(InvalidInput):
        sample_size_for_verdict_of_mean(spread, margin, power=power)
