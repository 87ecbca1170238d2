"""Which question feeds which indicator, and when two questions are not one."""

import copy

import pytest

from satisfaction.asked import asked_questions, common_readings, counted_value
from satisfaction.indicators import SURVEY_INDICATORS, readings
from surveys.storage import model_definition

MODEL = model_definition("post_contact")


def feeding(definition):
    return {reading.indicator.code: reading.asked.question for reading in readings(asked_questions(definition))}


def changed(question_id, **fields):
    definition = copy.deepcopy(MODEL)
    next(raw for raw in definition["questions"] if raw["id"] == question_id).update(fields)
    return definition


def test_the_model_questionnaire_feeds_every_indicator():
    themes_of_cases = {"theme_complaint_handling", "theme_appeal_handling"}
    assert set(feeding(MODEL)) == {indicator.code for indicator in SURVEY_INDICATORS} - themes_of_cases
    assert feeding(MODEL)["satisfaction_mean"] == "satisfaction"
    assert feeding(MODEL)["theme_handling"] == "handling"
    assert feeding(MODEL)["solved"] == "solved"


def test_a_yes_or_no_that_is_not_about_the_solution_feeds_nothing():
    renamed = copy.deepcopy(MODEL)
    next(raw for raw in renamed["questions"] if raw["id"] == "solved")["id"] = "newcomer"
    assert "solved" not in feeding(renamed)


def test_a_question_asked_of_some_only_feeds_nothing():
    assert "recommendation" not in feeding(changed("recommendation", visible_if="{satisfaction} <= 2"))


@pytest.mark.parametrize(
    "question, fields, broken",
    [
        ("satisfaction", {"title": {"fr": "Êtes-vous content ?", "en": "Are you happy?"}}, {"satisfaction"}),
        ("effort", {"high_end": {"fr": "facile", "en": "easy"}}, {"effort"}),
        ("comment", {"title": {"fr": "Autre chose ?", "en": "Anything else?"}}, set()),
        ("satisfaction", {"required": False}, set()),
        (
            "satisfaction",
            {
                "title": {
                    "fr": "Cet échange vous a-t-il donné satisfaction",
                    "en": "WERE YOU satisfied with this contact?",
                }
            },
            set(),
        ),
        ("effort", {"polarity": "lower"}, {"effort"}),
        ("recommendation", {"not_applicable": {"fr": "Sans objet", "en": "Does not apply"}}, {"recommendation"}),
    ],
)
def test_another_wording_breaks_the_series_of_its_question(question, fields, broken):
    latest, found = common_readings([MODEL, changed(question, **fields)])
    assert found == frozenset(broken)
    assert len(latest) == len(feeding(MODEL))


def test_the_same_words_under_another_id_are_another_question():
    renamed = copy.deepcopy(MODEL)
    next(raw for raw in renamed["questions"] if raw["id"] == "effort")["id"] = "ease"
    _latest, broken = common_readings([MODEL, renamed])
    assert "ease" in broken


def test_a_version_that_does_not_ask_breaks_the_figure_of_the_others():
    without = copy.deepcopy(MODEL)
    without["questions"] = [raw for raw in without["questions"] if raw["id"] != "conclusion"]
    _latest, broken = common_readings([without, MODEL])
    assert "conclusion" in broken and "handling" not in broken


@pytest.mark.parametrize(
    "value, counted", [(5, 5), (0, 0), ("yes", 1), ("no", 0), ("other", None), (None, None), (True, None)]
)
def test_answers_are_counted_as_whole_numbers(value, counted):
    assert counted_value(value) == counted
