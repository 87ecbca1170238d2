"""Which question feeds which indicator, and when two questions are not one."""

import copy

import pytest

from foundation.database import db
from satisfaction.asked import asked_questions, common_readings, counted_value
from satisfaction.indicators import SURVEY_INDICATORS, readings
from satisfaction.queries.answers import answer_cells
from surveys.engine import WebPage
from surveys.queries.interviews import interview_of
from surveys.services.recording import take
from surveys.storage import model_definition
from tests.surveys.answer_factories import NOW, create_draw, create_invitation, create_version

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


def test_a_question_that_a_jump_passes_over_feeds_nothing():
    assert feeding(changed("satisfaction", jumps=[{"if": "{satisfaction} = 5", "to": "effort"}])).get("nps") is None
    assert "effort" in feeding(changed("satisfaction", jumps=[{"to": "effort"}])).values()
    assert set(feeding(changed("solved", jumps=[{"to": "end"}])).values()) == {
        "satisfaction",
        "recommendation",
        "effort",
        "solved",
    }


def test_a_scale_whose_low_end_is_the_good_one_feeds_nothing_that_counts_upwards():
    turned = changed("effort", polarity="lower")
    assert "effort" not in feeding(turned).values()
    assert common_readings([turned, MODEL])[1] == {"effort"}


@pytest.mark.parametrize("value", ["_na", "_private", "seen", "2026-03-12", "bill", ["bill"], [], None, True, 2.5, "5"])
def test_what_is_no_number_of_a_scale_is_counted_by_no_figure(value):
    assert counted_value(value) is None


@pytest.mark.parametrize("app_name", ["app", pytest.param("pg_app", marks=pytest.mark.postgresql)])
def test_declined_answers_are_in_no_cell(request, app_name):
    """Of four who completed, two gave a number: n is two."""
    with request.getfixturevalue(app_name).app_context():
        scale = {"id": "satisfaction", "type": "satisfaction", "not_applicable": {"en": "Does not apply"}}
        scale |= {"prefer_not": {"en": "Rather not"}, "title": {"en": "Satisfied?"}}
        scale["choices"] = [{"id": str(number), "label": {"en": str(number)}} for number in range(1, 6)]
        asked = {"format": "satisfecit-questionnaire/1", "key": "declining", "languages": ["en"], "questions": [scale]}
        draw = create_draw(version=create_version(asked | {"title": {"en": "Title"}}), collection="web")
        for number, said in enumerate(("4", "_na", "_private", "4")):
            invitation = create_invitation(draw, phone=f"+3361234567{number}")
            page = WebPage("satisfaction.0", {"satisfaction": (said,)})
            take(interview_of(invitation.id), page, f"web:{number}", NOW)
        db.session.commit()
        cells = answer_cells([draw.id], ["satisfaction"])
        assert sum(cell.answers for cell in cells) == 2 and {cell.value for cell in cells} == {4}
