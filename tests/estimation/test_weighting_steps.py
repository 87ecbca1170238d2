"""What weighting did, step by step, and trimming where it was asked for."""

import pytest
from hypothesis import strategies as st

from estimation import InvalidInput, NoAnswers, Weights, design_effect_of_weights, trimmed_weights, weighting_steps
from tests.estimation.profiles import given

WEIGHTS = st.lists(st.tuples(st.floats(0.1, 50), st.integers(1, 9)), min_size=2, max_size=12)


def test_each_step_starts_where_the_last_one_ended():
    steps = weighting_steps([1, 0], [30, 10], [Weights("design", [10, 20]), Weights("raking", [12, 14])])
    assert [(one.name, one.headline_before, one.headline_after) for one in steps] == [
        ("design", 0.75, pytest.approx(0.6)),
        ("raking", pytest.approx(0.6), pytest.approx(0.72)),
    ]
    assert (steps[0].min, steps[0].max) == (pytest.approx(0.8), pytest.approx(1.6))
    assert steps[0].deff == pytest.approx(40 * (30 * 100 + 10 * 400) / 500**2)


def test_lists_that_do_not_fit_are_refused():
    with pytest.raises(InvalidInput):
        weighting_steps([1, 0], [3, 4], [Weights("design", [1])])
    with pytest.raises(NoAnswers):
        weighting_steps([1], [0], [Weights("design", [1])])
    with pytest.raises(InvalidInput):
        trimmed_weights([1, 2], 1)


def test_a_weight_above_three_times_the_mean_is_cut():
    """Nine of 1 and one of 11, mean 2, bound 6: 5 of 20 are moved, the nine bear 14/9 each."""
    trimmed = trimmed_weights([1, 11], 3, [9, 1])
    assert trimmed.weights == pytest.approx((14 / 9, 6))
    assert (trimmed.bound, trimmed.answers_cut, trimmed.moved) == (6, 1, 0.25)
    assert trimmed.deff_after < trimmed.deff_before


def test_what_is_spread_may_take_others_to_the_bound():
    trimmed = trimmed_weights([1, 2.9, 12], 1.5, [6, 2, 1])
    assert max(trimmed.weights) == pytest.approx(trimmed.bound)
    assert sum(w * n for w, n in zip(trimmed.weights, [6, 2, 1], strict=True)) == pytest.approx(6 + 5.8 + 12)


@given(WEIGHTS, st.floats(1.05, 6))
def test_trimming_keeps_the_sum_and_the_bound(pairs, most):
    weights, counts = [w for w, _ in pairs], [n for _, n in pairs]
    trimmed = trimmed_weights(weights, most, counts)
    total = sum(w * n for w, n in pairs)
    assert sum(w * n for w, n in zip(trimmed.weights, counts, strict=True)) == pytest.approx(total)
    assert max(trimmed.weights) <= trimmed.bound * (1 + 1e-9)
    assert trimmed.deff_after <= trimmed.deff_before + 1e-9
    assert (trimmed.answers_cut == 0) == (trimmed.moved == 0)


@given(WEIGHTS, st.floats(1.05, 6))
def test_trimming_twice_changes_nothing_more(pairs, most):
    weights, counts = [w for w, _ in pairs], [n for _, n in pairs]
    once = trimmed_weights(weights, most, counts)
    assert trimmed_weights(once.weights, most, counts).weights == pytest.approx(once.weights)


@given(WEIGHTS, st.floats(0.01, 100))
def test_the_scale_of_weights_changes_no_step(pairs, factor):
    values, counts = list(range(len(pairs))), [n for _, n in pairs]
    once, again = (weighting_steps(values, counts, [Weights("w", [w * f for w, _ in pairs])])[0] for f in (1, factor))
    assert (once.headline_after, once.deff, once.min, once.max) == pytest.approx(
        (again.headline_after, again.deff, again.min, again.max)
    )
    assert once.min <= 1 + 1e-12 and once.max >= 1 - 1e-12


@given(WEIGHTS)
def test_equal_weights_change_nothing(pairs):
    counts = [n for _, n in pairs]
    [step] = weighting_steps([w for w, _ in pairs], counts, [Weights("equal", [3.0] * len(pairs))])
    assert step.headline_after == pytest.approx(step.headline_before)
    assert step.deff == pytest.approx(1) == pytest.approx(design_effect_of_weights([3.0], [sum(counts)]).deff_weighting)
