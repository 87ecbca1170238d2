"""Conditions: what can be written, one way to write it, and when it holds."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from surveys.comparisons import Comparison, LowScore
from surveys.conditions import MOST_DEPTH, MOST_LETTERS, BadCondition, Condition, both, parse_condition
from surveys.connectives import Not, all_of, any_of, depth

NAMES = st.sampled_from(["a", "b", "c", "solved", "q_2"])
NUMBERS = st.integers(-99, 999) | st.decimals(-9, 99, places=2).map(float).filter(lambda value: not value.is_integer())
TEXTS = st.text("abc éÀ_0-{}()", max_size=6) | st.sampled_from(["it's", 'a "word"', "and", "yes", "2026-11-23"])
VALUES = NUMBERS | TEXTS
COMPARISONS = (
    st.builds(Comparison, NAMES, st.sampled_from(["empty", "notempty"]))
    | st.builds(Comparison, NAMES, st.sampled_from("= <> < > <= >=".split()), VALUES | st.just(LowScore()))
    | st.builds(
        Comparison,
        NAMES,
        st.sampled_from("anyof allof noneof contains notcontains".split()),
        st.lists(VALUES, min_size=1, max_size=3).map(tuple),
    )
)
NODES = st.recursive(
    COMPARISONS,
    lambda inner: (
        st.builds(Not, inner)
        | st.lists(inner, min_size=2, max_size=3).map(lambda parts: all_of(*parts))
        | st.lists(inner, min_size=2, max_size=3).map(lambda parts: any_of(*parts))
    ),
    max_leaves=8,
).filter(lambda node: depth(node) <= MOST_DEPTH)
CONDITIONS = st.builds(Condition, NODES)
ANSWERS = st.dictionaries(
    NAMES, NUMBERS | TEXTS | st.none() | st.lists(TEXTS, max_size=3).map(tuple) | st.sampled_from(["_na", "_private"])
)


@settings(max_examples=300, deadline=None)
@given(CONDITIONS)
def test_what_is_written_reads_back_as_an_equal_condition(condition):
    assert parse_condition(str(condition)) == condition
    assert str(parse_condition(str(condition))) == str(condition)


@settings(max_examples=200, deadline=None)
@given(NAMES, VALUES, ANSWERS)
def test_opposites_are_opposites_whatever_was_answered(name, value, answers):
    for sign, opposite in (("=", "<>"), ("anyof", "noneof"), ("contains", "notcontains"), ("empty", "notempty")):
        operand = None if sign == "empty" else (value,) if sign in ("anyof", "contains") else value
        one, other = (Condition(Comparison(name, each, operand)) for each in (sign, opposite))
        assert one.holds(answers) is not other.holds(answers)
        assert Condition(Not(one.root)).holds(answers) is other.holds(answers)


@settings(max_examples=200, deadline=None)
@given(NODES, NODES, NODES, ANSWERS)
def test_and_or_and_not_mean_what_they_say(first, second, third, answers):
    hold = [Condition(node).holds(answers) for node in (first, second, third)]
    assert Condition(all_of(first, second, third)).holds(answers) is all(hold)
    assert Condition(any_of(first, second, third)).holds(answers) is any(hold)
    assert Condition(Not(first)).holds(answers) is not hold[0]
    assert both(Condition(first), Condition(second)).holds(answers) is (hold[0] and hold[1])


@pytest.mark.parametrize(
    "written, canonical",
    [
        ("{a}==1&&{b}!='x'", "{a} = 1 and {b} <> 'x'"),
        ('{a} equal 1 OR {b} notequal "x"', "{a} = 1 or {b} <> 'x'"),
        ("{a} less 2 or {a} greater 3", "{a} < 2 or {a} > 3"),
        ("{a} lessorequal 2 || {a} greaterorequal 3", "{a} <= 2 or {a} >= 3"),
        ("!({a} = 1)", "!({a} = 1)"),
        ("negate {a} = 1", "!({a} = 1)"),
        ("not {a} empty and {b} NotEmpty", "!({a} empty) and {b} notempty"),
        ("{a} = true or {b} <> False", "{a} = 'yes' or {b} <> 'no'"),
        (
            "{a} *= 'x' or {a} contain 'y' or {a} notcontain 'z'",
            "{a} contains 'x' or {a} contains 'y' or {a} notcontains 'z'",
        ),
        ("{a} anyof['x',\"y\"]", "{a} anyof ['x', 'y']"),
        ("{a} anyof 'x'", "{a} anyof ['x']"),
        ("{ a } >= 1.50 and {b} < -3.0", "{a} >= 1.5 and {b} < -3"),
        ("({a} = 1)", "{a} = 1"),
        ("{a} = 1 or {b} = 2 and {c} = 3", "{a} = 1 or {b} = 2 and {c} = 3"),
        ("({a} = 1 or {b} = 2) and {c} = 3", "({a} = 1 or {b} = 2) and {c} = 3"),
        ("{a} = 1 and ({b} = 2 and {c} = 3)", "{a} = 1 and {b} = 2 and {c} = 3"),
        ("{s} <= {low_score}", "{s} <= {low_score}"),
    ],
)
def test_the_spellings_of_surveyjs_are_read_and_written_in_one_way(written, canonical):
    assert str(parse_condition(written)) == canonical


def test_and_binds_tighter_than_or():
    condition = parse_condition("{a} = 1 or {b} = 2 and {c} = 3")
    assert condition.holds({"a": 1}) is True
    assert condition.holds({"b": 2}) is False
    assert condition.holds({"b": 2, "c": 3}) is True


@pytest.mark.parametrize(
    "written, answers, holds",
    [
        ("{a} < 2.5", {"a": 2}, True),
        ("{a} = 2", {"a": 2.0}, True),
        ("{a} = '2'", {"a": 2}, False),
        ("{a} < '3'", {"a": 2}, False),
        ("{d} < '2026-11-23'", {"d": "2026-09-30"}, True),
        ("{a} anyof ['x', 'y']", {"a": "y"}, True),
        ("{a} anyof ['x', 'y']", {"a": ("z", "x")}, True),
        ("{a} allof ['x', 'y']", {"a": ("z", "x")}, False),
        ("{a} allof ['x', 'y']", {"a": ("y", "z", "x")}, True),
        ("{a} noneof ['x', 'y']", {"a": ("z",)}, True),
        ("{a} noneof ['x', 'y']", {}, True),
        ("{a} contains 'x'", {"a": ("x", "z")}, True),
        ("{a} notcontains 'x'", {"a": ("x", "z")}, False),
        ("{a} notcontains 'x'", {}, True),
        ("{a} = 'x'", {"a": ("x",)}, False),
        # Without an answer: unlike every value.
        ("{a} = 'x' or {a} < 3 or {a} >= 3 or {a} anyof ['x'] or {a} contains 'x'", {}, False),
        ("{a} <> 'x' and {a} empty", {}, True),
        ("!({a} < 3)", {}, True),
        # Words alone are an answer without a value.
        ("{a} notempty and {a} <> 'x'", {"a": None}, True),
        # Declined is answered, and unlike every value but itself.
        ("{a} notempty and {a} <> 3 and !({a} < 3) and !({a} >= 3)", {"a": "_na"}, True),
        ("{a} contains 'x'", {"a": "_private"}, False),
        ("{a} = '_na'", {"a": "_na"}, True),
        ("{a} anyof ['_na', '_private']", {"a": "_private"}, True),
    ],
)
def test_like_is_compared_with_like(written, answers, holds):
    assert parse_condition(written).holds(answers) is holds


@pytest.mark.parametrize(
    "written, rest",
    [
        ("{a} <= 2 ; drop", "; drop"),
        ("{a} = {b}", "{b}"),
        ("{low_score} = 1", "{low_score}"),
        ("{a} anyof []", "]"),
        ("{a} = ['x']", "['x']"),
        ("{a} = 'x", "'x"),
        ("({a} = 1", ""),
        ("{a} = 1.2.3", "1.2.3"),
        ("{a} + 1 = 2", "+ 1 = 2"),
        ("age({a}) > 2", "age({a}) > 2"),
        ("{a.b} = 1", "{a.b} = 1"),
        ("{a} = 1_0", "1_0"),
    ],
)
def test_where_reading_stopped_is_told(written, rest):
    with pytest.raises(BadCondition) as refused:
        parse_condition(written)
    assert refused.value.rest == rest


def test_length_and_depth_are_bounded():
    long = "{a} = 1 or " * (MOST_LETTERS // 11) + "{a} = 1"
    with pytest.raises(BadCondition):
        parse_condition(long + " or {a} = 1")
    assert depth(parse_condition("not " * MOST_DEPTH + "{a} = 1").root) == MOST_DEPTH
    for nested in ("not " * (MOST_DEPTH + 1) + "{a} = 1", "({a} = 1 or ({b} = 1 and " * 30 + "{c} = 1" + "))" * 30):
        with pytest.raises(BadCondition):
            parse_condition(nested)


@settings(max_examples=300, deadline=None)
@given(st.text("{}()[]'\" ab1<>=!&|,.", max_size=40) | st.text(max_size=1200))
def test_any_text_at_all_is_read_or_refused(text):
    try:
        condition = parse_condition(text)
    except BadCondition:
        pass
    else:
        assert parse_condition(str(condition)) == condition


def test_the_threshold_is_put_in_when_a_version_is_compiled():
    condition = parse_condition("{s} <= {low_score} or {t} = 1")
    assert condition.needs_low_score
    assert str(condition.with_low_score(3)) == "{s} <= 3 or {t} = 1"
    assert condition.names == {"s", "t"}


def test_questions_can_be_renamed_in_a_condition():
    condition = parse_condition("{a} = 'a' and !({b} empty)")
    assert str(condition.renamed({"a": "first", "b": "a"})) == "{first} = 'a' and !({a} empty)"
