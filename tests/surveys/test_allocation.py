import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.allocation import Plan, largest_remainder, sizes
from surveys.refusals import SurveyRefused

frames = st.dictionaries(st.sampled_from("abcdefgh"), st.integers(1, 200), min_size=1)


def refusal(held, plan):
    with pytest.raises(SurveyRefused) as refused:
        sizes(held, plan)
    return refused.value.code, refused.value.facts


@given(frames, st.integers(0, 10), st.data())
def test_shares_sum_to_the_size_and_stay_between_minimum_and_stratum(held, minimum, data):
    needed = sum(min(minimum, units) for units in held.values())
    size = data.draw(st.integers(max(1, needed), sum(held.values())))
    asked = sizes(held, Plan("proportional", size=size, minimum=minimum))
    assert sum(asked.values()) == size
    assert all(min(minimum, held[stratum]) <= asked[stratum] <= held[stratum] for stratum in held)


@given(frames, st.data())
def test_without_minimum_no_share_is_a_whole_unit_away_from_its_quota(held, data):
    total = sum(held.values())
    size = data.draw(st.integers(1, total))
    asked = sizes(held, Plan("proportional", size=size))
    assert all(abs(asked[stratum] - size * held[stratum] / total) < 1 for stratum in held)


def test_largest_remainders_are_rounded_up_and_ties_go_by_name():
    # Quotas 3.75, 3.75, 2.5; then 1.5 each.
    assert largest_remainder(10, {"c": 2, "a": 3, "b": 3}) == {"a": 4, "b": 4, "c": 2}
    assert largest_remainder(3, {"b": 1, "a": 1}) == {"a": 2, "b": 1}


def test_a_small_stratum_gives_its_minimum_or_all_it_has():
    assert sizes({"a": 1000, "b": 5, "c": 1}, Plan("proportional", size=100, minimum=2)) == {"a": 97, "b": 2, "c": 1}


def test_equal_shares_do_not_look_at_the_size_of_the_strata():
    assert sizes({"a": 1000, "b": 50, "c": 60}, Plan("equal", size=100)) == {"a": 34, "b": 33, "c": 33}


def test_fixed_sizes_are_lifted_to_the_minimum():
    assert sizes({"a": 100, "b": 9, "c": 1}, Plan("fixed", minimum=2, fixed={"a": 40})) == {"a": 40, "b": 2, "c": 1}


def test_what_cannot_be_drawn_is_refused_with_the_numbers():
    assert refusal({"a": 100, "b": 3}, Plan("equal", size=20)) == (
        "larger-than-stratum",
        {"stratum": "b", "requested": 10, "available": 3},
    )
    assert refusal({"a": 5}, Plan("fixed", fixed={"a": 6}))[0] == "larger-than-stratum"
    assert refusal({"a": 5}, Plan("fixed", fixed={"z": 1})) == ("unknown-stratum", {"stratum": "z"})
    assert refusal({"a": 5, "b": 9}, Plan("proportional", size=3, minimum=2)) == (
        "smaller-than-minimums",
        {"requested": 3, "needed": 4, "minimum": 2},
    )
    assert refusal({}, Plan("everyone"))[0] == "nothing-eligible"
    assert refusal({"a": 5}, Plan("proportional"))[0] == "size-missing"


@pytest.mark.parametrize("size, fits", [(14, True), (15, False)])
def test_the_last_unit_can_be_drawn_and_one_more_cannot(size, fits):
    plan = Plan("proportional", size=size)
    if fits:
        assert sizes({"a": 5, "b": 9}, plan) == {"a": 5, "b": 9}
    else:
        assert refusal({"a": 5, "b": 9}, plan) == ("larger-than-frame", {"requested": 15, "available": 14})
