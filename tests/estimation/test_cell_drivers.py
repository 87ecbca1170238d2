"""Drivers from counted patterns: what the formula over single answers gives, weighted, with an interval around it."""

from collections import Counter

import numpy as np
import pytest

from estimation import CellStratum, importance_of_cells, relative_importance
from estimation.errors import InvalidInput

NAMES = ["speed", "tone"]


def people(n=120, seed=7):
    generator = np.random.default_rng(seed)
    speed, tone = generator.integers(1, 6, n), generator.integers(1, 6, n)
    overall = np.clip(np.rint(0.6 * speed + 0.3 * tone + generator.normal(0, 0.7, n)), 1, 5).astype(int)
    return list(zip(overall.tolist(), speed.tolist(), tone.tolist(), strict=True))


def counted(rows, weight=1.0):
    return Counter((weight, *row) for row in rows)


def strata(rows, size=1000):
    return [CellStratum("a", size, counted(rows[::2])), CellStratum("b", size, counted(rows[1::2]))]


def test_equal_weights_give_what_single_answers_give():
    rows = people()
    found = importance_of_cells(strata(rows), NAMES, seed=1, replicates=40)
    overall, speed, tone = zip(*rows, strict=True)
    whole = relative_importance(overall, {"speed": speed, "tone": tone})
    assert found.r_squared.estimate == pytest.approx(whole.r_squared, abs=1e-12)
    for name in NAMES:
        assert found.parts[name].estimate == pytest.approx(whole.shapley_r_squared[name], abs=1e-12)
    assert sum(part.estimate for part in found.parts.values()) == pytest.approx(found.r_squared.estimate)


def test_the_interval_holds_the_figure_and_is_the_same_each_time():
    first, again = (importance_of_cells(strata(people()), NAMES, seed=1, replicates=60) for _ in range(2))
    assert first == again
    for part in first.parts.values():
        assert 0 <= part.lower < part.estimate < part.upper <= 1


def test_a_stratum_that_stands_for_more_contacts_weighs_more():
    rows = people()
    light, heavy = strata(rows), [CellStratum("a", 9000, counted(rows[::2])), strata(rows)[1]]
    one, other = (importance_of_cells(each, NAMES, seed=1, replicates=10) for each in (light, heavy))
    assert one.r_squared.estimate != pytest.approx(other.r_squared.estimate, abs=1e-6)


def test_base_weights_weigh_as_repetition_does_and_their_scale_is_nothing():
    rows = people()
    twice = [CellStratum("a", 1000, counted(rows) + counted(rows[:60]))]
    weighed = [CellStratum("a", 1000, counted(rows[60:], 3.0) + counted(rows[:60], 6.0))]
    one, other = (importance_of_cells(each, NAMES, seed=1, replicates=10) for each in (twice, weighed))
    assert one.parts["speed"].estimate == pytest.approx(other.parts["speed"].estimate, abs=1e-12)


def test_a_driver_that_repeats_another_shares_its_part():
    rows = [(overall, speed, speed) for overall, speed, _tone in people()]
    found = importance_of_cells(strata(rows), NAMES, seed=1, replicates=10)
    assert found.parts["speed"].estimate == pytest.approx(found.parts["tone"].estimate)


@pytest.mark.parametrize(
    "rows, names, reason",
    [
        (people(18), NAMES, "answers_per_driver"),
        ([(5, 1, 2), (5, 2, 3)] * 20, NAMES, "outcome_without_variance"),
        (people(), [], "drivers"),
    ],
    ids=["few", "all equal", "none"],
)
def test_what_cannot_be_explained_is_refused(rows, names, reason):
    with pytest.raises(InvalidInput, match=reason):
        importance_of_cells(strata(rows), names, seed=1, replicates=10)
