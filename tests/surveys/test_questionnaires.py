"""Definitions: what may be published, conditions, and SurveyJS in and out."""

import copy

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from notifications.segments import cost
from surveys import sms_texts
from surveys.conditions import BadCondition, parse_condition
from surveys.questionnaires import compile_version, content_hash, problems
from surveys.questions.choices import YesNo
from surveys.questions.registry import DuplicateType, registry
from surveys.storage import model_definition


def changed(change):
    definition = model_definition("post_contact")
    change(definition)
    return [(problem.code, problem.where) for problem in problems(definition)]


def question(definition, question_id):
    return next(each for each in definition["questions"] if each["id"] == question_id)


@pytest.mark.parametrize(
    "change, code, where",
    [
        (lambda d: d.update(format="x"), "unknown-format", "format"),
        (lambda d: d.update(languages=[]), "no-languages", "languages"),
        (lambda d: d.update(questions=[]), "no-questions", "questions"),
        (lambda d: d.update(colour="red"), "unknown-name", "colour"),
        (lambda d: d["title"].pop("en"), "missing-translation", "title"),
        (lambda d: d["title"].update(de="Hallo"), "unknown-language", "title"),
        (lambda d: question(d, "solved").update(type="matrix"), "unknown-type", "questions.solved"),
        (lambda d: question(d, "solved").update(id="Solved ?"), "bad-id", "questions.Solved ?"),
        (lambda d: question(d, "solved").update(id="effort"), "duplicate-id", "questions.effort"),
        (lambda d: question(d, "solved")["title"].update(fr=" "), "empty-label", "questions.solved.title"),
        (lambda d: question(d, "solved")["choices"].pop(), "wrong-choices", "questions.solved"),
        (lambda d: question(d, "effort").update(choices=[{"id": "1"}]), "no-choices-here", "questions.effort"),
        (lambda d: question(d, "complaint").update(choices=[]), "too-few-choices", "questions.complaint"),
        (lambda d: question(d, "complaint").update(purpose="spy"), "unknown-purpose", "questions.complaint"),
        *(
            (lambda d, written=written: question(d, "complaint").update(visible_if=written), code, where)
            for where in ["questions.complaint.visible_if"]
            for written, code in [
                ("{nothing} = 1", "unknown-name"),
                ("{call_back} = 'no'", "later-question"),
                ("{satisfaction} <= 9", "wrong-value"),
                ("{solved} = 'perhaps'", "wrong-value"),
                ("{solved} <= {low_score}", "wrong-operator"),
                ("{satisfaction} <= 2; drop", "bad-condition"),
                ("__import__('os')", "bad-condition"),
                (3, "bad-condition"),
                ("{effort} <= 2", "not-asked-by-sms"),
            ]
        ),
        (lambda d: question(d, "solved")["sms"].update(fr="é" * 400), "too-many-parts", "questions.solved.sms"),
        (lambda d: question(d, "solved")["sms"].update(fr="Réglée ? ✓"), "sms-letters", "questions.solved.sms"),
    ],
)
def test_a_fault_is_named_with_its_place(change, code, where):
    assert (code, where) in changed(change)


@pytest.mark.parametrize("rubbish", [{}, {"format": "satisfecit-questionnaire/1"}])
def test_rubbish_has_problems_and_breaks_nothing(rubbish):
    assert problems(rubbish) != []


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_no_single_change_of_the_model_breaks_the_check(data):
    definition = model_definition("post_contact")
    node = definition
    while isinstance(node, (dict, list)) and node:
        key = data.draw(st.sampled_from(sorted(node) if isinstance(node, dict) else range(len(node))))
        if not isinstance(node[key], (dict, list)) or data.draw(st.integers(0, 3)) == 0:
            node[key] = data.draw(st.sampled_from([None, 3, "", [], {}, "x", True, [1], {"fr": 1}, ["a"]]))
            break
        node = node[key]
    assert problems(definition) or compile_version(definition).questions


def test_a_hash_does_not_depend_on_the_order_of_keys():
    definition = model_definition("post_contact")
    assert content_hash(dict(reversed(definition.items()))) == content_hash(definition)


def test_two_types_of_one_name_do_not_start():
    with pytest.raises(DuplicateType):
        registry([YesNo(), YesNo()])


@pytest.mark.parametrize(
    "written, answers, holds",
    [
        ("{a} <= 2", {"a": 2}, True),
        ("{a} <= 2", {"a": 3}, False),
        ("{a} <= 2", {}, False),
        ("{a} <> 'x'", {}, True),
        ("{a} != 'x'", {"a": "x"}, False),
        ("{a} = 'x' or {b} > 3", {"b": 4}, True),
        ("{a} = 'x' and {b} > 3", {"b": 4}, False),
        ("{a} empty", {}, True),
        ("{a} notempty", {"a": None}, True),
        ("{a} < 'x'", {"a": 1}, False),
    ],
)
def test_a_condition_compares_what_was_answered(written, answers, holds):
    assert parse_condition(written).holds(answers) is holds


@pytest.mark.parametrize(
    "written",
    ["", "{a}", "{a} <=", "a <= 2", "{a} <= 2 and", "{A} = 1", "{a} = {b}"],
)
def test_a_condition_outside_the_subset_is_refused(written):
    with pytest.raises(BadCondition):
        parse_condition(written)


OPERANDS = st.one_of(st.integers(-9, 99).map(str), st.from_regex(r"'[a-z_ ]{0,5}'", fullmatch=True))
TESTS = st.builds("{{{}}} {} {}".format, st.sampled_from("abc"), st.sampled_from("= <> < > <= >=".split()), OPERANDS)


@given(st.lists(TESTS, min_size=1, max_size=4), st.sampled_from([" and ", " or "]))
def test_a_condition_is_written_as_it_was_read(tests, joiner):
    written = joiner.join(tests)
    assert str(parse_condition(written)) == written


def test_the_messages_of_the_model_fit_in_two_parts_of_gsm():
    version = compile_version(model_definition("post_contact"))
    for language in version.languages:
        for asked in version.asked_by("sms"):
            price = cost(sms_texts.question(version, asked, "Mutuelle Belline", language).body)
            assert (price.encoding, price.parts) == ("gsm7", 1)


def test_the_invitation_names_company_and_reason_first():
    from datetime import date

    version = compile_version(model_definition("post_contact"))
    phrase = sms_texts.contact_phrase("phone", "in", date(2026, 8, 17), "Remboursement", "fr")
    text = sms_texts.invitation(version, "Mutuelle Belline", phrase, "https://b.example/s/234567", "fr").body
    assert text == (
        "Mutuelle Belline, votre appel du 17 aout (remboursement). 4 questions, 1 minute."
        " Cet échange vous a-t-il donné satisfaction ? Répondez de 1 (pas du tout) à 5 (tout à fait)."
        " Ou : https://b.example/s/234567 Refus : STOP"
    )
    assert cost(text).parts == 2


def test_a_questionnaire_may_bring_its_own_messages_and_braces_stay_text():
    definition = copy.deepcopy(model_definition("post_contact"))
    definition["messages"] = {"thanks": {"fr": "Merci {brand} {brand.x} {0}", "en": "Thanks"}}
    assert problems(definition) == []
    assert sms_texts.other(compile_version(definition), "thanks", "MB", "fr").body == "Merci MB {brand.x} {0}"
