"""The models of the bank can be used as they are, in both languages, and say what they measure and after whom."""

import pytest

from notifications.segments import GSM7, cost
from satisfaction.asked import asked_questions
from satisfaction.indicators import readings
from surveys.edit_classes import changes
from surveys.message_texts import DEFAULTS
from surveys.publication.worst import LONGEST
from surveys.questionnaires import compile_version, problems
from surveys.sms_texts import invitation
from surveys.storage import bank, model_definition, model_keys
from surveys.themes import THEMES

MODELS = {one.key: one for one in bank()}
KEYS = [
    "post_contact_short", "post_contact", "post_contact_full", "complaint_handling", "appeal_handling",
    "relational_yearly",
]  # fmt: skip


def feeding(key):
    return {
        reading.indicator.code: reading.asked.question for reading in readings(asked_questions(MODELS[key].definition))
    }


def test_the_bank_has_every_model_in_its_order():
    assert list(MODELS) == KEYS
    assert sorted(KEYS) == model_keys()


@pytest.mark.parametrize("key", KEYS)
def test_a_model_publishes_without_any_problem_or_warning(key):
    assert problems(model_definition(key)) == []


@pytest.mark.parametrize("key", KEYS)
def test_no_words_by_sms_need_letters_that_double_its_price(key):
    said = [
        raw["sms"][language] for raw in model_definition(key)["questions"] if raw.get("sms") for language in raw["sms"]
    ]
    assert said
    assert [text for text in said if cost(text).encoding != GSM7] == []


@pytest.mark.parametrize("key", KEYS)
@pytest.mark.parametrize("language", ["fr", "en"])
def test_an_invitation_with_the_longest_names_takes_two_parts_at_most(key, language):
    version = compile_version(model_definition(key))
    said = invitation(version, LONGEST["brand"], LONGEST["contact"], LONGEST["link"], language, "sms", DEFAULTS)
    assert cost(said.body).parts <= 2


@pytest.mark.parametrize("key", KEYS)
def test_a_model_says_what_it_measures_when_and_after_whom(key):
    about = MODELS[key]
    assert 1 <= about.minutes <= 5
    for texts in (about.title, about.measures, about.when, *(source.what for source in about.sources)):
        assert sorted(texts) == ["en", "fr"] and all(texts.values())
    asked = {raw["id"] for raw in about.definition["questions"]}
    assert {name for source in about.sources for name in source.questions} <= asked
    published = {"recommendation", "effort"} & asked
    assert published <= {name for source in about.sources for name in source.questions}


def test_the_full_model_asks_several_questions_of_each_theme_of_a_contact_and_feeds_its_figure():
    asked = [raw.get("theme") for raw in MODELS["post_contact_full"].definition["questions"]]
    assert all(asked.count(theme) >= 2 for theme in THEMES[:4])
    short, full = feeding("post_contact"), feeding("post_contact_full")
    assert short == full


def test_the_models_together_ask_about_every_theme():
    assert {theme for one in MODELS.values() for theme in one.themes} == set(THEMES)


@pytest.mark.parametrize("key", ["complaint_handling", "appeal_handling"])
def test_handling_is_asked_apart_from_the_outcome(key):
    asked = {raw["id"] for raw in MODELS[key].definition["questions"]}
    assert {"handling", "outcome", "effort", "fairness", "clarity", "time"} <= asked
    assert feeding(key)[f"theme_{key}"] == "handling"


def test_the_models_after_a_contact_ask_the_same_question_alike():
    """So that a house may go from one to another and still read its figures."""
    short, full = MODELS["post_contact"].definition, MODELS["post_contact_full"].definition
    told = [one for one in changes(short, full) if one.question]
    reworded = {one.question for one in told if one.field.startswith(("title", "choices", "type"))}
    assert reworded == set()
