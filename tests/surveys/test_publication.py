"""What is found before anybody is asked: each fault by its code, its place, and words that say how to mend it."""

import copy
import io
import json
import os
import re
from random import Random

import pytest
from flask_babel import force_locale
from hypothesis import given, settings
from hypothesis import strategies as st

from surveys.pages.problems import place_words, problem_words
from surveys.publication import FORBIDS, WARNS, forbidding, problems
from surveys.refusals import SurveyRefused
from surveys.services.questionnaires import publish, save_draft
from tests.surveys.factories import NOW
from tests.surveys.strategies import definition_of, definitions

LONG = os.environ.get("LONG") == "1"
LANGUAGES = ("fr", "en")


def text(words):
    return dict.fromkeys(LANGUAGES, words)


def choices(*ids, **conditions):
    return [
        {"id": name, "label": text(f"Choix {name}")} | ({"visible_if": conditions[name]} if name in conditions else {})
        for name in ids
    ]


def asked(name, kind, **keys):
    made = {"id": name, "type": kind, "title": text(f"Question {name} ?")}
    if kind == "satisfaction":
        made["choices"] = choices(*"12345")
    if kind == "yes_no":
        made["choices"] = choices("yes", "no")
    return made | keys


def questionnaire(*questions, **keys):
    base = {"format": "satisfecit-questionnaire/1", "key": "made", "languages": list(LANGUAGES), "title": text("Avis")}
    return {**base, "questions": list(questions)} | keys


SCORE = asked("score", "satisfaction")
SOLVED = asked("solved", "yes_no")
WHY = asked("why", "choice", choices=choices("bill", "fault", "other"))
SEVERAL = asked("several", "multiple", choices=choices("a", "b", "c"))
COUNT = asked("count", "number", least=0, most=10)
DAY = asked("day", "date", least="2026-01-01", most="2026-12-31")
WORDS = asked("words", "comment")
WEB = asked("web", "yes_no", sms=False)
ALL = [SCORE, SOLVED, WHY, SEVERAL, COUNT, DAY, WORDS, WEB]


def last(kind="yes_no", **keys):
    return questionnaire(*ALL, asked("last", kind, sms=False, **keys))


def one(problem_list, code):
    return [(problem.where, problem.severity) for problem in problem_list if problem.code == code]


def test_a_questionnaire_of_every_type_has_no_problem():
    assert problems(last()) == []


CASES = {
    # names
    "reserved": (questionnaire(asked("brand", "yes_no")), "reserved-id", "questions.brand", FORBIDS),
    "twice": (questionnaire(SOLVED, SOLVED), "duplicate-id", "questions.solved", FORBIDS),
    "unknown": (last(visible_if="{scor} = 1"), "unknown-name", "questions.last.visible_if", FORBIDS),
    "own": (last(visible_if="{last} = 'yes'"), "later-question", "questions.last.visible_if", FORBIDS),
    "own required": (last(required_if="{last} = 'yes'"), "later-question", "questions.last.required_if", FORBIDS),
    "later": (
        questionnaire(asked("first", "yes_no", visible_if="{solved} = 'yes'"), SOLVED),
        "later-question",
        "questions.first.visible_if",
        FORBIDS,
    ),
    "circle": (
        questionnaire(
            asked("first", "yes_no", visible_if="{second} = 'yes'"),
            asked("second", "yes_no", required_if="{third} = 'yes'"),
            asked("third", "yes_no", visible_if="{first} notempty"),
        ),
        "circle",
        "questions.first",
        FORBIDS,
    ),
    "circle by jump": (
        questionnaire(
            asked("first", "yes_no", visible_if="{second} = 'yes'", jumps=[{"if": "{first} = 'no'", "to": "third"}]),
            asked("second", "yes_no"),
            asked("third", "yes_no"),
        ),
        "circle",
        "questions.first",
        FORBIDS,
    ),
    # types
    "value outside the scale": (last(visible_if="{score} = 6"), "wrong-value", "questions.last.visible_if", FORBIDS),
    "value of another kind": (last(visible_if="{score} = '5'"), "wrong-value", "questions.last.visible_if", FORBIDS),
    "no such choice": (last(visible_if="{why} anyof ['bil']"), "wrong-value", "questions.last.visible_if", FORBIDS),
    "no such member": (last(visible_if="{several} contains 'z'"), "wrong-value", "questions.last.visible_if", FORBIDS),
    "not offered": (last(visible_if="{why} = '_na'"), "wrong-value", "questions.last.visible_if", FORBIDS),
    "number outside": (last(visible_if="{count} = 11"), "wrong-value", "questions.last.visible_if", FORBIDS),
    "half a whole number": (last(visible_if="{count} = 1.5"), "wrong-value", "questions.last.visible_if", FORBIDS),
    "no day": (last(visible_if="{day} > '2026-02-30'"), "wrong-value", "questions.last.visible_if", FORBIDS),
    "order of choices": (last(visible_if="{why} < 'bill'"), "wrong-operator", "questions.last.visible_if", FORBIDS),
    "scalar contains": (
        last(visible_if="{why} contains 'bill'"),
        "wrong-operator",
        "questions.last.visible_if",
        FORBIDS,
    ),
    "list equals": (last(visible_if="{several} = 'a'"), "wrong-operator", "questions.last.visible_if", FORBIDS),
    "words compared": (last(visible_if="{words} = 'x'"), "wrong-operator", "questions.last.visible_if", FORBIDS),
    "threshold elsewhere": (
        last(visible_if="{count} < {low_score}"),
        "wrong-value",
        "questions.last.visible_if",
        FORBIDS,
    ),
    # jumps
    "jump nowhere": (
        questionnaire(asked("first", "yes_no", jumps=[{"to": "nowhere"}]), SOLVED),
        "unknown-jump",
        "questions.first.jumps.0.to",
        FORBIDS,
    ),
    "jump back": (
        questionnaire(SOLVED, asked("second", "yes_no", jumps=[{"if": "{second} = 'no'", "to": "solved"}])),
        "backward-jump",
        "questions.second.jumps.0.to",
        FORBIDS,
    ),
    "jump to itself": (
        questionnaire(asked("first", "yes_no", jumps=[{"to": "first"}]), SOLVED),
        "backward-jump",
        "questions.first.jumps.0.to",
        FORBIDS,
    ),
    "jumped over": (
        questionnaire(asked("first", "yes_no", jumps=[{"to": "third"}]), SOLVED, asked("third", "yes_no")),
        "jumped-over",
        "questions.solved",
        FORBIDS,
    ),
    "ended before": (
        questionnaire(
            asked("first", "yes_no", jumps=[{"if": "{first} = 'yes'", "to": "end"}, {"to": "end"}]),
            SOLVED,
        ),
        "jumped-over",
        "questions.solved",
        FORBIDS,
    ),
    "jump after a sure one": (
        questionnaire(asked("first", "yes_no", jumps=[{"to": "solved"}, {"to": "end"}]), SOLVED),
        "never-taken",
        "questions.first.jumps.1",
        WARNS,
    ),
    "jump that never is": (
        questionnaire(SCORE, asked("second", "yes_no", jumps=[{"if": "{score} > 5", "to": "end"}]), SOLVED),
        "never-holds",
        "questions.second.jumps.0.if",
        WARNS,
    ),
    "jump by the web alone": (
        questionnaire(
            asked("first", "yes_no", sms=False, jumps=[{"if": "{first} = 'no'", "to": "end"}]),
            SOLVED,
        ),
        "jump-not-by-sms",
        "questions.first.jumps.0",
        WARNS,
    ),
    # what never happens
    "contradiction": (
        last(visible_if="{score} < 3 and {score} > 3"),
        "never-asked",
        "questions.last.visible_if",
        FORBIDS,
    ),
    "contradiction of numbers": (
        last(visible_if="{count} > 4 and {count} < 5"),
        "never-asked",
        "questions.last.visible_if",
        FORBIDS,
    ),
    "contradiction of days": (
        last(visible_if="{day} > '2026-05-01' and {day} < '2026-05-02'"),
        "never-asked",
        "questions.last.visible_if",
        FORBIDS,
    ),
    "through a parent": (
        questionnaire(
            SCORE,
            asked("parent", "yes_no", visible_if="{score} <= 2"),
            asked("child", "yes_no", visible_if="{parent} = 'yes' and {score} = 5"),
        ),
        "never-asked",
        "questions.child.visible_if",
        FORBIDS,
    ),
    "through a jump": (
        questionnaire(
            SCORE,
            asked("second", "yes_no", jumps=[{"if": "{score} >= 3", "to": "end"}]),
            asked("third", "yes_no", visible_if="{score} = 4"),
        ),
        "never-asked",
        "questions.third.visible_if",
        FORBIDS,
    ),
    "a choice that is not shown is not chosen": (
        questionnaire(
            SCORE,
            asked("second", "choice", choices=choices("a", "b", b="{score} <= 2")),
            asked("third", "yes_no", visible_if="{second} = 'b' and {score} = 5"),
        ),
        "never-asked",
        "questions.third.visible_if",
        FORBIDS,
    ),
    "no choice ever": (
        questionnaire(SCORE, asked("second", "choice", choices=choices("a", "b", a="{score} > 5", b="{score} > 5"))),
        "no-choice-ever",
        "questions.second.choices",
        FORBIDS,
    ),
    "nothing to choose": (
        questionnaire(
            SCORE,
            asked("second", "choice", required=True, choices=choices("a", "b", a="{score} < 3", b="{score} > 3")),
        ),
        "nothing-to-choose",
        "questions.second.choices",
        FORBIDS,
    ),
    "fewer than must be taken": (
        questionnaire(SCORE, asked("second", "multiple", least=2, choices=choices("a", "b", "c", b="{score} < 3"))),
        None,
        None,
        None,
    ),
    "fewer than must be taken after all": (
        questionnaire(
            SCORE,
            asked("second", "multiple", least=2, choices=choices("a", "b", "c", b="{score} < 3", c="{score} < 3")),
        ),
        "fewer-than-least",
        "questions.second.least",
        FORBIDS,
    ),
    # what always happens
    "always": (last(visible_if="{score} >= 1"), "always-holds", "questions.last.visible_if", WARNS),
    "always of two": (
        last(visible_if="{score} < 3 or {score} > 2 or {score} empty"),
        "always-holds",
        "questions.last.visible_if",
        WARNS,
    ),
    "never required": (last(required_if="{score} > 5"), "never-holds", "questions.last.required_if", WARNS),
    "never chosen": (
        last("choice", choices=choices("a", "b", b="{score} > 5")),
        "never-holds",
        "questions.last.choices.b.visible_if",
        WARNS,
    ),
    # texts
    "unknown place": (last(hint=text("{scor}")), "unknown-place", "questions.last.hint", FORBIDS),
    "later place": (
        questionnaire(asked("first", "yes_no", hint=text("{solved}")), SOLVED),
        "later-place",
        "questions.first.hint",
        FORBIDS,
    ),
    "words repeated": (last(hint=text("« {words} »")), "place-of-words", "questions.last.hint", FORBIDS),
    "title of questions": (questionnaire(SOLVED, title=text("{solved}")), "unknown-place", "title", FORBIDS),
    "place not by sms": (
        questionnaire(WEB, asked("last", "yes_no", sms=text("Et {web} ?"))),
        "place-not-by-sms",
        "questions.last.sms",
        WARNS,
    ),
    "link missing": (
        questionnaire(SOLVED, messages={"link": text("{brand} : voir en ligne")}),
        "missing-place",
        "messages.link",
        FORBIDS,
    ),
    "place of another message": (
        questionnaire(SOLVED, messages={"thanks": text("Merci {form}")}),
        "unknown-place",
        "messages.thanks",
        FORBIDS,
    ),
    # layout
    "page broken": (
        questionnaire(asked("first", "yes_no", page="p"), SOLVED, asked("third", "yes_no", page="p")),
        "page-broken",
        "questions.third.page",
        FORBIDS,
    ),
    "same page": (
        questionnaire(
            asked("first", "yes_no", page="p"), asked("second", "yes_no", page="p", visible_if="{first} = 'no'")
        ),
        "same-page",
        "questions.second.visible_if",
        WARNS,
    ),
    # SMS
    "ranking by sms": (
        questionnaire(asked("first", "ranking", choices=choices("a", "b"))),
        "not-for-sms",
        "questions.first.sms",
        FORBIDS,
    ),
    "statement by sms": (questionnaire(asked("first", "statement")), "not-for-sms", "questions.first.sms", FORBIDS),
    "ten choices": (
        questionnaire(asked("first", "choice", choices=choices(*"abcdefghij"))),
        "too-many-choices",
        "questions.first.sms",
        FORBIDS,
    ),
    "waits for the web": (
        questionnaire(WEB, asked("last", "yes_no", visible_if="{web} = 'yes'")),
        "not-asked-by-sms",
        "questions.last.visible_if",
        FORBIDS,
    ),
    "own words, filtered": (
        questionnaire(SCORE, asked("last", "choice", sms=text("1 a, 2 b"), choices=choices("a", "b", b="{score} < 3"))),
        "own-words-filtered",
        "questions.last.sms",
        FORBIDS,
    ),
    "own words, shuffled": (
        questionnaire(asked("last", "choice", sms=text("1 a, 2 b"), random_order=True, choices=choices("a", "b"))),
        "own-words-shuffled",
        "questions.last.sms",
        WARNS,
    ),
    "nothing by sms": (questionnaire(WEB), "nothing-by-sms", "questions", WARNS),
    "letters": (
        questionnaire(SOLVED, asked("last", "yes_no", sms=text("Réglé ✓ ?"))),
        "sms-letters",
        "questions.last.sms",
        FORBIDS,
    ),
    "letters allowed": (
        questionnaire(SOLVED, asked("last", "yes_no", sms=text("Réglé ✓ ?")), ucs2=True),
        None,
        None,
        None,
    ),
    "too long": (
        questionnaire(SOLVED, asked("last", "yes_no", sms=text("a" * 307))),
        "too-many-parts",
        "questions.last.sms",
        FORBIDS,
    ),
    "long but allowed": (
        questionnaire(SOLVED, asked("last", "yes_no", sms=text("a" * 307), parts=3)),
        None,
        None,
        None,
    ),
    "fewer parts than usual": (
        questionnaire(SOLVED, asked("last", "yes_no", sms=text("a" * 161), parts=1)),
        "too-many-parts",
        "questions.last.sms",
        FORBIDS,
    ),
    "long once filled in": (
        questionnaire(
            asked("why", "choice", choices=[{"id": "a", "label": text("a" * 90)}, {"id": "b", "label": text("b")}]),
            asked("last", "yes_no", sms=text("Et {why} ? " + "a" * 220)),
            parts=3,
        ),
        None,
        None,
        None,
    ),
    "too long once filled in": (
        questionnaire(
            asked("why", "choice", choices=[{"id": "a", "label": text("a" * 90)}, {"id": "b", "label": text("b")}]),
            asked("last", "yes_no", sms=text("Et {why} ? " + "a" * 220), parts=2),
            parts=3,
        ),
        "too-many-parts",
        "questions.last.sms",
        FORBIDS,
    ),
    "letters of a piped label": (
        questionnaire(
            asked(
                "why", "choice", sms=False, choices=[{"id": "a", "label": text("★")}, {"id": "b", "label": text("b")}]
            ),
            asked("last", "yes_no", sms=text("Et {why} ?")),
        ),
        "sms-letters",
        "questions.last.sms",
        FORBIDS,
    ),
    # form
    "theme": (questionnaire(asked("last", "yes_no", theme="mood")), "unknown-theme", "questions.last.theme", FORBIDS),
    "shuffled scale": (
        questionnaire(asked("last", "satisfaction", random_order=True)),
        "not-for-type",
        "questions.last.random_order",
        FORBIDS,
    ),
    "filtered scale": (
        questionnaire(SOLVED, asked("last", "satisfaction", choices=choices(*"12345", **{"2": "{solved} = 'no'"}))),
        "not-for-type",
        "questions.last.choices.2.visible_if",
        FORBIDS,
    ),
    "exclusive alone": (
        questionnaire(asked("last", "choice", choices=[*choices("a"), {**choices("b")[0], "exclusive": True}])),
        "not-for-type",
        "questions.last.choices.b.exclusive",
        FORBIDS,
    ),
    "alone where two must be": (
        questionnaire(
            asked("last", "multiple", least=2, choices=[*choices("a", "b"), {**choices("c")[0], "exclusive": True}])
        ),
        "exclusive-and-least",
        "questions.last.choices.c.exclusive",
        FORBIDS,
    ),
    "bounds crossed": (
        questionnaire(asked("last", "number", least=5, most=4)),
        "bounds-crossed",
        "questions.last",
        FORBIDS,
    ),
    "bounds of a date": (
        questionnaire(asked("last", "date", least="2026-02-30")),
        "bad-value",
        "questions.last.least",
        FORBIDS,
    ),
    "more than there are": (
        questionnaire(asked("last", "multiple", most=4, choices=choices("a", "b"))),
        "more-than-choices",
        "questions.last",
        FORBIDS,
    ),
    "eleven parts": (questionnaire(SOLVED, parts=11), "out-of-bounds", "parts", FORBIDS),
    "jumps that are none": (
        questionnaire(asked("last", "yes_no", jumps=["end"])),
        "bad-value",
        "questions.last.jumps",
        FORBIDS,
    ),
    "jump without target": (
        questionnaire(asked("last", "yes_no", jumps=[{"if": "{last} = 'no'"}])),
        "bad-value",
        "questions.last.jumps.0.to",
        FORBIDS,
    ),
    "jump with a bad condition": (
        questionnaire(asked("last", "yes_no", jumps=[{"if": "{last}", "to": "end"}])),
        "bad-condition",
        "questions.last.jumps.0.if",
        FORBIDS,
    ),
}


@pytest.mark.parametrize("name", list(CASES))
def test_each_fault_is_named_with_its_place_and_weight(name):
    definition, code, where, severity = CASES[name]
    found = problems(definition)
    if code is None:
        assert found == []
    else:
        assert one(found, code) == [(where, severity)] or (where, severity) in one(found, code)
        if severity == WARNS:
            assert forbidding(found) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_fault_has_words_that_name_the_place_and_say_how_to_mend_it(app, language):
    with app.test_request_context(), force_locale(language):
        for definition, code, _where, _severity in CASES.values():
            for problem in problems(definition):
                said = f"{place_words(problem)}: {problem_words(problem)}"
                assert problem.code not in said
                assert not re.search(r"%\(|\bNone\b|\[|\bquestions\.", said), said
                if problem.where.startswith("questions.") and code:
                    assert problem.where.split(".")[1] in said


@settings(max_examples=1500 if LONG else 60, deadline=None)
@given(definitions(most_questions=10))
def test_a_valid_questionnaire_is_never_forbidden(definition):
    assert forbidding(problems(definition)) == []


def _untranslated(definition, raw, rng):
    language = rng.choice(definition["languages"])
    del raw["title"][language]
    return "missing-translation", f"questions.{raw['id']}.title"


def _misnamed(definition, raw, rng):
    raw["visible_if"] = "{nobody} = 1"
    return "unknown-name", f"questions.{raw['id']}.visible_if"


def _after_itself(definition, raw, rng):
    raw["required_if"] = f"{{{definition['questions'][-1]['id']}}} notempty"
    return "later-question", f"questions.{raw['id']}.required_if"


def _unreachable(definition, raw, rng):
    first = definition["questions"][0]["id"]
    if raw["id"] == first:
        return None
    raw["visible_if"] = f"{{{first}}} empty and {{{first}}} notempty"
    return "never-asked", f"questions.{raw['id']}.visible_if"


def _misled(definition, raw, rng):
    raw["jumps"] = [{"to": "nowhere"}]
    return "unknown-jump", f"questions.{raw['id']}.jumps.0.to"


def _lengthened(definition, raw, rng):
    if raw.get("sms") is False:
        return None
    raw["sms"] = dict.fromkeys(definition["languages"], "a" * 700)
    return "too-many-parts", f"questions.{raw['id']}.sms"


MUTATIONS = {f.__name__[1:]: f for f in (_untranslated, _misnamed, _after_itself, _unreachable, _misled, _lengthened)}


@pytest.mark.parametrize("name", list(MUTATIONS))
@settings(max_examples=300 if LONG else 12, deadline=None)
@given(seed=st.integers(0, 2**32 - 1), count=st.integers(2, 8))
def test_a_questionnaire_broken_at_random_is_forbidden_and_the_fault_named(name, seed, count):
    rng = Random(seed)
    definition = copy.deepcopy(definition_of(seed, count))
    expected = MUTATIONS[name](definition, rng.choice(definition["questions"]), rng)
    if expected:
        code, where = expected
        assert where in [problem.where for problem in forbidding(problems(definition)) if problem.code == code]


def test_a_warning_is_shown_and_does_not_forbid_publishing(app, sign_in, submit):
    definition, _code, _where, severity = CASES["same page"]
    assert severity == WARNS
    quality, url = sign_in("quality"), "/surveys/questionnaires/made"
    file = (io.BytesIO(json.dumps(definition).encode()), "made.json")
    submit("/surveys/questionnaires/import", client=quality, file=file, model="")
    page = quality.get(url).text
    assert "1 point à relire" in page and "question « second », condition d’affichage" in unbroken(page)
    seen = re.search(r'name="seen"[^>]*value="([0-9a-f]+)"', page)[1]
    assert submit(f"{url}/publish", client=quality, page=url, seen=seen).status_code == 302
    assert "publié" in quality.get(url).text


def test_what_forbids_is_refused_by_the_service_as_well(app):
    draft = save_draft(CASES["contradiction"][0], NOW)
    with pytest.raises(SurveyRefused) as refused:
        publish(draft.questionnaire_id, None, NOW)
    assert [problem.code for problem in refused.value.facts["problems"]] == ["never-asked"]


def unbroken(page):
    return page.replace("\u00a0", " ").replace("\u202f", " ")
