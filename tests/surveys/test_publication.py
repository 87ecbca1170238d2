"""What is found before anybody is asked: each fault by its code, its place, and words that say how to mend it."""

import copy
import io
import json
import os
import re
from random import Random

import pytest
from flask_babel import force_locale
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from surveys.by_sms import becomes_in_sms
from surveys.pages.problems import place_words, problem_words
from surveys.publication import WARNS, forbidding, problems
from surveys.questionnaires import compile_version
from surveys.refusals import SurveyRefused
from surveys.services.questionnaires import publish, save_draft
from tests.surveys.factories import NOW
from tests.surveys.publication_cases import LANGUAGES, LOGIC, last
from tests.surveys.publication_wording_cases import WORDING
from tests.surveys.strategies import definition_of, definitions

LONG = os.environ.get("LONG") == "1"
CASES = {**LOGIC, **WORDING}


def one(problem_list, code):
    return [(problem.where, problem.severity) for problem in problem_list if problem.code == code]


def test_a_questionnaire_of_every_type_has_no_problem():
    assert problems(last()) == []


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


PIECES = (None, 3, -1, 1.5, "", [], {}, "x", "q1", "end", "{q1} = 1", "{q2} notempty", "2026-01-01", True, [1], ["a"])
PIECES = (*PIECES, {"fr": 1}, [{"to": "end"}], [{"to": "q1", "if": 3}], float("nan"), 10**12, {"fr": "a", "en": "b"})
NEW_KEYS = "jumps page least most decimals random_order visible_if required_if consent choices parts prefer_not".split()


def broken_at_random(rng):
    """A questionnaire in which something is anything at all."""
    definition = definition_of(rng.randrange(400), rng.randint(1, 7))
    rng.choice(definition["questions"])[rng.choice(NEW_KEYS)] = copy.deepcopy(rng.choice(PIECES))
    node = definition
    while isinstance(node, (dict, list)) and node:
        key = rng.choice(sorted(node)) if isinstance(node, dict) else rng.randrange(len(node))
        if not isinstance(node[key], (dict, list)) or rng.random() < 0.2:
            node[key] = copy.deepcopy(rng.choice(PIECES))
            break
        node = node[key]
    return definition


@settings(max_examples=2000 if LONG else 60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 2**32 - 1))
def test_whatever_is_written_is_checked_without_breaking_and_said_in_words(app, seed):
    definition = broken_at_random(Random(seed))
    found = problems(definition)
    with app.test_request_context(), force_locale("fr"):
        assert all(place_words(problem) and problem_words(problem) != problem.code for problem in found)
    if not forbidding(found):
        version = compile_version(definition)
        assert [one.question_id for one in becomes_in_sms(version)] == [question.id for question in version.questions]


def unbroken(page):
    return page.replace("\u00a0", " ").replace("\u202f", " ")
