"""Paths: which questions are asked and which choices are shown, whatever was answered."""

import os
from collections import Counter
from itertools import product
from math import factorial, prod
from random import Random

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from surveys.definitions import compiled
from surveys.interview_events import State
from surveys.paths import is_required, options_shown, path
from surveys.publication.reach import followed
from surveys.questionnaires import compile_version
from surveys.storage import model_definition
from tests.surveys.strategies import Maker, definitions

LONG = os.environ.get("LONG") == "1"
MODEL = compile_version(model_definition("post_contact"))
LABEL = {"fr": "a"}


def version(*questions):
    """A version of questions that need not be complete: paths read no texts."""
    filled = [{"title": {"fr": "?"}, **question} for question in questions]
    return compiled({"languages": ["fr"], "title": {"fr": "?"}, "questions": filled}, "", 2)


def choices(*ids, **conditions):
    return [
        {"id": name, "label": LABEL, **({"visible_if": conditions[name]} if name in conditions else {})} for name in ids
    ]


def yes_no(name, **keys):
    return {"id": name, "type": "yes_no", "choices": choices("yes", "no"), **keys}


def ids(asked):
    return [question.id for question in asked]


def on_path(made, answers=None, passed=(), mode="web"):
    return ids(path(made, State(answers=answers or {}, passed=frozenset(passed)), mode))


def test_a_jump_leads_on_once_its_question_is_settled():
    made = version(
        yes_no("a", jumps=[{"if": "{a} = 'no'", "to": "d"}, {"if": "{a} empty", "to": "c"}]),
        yes_no("b"),
        yes_no("c"),
        yes_no("d"),
    )
    assert on_path(made) == ["a", "b", "c", "d"]
    assert on_path(made, {"a": "yes"}) == ["a", "b", "c", "d"]
    assert on_path(made, {"a": "no"}) == ["a", "d"]
    assert on_path(made, passed=["a"]) == ["a", "c", "d"]


def test_the_first_jump_that_holds_is_taken_and_end_ends():
    made = version(yes_no("a", jumps=[{"if": "{a} = 'no'", "to": "end"}, {"to": "c"}]), yes_no("b"), yes_no("c"))
    assert on_path(made, {"a": "no"}) == ["a"]
    assert on_path(made, {"a": "yes"}) == ["a", "c"]


def test_a_question_that_is_not_asked_neither_jumps_nor_counts():
    made = version(
        yes_no("a"),
        yes_no("b", visible_if="{a} = 'yes'", jumps=[{"to": "end"}]),
        yes_no("c", visible_if="{b} = 'no'"),
        yes_no("d"),
    )
    assert on_path(made, {"a": "no", "b": "no"}) == ["a", "d"]


def test_a_jump_to_a_question_that_is_not_asked_goes_on_behind_it():
    made = version(yes_no("a", jumps=[{"to": "c"}]), yes_no("b"), yes_no("c", visible_if="{a} = 'no'"), yes_no("d"))
    assert on_path(made, {"a": "yes"}) == ["a", "d"]


def test_by_sms_the_questions_of_the_web_are_left_out():
    made = version(yes_no("a"), yes_no("b", sms=False), yes_no("c"))
    assert on_path(made, mode="sms") == ["a", "c"]


def test_a_question_with_no_choice_left_is_not_asked():
    made = version(
        yes_no("a"), {"id": "b", "type": "choice", "choices": choices("x", "y", x="{a} = 'no'", y="{a} = 'no'")}
    )
    assert on_path(made, {"a": "yes"}) == ["a"]
    assert on_path(made, {"a": "no"}) == ["a", "b"]


def test_required_always_or_when_its_condition_holds():
    made = version(yes_no("a", required=True), yes_no("b", required_if="{a} = 'no'"), yes_no("c"))
    assert [is_required(question, {"a": "no"}) for question in made.questions] == [True, True, False]
    assert [is_required(question, {}) for question in made.questions] == [True, False, False]


def listed(*ids, kind="choice", **keys):
    return version(yes_no("q"), {"id": "r", "type": kind, "choices": choices(*ids), **keys}).questions[1]


def test_choices_are_shown_where_their_condition_holds():
    question = version(
        yes_no("q"), {"id": "r", "type": "choice", "choices": choices("x", "y", "z", y="{q} = 'no'")}
    ).questions[1]
    assert options_shown(question, {"q": "yes"}, "s") == ("x", "z")
    assert options_shown(question, {"q": "no"}, "s") == ("x", "y", "z")


def test_one_seed_shows_one_order_and_fixed_choices_keep_their_place():
    question = listed("a", "b", "c", "d", "e", random_order=True)
    fixed = version(
        {
            "id": "r",
            "type": "choice",
            "random_order": True,
            "choices": [{"id": name, "label": LABEL, "fixed": name in "be"} for name in "abcde"],
        }
    ).questions[0]
    orders = {options_shown(question, {}, f"seed{number}") for number in range(50)}
    assert len(orders) > 20
    assert options_shown(question, {}, "one") == options_shown(question, {}, "one")
    for number in range(50):
        shown = options_shown(fixed, {}, f"seed{number}")
        assert (shown[1], shown[4], sorted(shown)) == ("b", "e", list("abcde"))


def test_two_questions_of_one_interview_are_not_shuffled_alike():
    first, second = (
        version({"id": name, "type": "choice", "random_order": True, "choices": choices(*"abcdef")}).questions[0]
        for name in ("first", "second")
    )
    alike = sum(options_shown(first, {}, f"s{n}") == options_shown(second, {}, f"s{n}") for n in range(200))
    assert alike < 5


@pytest.mark.parametrize("kind", ["choice", "multiple", "ranking"])
def test_every_order_is_as_likely_over_many_seeds(kind):
    question = listed("a", "b", "c", "d", kind=kind, random_order=True)
    seeds = 24_000 if LONG else 4_800
    counts = Counter(options_shown(question, {}, f"inv-{number:032x}") for number in range(seeds))
    assert len(counts) == factorial(4)
    expected = seeds / factorial(4)
    # 23 degrees of freedom: 63 is passed by chance once in 75,000 runs, and the seeds are always the same.
    assert sum((count - expected) ** 2 / expected for count in counts.values()) < 63


def test_a_question_of_no_choices_shows_none():
    assert options_shown(MODEL.question("recommendation"), {}, "s") == ()


@settings(max_examples=800 if LONG else 60, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(1, 10), st.data())
def test_any_path_is_in_order_without_repeats_and_asks_nothing_unreachable(seed, count, data):
    maker = Maker(Random(seed), {"conditions", "jumps", "choices_if", "web_only", "required", "declining", "bounds"})
    made = compile_version(maker.definition(count))
    order = ids(made.questions)
    world = data.draw(st.sampled_from(maker.worlds))
    settled = data.draw(st.sets(st.sampled_from(order)))
    answers = {name: value for name, value in world.items() if name in settled}
    state = State(answers=answers, passed=frozenset(settled - set(answers)))
    asked = {mode: on_path(made, state.answers, state.passed, mode) for mode in ("web", "sms")}
    positions = [order.index(name) for name in asked["web"]]
    assert positions == sorted(set(positions))
    assert [name for name in asked["web"] if made.question(name).sms is not None] == asked["sms"]
    for name in asked["web"]:
        question = made.question(name)
        before = {each: answers[each] for each in asked["web"][: asked["web"].index(name)] if each in answers}
        assert question.condition is None or question.condition.holds(before)
        assert not question.choices or options_shown(question, before, "s")


@settings(max_examples=400 if LONG else 40, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(1, 9))
def test_what_is_asked_in_any_made_up_interview_was_seen_when_all_were_followed(seed, count):
    maker = Maker(Random(seed), {"conditions", "jumps", "choices_if", "web_only", "required", "declining", "bounds"})
    definition = maker.definition(count)
    made = compile_version(definition)
    everyone = frozenset(ids(made.questions))
    seen = followed(definition)
    for world in maker.worlds:
        maker.possible(made, world)
        asked = on_path(made, world, everyone)
        assert not seen.complete or set(asked) <= seen.asked


class Careless(Maker):
    """Makes questionnaires in which much is never asked."""

    def _condition(self, question, about=None):
        earlier = [each for each in (about or self.questions) if question.get("sms") is False or each.get("sms", True)]
        return self._expression(earlier, 2) if earlier else None

    def _free(self):
        pass


def every_interview(made):
    """Each combination of answers and silence that people can give to ``made``, by web and by SMS: what is asked."""
    domains = [[*(question.type.domain(question) or ()), ...] for question in made.questions]
    for values in product(*domains):
        given_ = {q.id: value for q, value in zip(made.questions, values, strict=True) if value is not ...}
        for mode in ("web", "sms"):
            # By SMS, what is asked on the web only has no answer and is not settled, so it does not jump.
            askable = [question for question in made.questions if mode == "web" or question.sms is not None]
            answers = {question.id: given_[question.id] for question in askable if question.id in given_}
            asked = path(made, State(answers=answers, passed=frozenset(ids(askable))), mode)
            if all(can_be(question, answers, asked[:place]) for place, question in enumerate(asked)):
                yield set(ids(asked))


def can_be(question, answers, before):
    """Whether somebody can leave ``question`` as ``answers`` have it, after ``before``."""
    known = {each.id: answers[each.id] for each in before if each.id in answers}
    if question.id not in answers:
        return question.sms is not None or not is_required(question, known)
    value = answers[question.id]
    members = set(value) if isinstance(value, tuple) else {value}
    return (
        question.type.choice_ids is not None
        or not question.choices
        or members
        <= {
            *options_shown(question, known, ""),
            "_na",
            "_private",
        }
    )


@settings(max_examples=300 if LONG else 25, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(2, 4))
def test_what_can_be_asked_is_exactly_what_is_found_by_trying_every_answer(seed, count):
    features = {"conditions", "jumps", "choices_if", "web_only", "required", "declining"}
    definition = Careless(
        Random(seed), features, ["yes_no", "choice", "satisfaction", "multiple", "comment"]
    ).definition(count)
    made = compiled(definition, "", 2)
    assume("{low_score}" not in str(definition))
    assume(prod(len(question.type.domain(question) or ()) + 1 for question in made.questions) <= 8_000)
    tried = set().union(*every_interview(made))
    assert followed(definition).asked == tried


@settings(max_examples=60, deadline=None)
@given(definitions(most_questions=6), st.text(max_size=5))
def test_the_choices_shown_are_those_there_are(definition, seed):
    for question in compile_version(definition).questions:
        shown = options_shown(question, {}, seed)
        assert len(set(shown)) == len(shown) <= len(question.choices)
        assert set(shown) <= {choice.id for choice in question.choices}
