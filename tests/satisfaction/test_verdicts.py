"""What an agreement makes of a figure, whatever the figure."""

from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from estimation import wilson
from satisfaction.targets import AT_LEAST, AT_MOST
from satisfaction.verdicts import (
    ABOVE,
    BELOW,
    MET,
    NOT_MEASURED,
    NOT_MET,
    OBSERVED,
    PROVEN,
    Rule,
    answers_needed,
    expected_wrong,
    is_good_side,
    judged,
)

SHARES = st.floats(0.01, 0.99)
TOLERANCES = st.floats(0, 0.2)


def figure(estimate=0.88, lower=0.86, upper=0.9, **changes):
    """A figure as the report gives it."""
    return {
        "estimate": estimate, "lower": lower, "upper": upper, "n": 800, "n_effective": 800.0, "unit": "share",
        "flags": [], "weighting": "design", "population_name": None, "detail": {},
    } | changes  # fmt: skip


@st.composite
def figures(draw):
    lower, estimate, upper = sorted(draw(st.lists(SHARES, min_size=3, max_size=3)))
    return figure(estimate, lower, upper)


@st.composite
def agreed(draw):
    return Rule(
        draw(SHARES), draw(TOLERANCES), draw(st.sampled_from([PROVEN, OBSERVED])),
        draw(st.sampled_from([AT_LEAST, AT_MOST])),
    )  # fmt: skip


def mirrored(rule, row):
    """The same promise told of the opposite share."""
    other = {AT_LEAST: AT_MOST, AT_MOST: AT_LEAST}[rule.direction]
    rows = row | {"estimate": 1 - row["estimate"], "lower": 1 - row["upper"], "upper": 1 - row["lower"]}
    return replace(rule, target=1 - rule.target, direction=other), rows


@pytest.mark.parametrize(
    ("target", "tolerance", "decision", "state"),
    [
        (0.85, 0, PROVEN, MET),
        (0.86, 0, PROVEN, MET),  # the lower limit itself
        (0.87, 0, PROVEN, ABOVE),
        (0.88, 0, PROVEN, ABOVE),  # the estimate itself
        (0.89, 0, PROVEN, BELOW),
        (0.90, 0, PROVEN, BELOW),  # the upper limit itself: not below it
        (0.91, 0, PROVEN, NOT_MET),
        (0.87, 0.01, PROVEN, MET),
        (0.92, 0.01, PROVEN, NOT_MET),
        (0.92, 0.02, PROVEN, BELOW),
        (0.88, 0, OBSERVED, MET),
        (0.89, 0, OBSERVED, NOT_MET),
        (0.89, 0.01, OBSERVED, MET),
    ],
)
def test_a_promise_of_at_least_so_much(target, tolerance, decision, state):
    assert judged(Rule(target, tolerance, decision), figure()).state == state


@pytest.mark.parametrize(
    ("target", "tolerance", "state"),
    [(0.9, 0, MET), (0.89, 0, BELOW), (0.87, 0, ABOVE), (0.85, 0, NOT_MET), (0.85, 0.05, MET)],
)
def test_a_promise_of_at_most_so_much(target, tolerance, state):
    assert judged(Rule(target, tolerance, direction=AT_MOST), figure()).state == state


@given(agreed(), figures())
def test_a_promise_told_of_the_opposite_share_is_judged_alike(rule, row):
    assume(all(abs(x - rule.threshold) > 1e-9 for x in (row["estimate"], row["lower"], row["upper"])))
    swapped = {ABOVE: BELOW, BELOW: ABOVE}
    state, told = judged(rule, row).state, judged(*mirrored(rule, row)).state
    assert told == swapped.get(state, state)
    assert is_good_side(state, rule.direction) == is_good_side(told, mirrored(rule, row)[0].direction)


@given(agreed(), figures(), st.floats(0, 0.1))
def test_an_easier_target_never_makes_a_verdict_worse(rule, row, less):
    rank = {NOT_MET: 0, BELOW: 1, ABOVE: 2, MET: 3}
    if rule.direction == AT_MOST:
        rank |= {ABOVE: 1, BELOW: 2}
    easier = replace(rule, target=rule.target + (-less if rule.direction == AT_LEAST else less))
    assert rank[judged(easier, row).state] >= rank[judged(rule, row).state]


@given(agreed(), figures())
def test_tolerance_is_the_same_as_another_target(rule, row):
    moved = replace(rule, target=rule.threshold, tolerance=0.0)
    assert judged(rule, row) == judged(moved, row)


@given(figures(), SHARES)
def test_what_is_proven_is_seen_too(row, target):
    proven, observed = (judged(Rule(target, decision=one), row).state for one in (PROVEN, OBSERVED))
    assert observed in (MET, NOT_MET)
    if proven in (MET, NOT_MET):
        assert observed == proven


@given(st.integers(30, 400), st.integers(0, 400), SHARES)
def test_more_confidence_never_turns_a_doubt_into_a_proof(n, hits, target):
    hits = min(hits, n)
    states = []
    for level in (0.9, 0.95, 0.99):
        lower, upper = wilson(hits, n, level)
        states.append(judged(Rule(target, level=level), figure(hits / n, lower, upper)).state)
    for loose, strict in pairwise(states):
        assert strict == loose or strict in (ABOVE, BELOW)


@given(agreed(), figures(), st.sampled_from(["suppressed", "no-answers", "empty-stratum", "series-break"]))
def test_what_may_not_be_shown_is_never_met(rule, row, flag):
    withheld = row | {"estimate": None, "lower": None, "upper": None, "n": None, "flags": [flag]}
    said = judged(rule, withheld)
    assert (said.state, said.reason) == (NOT_MEASURED, flag)


@pytest.mark.parametrize(
    ("changes", "rule", "reason"),
    [
        ({"n": 49}, {}, "too-few-answers"),
        ({"population_name": "contactable"}, {}, "other-population"),
        ({"lower": None, "upper": None}, {}, "no-interval"),
        ({"lower": None, "upper": None, "flags": ["low-response-rate"]}, {}, "low-response-rate"),
        ({"flags": ["unreliable"]}, {}, "unreliable"),
        ({}, {"minimum_response": 0.3}, "response-too-low"),
        ({}, {"formula": "satisfaction/1"}, "other-formula"),
    ],
)
def test_a_figure_that_falls_short_of_what_was_agreed_is_not_measured(changes, rule, reason):
    agreed_rule = Rule(0.5, minimum_answers=50, **rule)
    said = judged(agreed_rule, figure(**changes), 0.2, "satisfaction/2" if "formula" in rule else "")
    assert (said.state, said.reason) == (NOT_MEASURED, reason)


def test_at_the_agreed_response_and_answers_it_is_measured():
    assert judged(Rule(0.5, minimum_answers=800, minimum_response=0.2), figure(), 0.2).state == MET
    assert judged(Rule(0.5, minimum_response=0.2), figure(), None).reason == "response-too-low"


def test_few_cases_of_the_register_are_judged_for_they_are_all_there_are():
    row = figure(weighting="none", flags=["unreliable"], n=12)
    assert judged(Rule(0.5, minimum_answers=10), row).state == MET


def test_an_interval_without_upper_end_can_still_be_too_long():
    row = figure(20.0, 16.0, None, unit="days", weighting="none")
    assert judged(Rule(15, direction=AT_MOST), row).state == NOT_MET
    assert judged(Rule(18, direction=AT_MOST), row).state == ABOVE
    assert judged(Rule(40, direction=AT_MOST), row).state == BELOW


@given(st.integers(0, 60), st.sampled_from([0.9, 0.95, 0.99]))
def test_the_verdicts_that_chance_may_make_wrong_are_so_many(verdicts, level):
    assert expected_wrong(verdicts, level) == pytest.approx(verdicts * (1 - level) / 2)


def test_of_twenty_four_verdicts_chance_makes_at_most_six_tenths_wrong():
    assert expected_wrong(24) == pytest.approx(0.6)


@given(figures(), agreed())
def test_more_answers_are_never_asked_for_on_the_wrong_side(row, rule):
    margin = row["estimate"] - rule.threshold
    needed = answers_needed(rule, row)
    if (margin if rule.direction == AT_LEAST else -margin) <= 0:
        assert needed is None
    elif needed is not None:
        assert needed >= 1


def test_the_answers_needed_are_those_of_a_test_of_one_share():
    """(1.96 × √(0.87 × 0.13) + 0.8416 × √(0.88 × 0.12))² ÷ 0.01² = 8,699 plain answers; here each is worth a half."""
    plain, heavy = (answers_needed(Rule(0.87), figure(n_effective=size)) for size in (800.0, 400.0))
    assert plain == 8699
    assert heavy == pytest.approx(2 * plain, abs=2)


def test_a_mean_or_a_net_score_needs_answers_too():
    row = figure(4.3, 4.2, 4.4, unit="mean", detail={"std_error": 0.05}, n=400, n_effective=None)
    assert answers_needed(Rule(4.2), row) == 785  # ((1.959964 + 0.841621) × 1 ÷ 0.1)²
    assert answers_needed(Rule(4.4), row) is None
    assert answers_needed(Rule(20, direction=AT_MOST), figure(12, 10, 15, unit="days", weighting="none")) is None
