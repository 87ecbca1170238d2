"""Replicates: the formula's error where there is one, and an error where there is none."""

import numpy as np
import pytest
from hypothesis import strategies as st

from estimation import (
    CellStratum,
    InvalidInput,
    SingleUnitStratum,
    Stratum,
    WeightedAnswer,
    bootstrap,
    bootstrap_weighted,
    relative_importance,
    replicate_weights,
    stratified_mean,
    weighted_mean,
)
from tests.estimation.profiles import given
from tests.estimation.samples import a_sample

STRATA = [Stratum("a", 150, {5: 60, 4: 30, 1: 30}), Stratum("b", 90, {5: 20, 3: 30, 2: 10})]


def cells_of(strata):
    return [CellStratum(one.label, one.population_size, one.counts) for one in strata]


def mean_of(keys):
    values = np.array([value for _, value in keys], dtype=float)
    return lambda weights: float(weights @ values / weights.sum())


@pytest.mark.parametrize("fpc", [True, False])
def test_the_error_of_a_mean_is_the_formulas(fpc):
    made, plain = (
        bootstrap(cells_of(STRATA), mean_of, replicates=4000, seed=3, fpc=fpc),
        stratified_mean(STRATA, fpc=fpc),
    )
    assert made.estimate == pytest.approx(plain.estimate)
    assert made.std_error == pytest.approx(plain.std_error, rel=0.04)
    assert made.lower == pytest.approx(plain.lower, abs=0.02)


def test_the_same_seed_gives_the_same_replicates():
    one, same, other = (replicate_weights(cells_of(STRATA), 5, seed).weights for seed in (1, 1, 2))
    assert (one == same).all() and not (one == other).all()


def test_everybody_asked_leaves_nothing_to_chance():
    census = [CellStratum("a", 5, {5: 3, 1: 2}), CellStratum("b", 1, {4: 1})]
    made = bootstrap(census, mean_of, replicates=20, seed=1)
    assert made.std_error == pytest.approx(0, abs=1e-12)


def test_drivers_have_an_error_too():
    """Cells of (overall, part, part); the second part only follows chance."""
    cells = {(5, 5, 1): 20, (4, 4, 2): 20, (3, 3, 1): 12, (2, 1, 2): 14, (1, 2, 1): 9, (5, 4, 2): 8}

    def first_share(keys):
        rows = np.array([cell for _, cell in keys], dtype=float)

        def part(weights):
            times = np.repeat(np.arange(len(rows)), np.round(weights).astype(int))
            overall, one, other = rows[times].T
            return relative_importance(overall, {"one": one, "other": other}).shapley_r_squared["one"]

        return part

    made = bootstrap([CellStratum("a", 830, cells)], first_share, replicates=30, seed=5)
    assert 0.6 < made.lower < made.estimate < made.upper < 1


def test_a_replicate_without_a_figure_is_counted():
    made = bootstrap(cells_of(STRATA), lambda keys: lambda w: 1.0 if w.max() < 78 else None, replicates=50, seed=1)
    assert 0 < made.undefined < 50


def test_what_cannot_be_replicated_is_refused():
    with pytest.raises(SingleUnitStratum):
        replicate_weights([CellStratum("a", 9, {5: 1})], 10, 1)
    with pytest.raises(InvalidInput):
        replicate_weights(cells_of(STRATA), 1, 1)


def test_people_who_answer_often_are_taken_whole():
    """60 customers, each saying one thing three times: the clustered formula's error, not that of 180 answers."""
    answers = [WeightedAnswer("a", who, 10.0, who % 5 + 1) for who in range(60) for _ in range(3)]
    values = np.array([one.value for one in answers])
    made = bootstrap_weighted({"a": 1800}, answers, lambda w: float(w @ values / w.sum()), replicates=2000, seed=2)
    plain = weighted_mean({"a": 1800}, answers, fpc=False)
    assert made.estimate == pytest.approx(plain.estimate)
    assert made.std_error == pytest.approx(plain.std_error, rel=0.06)


def test_classes_keep_their_contacts_in_each_replicate():
    """Two classes each of one mind: whoever is taken, the mean is that of the frame."""
    answers = [WeightedAnswer("ab"[who % 2], who, 3.0, who % 2) for who in range(40)]
    values = np.array([one.value for one in answers])
    sizes = {"a": 300, "b": 100}
    made = bootstrap_weighted(sizes, answers, lambda w: float(w @ values / w.sum()), replicates=50, seed=2)
    assert (made.estimate, made.std_error) == pytest.approx((0.25, 0), abs=1e-12)


@given(a_sample(most=3), st.booleans())
def test_replicates_keep_the_contacts_and_are_never_negative(strata, fpc):
    made = replicate_weights(cells_of(strata), 8, 1, fpc=fpc)
    assert (made.weights >= -1e-9).all()
    total = sum(one.population_size for one in strata)
    assert made.weights.sum(axis=1) == pytest.approx(total) and made.full.sum() == pytest.approx(total)


@given(a_sample(most=3))
def test_replicates_lie_about_the_estimate(strata):
    made, plain = bootstrap(cells_of(strata), mean_of, replicates=300, seed=7), stratified_mean(strata)
    assert made.estimate == pytest.approx(plain.estimate)
    assert made.std_error == pytest.approx(plain.std_error, rel=0.3, abs=1e-9)
    middle = replicate_weights(cells_of(strata), 300, 7).weights.mean(axis=0)
    values = mean_of(replicate_weights(cells_of(strata), 2, 7).keys)
    assert abs(values(middle) - plain.estimate) <= 5 * plain.std_error / 300**0.5 + 1e-9
