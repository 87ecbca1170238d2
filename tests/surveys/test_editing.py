"""The operations of the editor: each gives a definition, and what referred to a question still does."""

import os
from functools import partial

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from surveys import editing
from surveys.editing.fields import fields_of, question_of, renamed_choices
from surveys.editing.references import Reference
from surveys.questionnaires import content_hash, problems
from surveys.questions.registry import TYPES
from surveys.storage import model_definition
from tests.surveys.strategies import definition_of

MANY = 2000 if os.environ.get("LONG") else 60
fixed_seed = partial(settings, derandomize=True, deadline=None, suppress_health_check=list(HealthCheck))
LANGUAGES = ("fr", "en")
texts = st.dictionaries(st.sampled_from([*LANGUAGES, "de"]), st.text(max_size=12), max_size=3)
conditions = st.sampled_from(["{satisfaction} <= 2", "{solved} = 'no' and {effort} < 4", "{a", " {b}  empty "])
choices = st.lists(
    st.fixed_dictionaries(
        {"id": st.sampled_from(["a", "b", "c", "yes"]), "label": texts},
        optional={
            "words": st.dictionaries(st.sampled_from(LANGUAGES), st.lists(st.text("abc, ", max_size=4), max_size=2)),
            "wants": st.sampled_from(["complaint", "none"]),
            "visible_if": conditions,
            "fixed": st.booleans(),
            "exclusive": st.booleans(),
            "other": st.integers(),
        },
    ),
    max_size=4,
    unique_by=lambda choice: choice["id"],
)
numbers = st.one_of(st.integers(-5, 5), st.just(2.5), st.just("2026-11-23"), st.none())
questions = st.fixed_dictionaries(
    {"id": st.sampled_from(["one", "two"]), "type": st.sampled_from(sorted(TYPES)), "title": texts},
    optional={
        **dict.fromkeys(("hint", "low_end", "high_end", "consent", "not_applicable", "prefer_not"), texts),
        **dict.fromkeys(("least", "most", "decimals", "parts"), numbers),
        **{key: st.booleans() for key in ("required", "random_order")},
        **dict.fromkeys(("visible_if", "required_if"), conditions),
        **{key: st.sampled_from(["", "access", "higher"]) for key in ("page", "theme", "purpose", "polarity")},
        "sms": st.one_of(st.booleans(), texts),
        "choices": choices,
        "jumps": st.lists(
            st.fixed_dictionaries({"to": st.sampled_from(["end", "two"])}, optional={"if": conditions}), max_size=2
        ),
        "unknown": st.integers(),
    },
)


def as_posted(fields):
    """What a browser sends: line ends of the web."""
    return {name: value.replace("\r\n", "\n").replace("\n", "\r\n") for name, value in fields.items()}


@fixed_seed(max_examples=MANY)
@given(questions)
def test_a_form_that_nobody_touched_changes_nothing(question):
    again = question_of(as_posted(fields_of(question, LANGUAGES)), question, LANGUAGES)
    assert content_hash(again) == content_hash(question)


@fixed_seed(max_examples=MANY)
@given(st.dictionaries(st.sampled_from(sorted(fields_of(model_definition("post_contact")["questions"][0], LANGUAGES))), st.text(max_size=9)))  # fmt: skip # noqa: E501
def test_whatever_is_typed_makes_a_draft_that_can_be_opened_again(typed):
    definition = model_definition("post_contact")
    old = definition["questions"][0]
    question = question_of(
        {**fields_of(old, LANGUAGES), **typed, "id": "satisfaction", "type": "choice"}, old, LANGUAGES
    )
    edited = editing.replace_question(definition, "satisfaction", question)
    assert editing.is_editable(edited)
    problems(edited)
    assert fields_of(question, LANGUAGES)["title.fr"] == typed.get("title.fr", old["title"]["fr"]).replace("\r", "\n").replace("\x00", "").strip()  # fmt: skip # noqa: E501


def test_every_type_begins_as_something_the_editor_can_open():
    definition = model_definition("post_contact")
    for name in sorted(TYPES):
        definition, question_id = editing.add_question(definition, name, after="satisfaction")
        assert definition["questions"][1]["id"] == question_id
    assert editing.is_editable(definition)
    with pytest.raises(editing.EditRefused, match="unknown-type"):
        editing.add_question(definition, "matrix")


def test_renaming_a_question_takes_conditions_jumps_and_texts_along():
    definition = {**model_definition("post_contact"), "messages": {"thanks": {"fr": "Merci : {solved}"}}}
    last = definition["questions"][-1]
    last |= {
        "visible_if": "{solved} = 'solved' and {solved_2} empty",
        "required_if": "{ solved } notempty",
        "jumps": [{"if": "{solved} = 'no'", "to": "solved"}],
        "title": {"fr": "Réglée : {solved} ?", "en": "{brand}"},
        "choices": [{"id": "solved", "label": {"fr": "{solved}"}, "visible_if": "{solved} = 'no'"}],
    }
    renamed = editing.rename_question(definition, "solved", "settled")
    assert renamed["questions"][-1] == last | {
        "visible_if": "{settled} = 'solved' and {solved_2} empty",
        "required_if": "{settled} notempty",
        "jumps": [{"if": "{settled} = 'no'", "to": "settled"}],
        "title": {"fr": "Réglée : {settled} ?", "en": "{brand}"},
        "choices": [{"id": "solved", "label": {"fr": "{settled}"}, "visible_if": "{settled} = 'no'"}],
    }
    assert renamed["messages"] == {"thanks": {"fr": "Merci : {settled}"}}
    assert editing.references_to(renamed, "solved") == []
    assert last["visible_if"].startswith("{solved}"), "the definition that was given is left alone"


@pytest.mark.parametrize(
    "new, code", [("effort", "id-taken"), ("Bad id", "bad-id"), ("brand", "bad-id"), ("end", "bad-id"), ("", "bad-id")]
)
def test_an_id_that_cannot_be_told_apart_is_refused(new, code):
    with pytest.raises(editing.EditRefused, match=code):
        editing.rename_question(model_definition("post_contact"), "solved", new)


def test_renaming_a_choice_takes_the_conditions_on_it_along_and_no_others():
    definition = model_definition("post_contact")
    last = definition["questions"][-1]
    last["visible_if"] = "{complaint} <> 'yes' and {solved} = 'yes' or {complaint} anyof ['no', \"yes\"]"
    question = next(raw for raw in definition["questions"] if raw["id"] == "complaint")
    fields = fields_of(question, LANGUAGES)
    row = next(name.removesuffix(".id") for name, value in fields.items() if name.endswith(".id") and value == "yes")
    fields |= {f"{row}.id": "open", "id": "wish"}
    edited = question_of(fields, question, LANGUAGES)
    result = editing.replace_question(definition, "complaint", edited, renamed_choices(fields))
    assert (
        result["questions"][-1]["visible_if"]
        == "{wish} <> 'open' and {solved} = 'yes' or {wish} anyof ['no', \"open\"]"
    )


def test_deleting_says_what_it_breaks_and_publishing_says_it_too():
    definition = model_definition("post_contact")
    broken = editing.references_to(definition, "satisfaction")
    assert {reference.field for reference in broken} == {"visible_if"}
    assert Reference("complaint", "visible_if") in broken
    deleted = editing.delete_question(definition, "satisfaction")
    named = {problem.where for problem in problems(deleted) if problem.code == "unknown-name"}
    assert named == {f"questions.{reference.question}.visible_if" for reference in broken}


def test_a_copy_stands_behind_its_original_under_an_id_of_its_own():
    definition = model_definition("post_contact")
    once, first = editing.duplicate_question(definition, "solved")
    twice, second = editing.duplicate_question(once, "solved")
    assert (first, second) == ("solved_2", "solved_3")
    ids = [raw["id"] for raw in twice["questions"]]
    assert ids[ids.index("solved") :][:3] == ["solved", "solved_3", "solved_2"]
    assert content_hash(editing.delete_question(once, first)) == content_hash(definition)


@fixed_seed(max_examples=MANY)
@given(st.integers(0, 10), st.integers(-12, 12))
def test_moving_keeps_every_question_and_back_is_back(place, by):
    definition = model_definition("post_contact")
    place %= len(definition["questions"])
    name = definition["questions"][place]["id"]
    moved = editing.move_question(definition, name, by)
    now = [raw["id"] for raw in moved["questions"]].index(name)
    assert now == max(0, min(len(definition["questions"]) - 1, place + by))
    assert content_hash(editing.move_question(moved, name, place - now)) == content_hash(definition)


def test_a_language_comes_without_words_and_goes_with_them():
    definition = model_definition("post_contact")
    more = editing.add_language(definition, "de")
    assert more["languages"] == ["fr", "en", "de"]
    assert content_hash(editing.remove_language(more, "de")) == content_hash(definition)
    less = editing.remove_language(definition, "en")
    assert '"en"' not in str(less).replace("'", '"')
    assert problems(less) == []
    with pytest.raises(editing.EditRefused, match="last-language"):
        editing.remove_language(less, "fr")


@pytest.mark.parametrize(
    "change",
    [
        {"questions": None},
        {"questions": [{"id": "a"}, {"id": "a"}]},
        {"questions": [{"id": "A b", "type": "comment"}]},
        {"questions": [{"id": "a", "type": "comment", "title": "no languages"}]},
        {"questions": [{"id": "a", "type": "choice", "title": {}, "choices": ["x"]}]},
        {"languages": []},
        {"messages": []},
        {"title": "x"},
    ],
)
def test_a_file_that_is_no_questionnaire_is_not_opened_in_the_editor(change):
    assert not editing.is_editable({**model_definition("post_contact"), **change})


def test_a_page_that_must_be_quick_says_what_it_does_not_know():
    """Publishing follows every way through; the editor only as many as it has time for."""
    definition = definition_of(1, 20)
    quick, whole = problems(definition, patience=50), problems(definition)
    assert [problem.code for problem in quick if problem not in whole] == ["too-many-ways"]
    assert problems(model_definition("post_contact"), patience=800) == problems(model_definition("post_contact"))
