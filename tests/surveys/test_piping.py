"""Texts that name the contact and earlier answers: their labels, never what somebody typed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys import sms_texts
from surveys.piping import UNSAID, piped
from surveys.questionnaires import compile_version
from surveys.storage import model_definition

VERSION = compile_version(model_definition("post_contact"))
FACTS = {
    "brand": "Belline",
    "site": "Lille",
    "channel": "votre appel",
    "date": "17 aout",
    "reason": "facturation",
    "agent": "Marie",
}


def said(text, answers=None, language="fr", facts=FACTS):
    return piped(text, VERSION, answers or {}, language, facts)


def test_facts_and_answers_stand_in_their_places():
    text = "{channel} du {date} à {site} ({reason}), avec {agent} : {satisfaction}, {recommendation}, {solved}"
    answers = {"satisfaction": 2, "recommendation": 7, "solved": "no"}
    assert said(text, answers) == "votre appel du 17 aout à Lille (facturation), avec Marie : Plutôt non, 7, Non"


@pytest.mark.parametrize("answers", [{}, {"solved": "_na"}, {"solved": "_private"}, {"solved": None}])
def test_what_was_not_answered_is_not_said(answers):
    assert said("Réglé : {solved}", answers) == f"Réglé : {UNSAID}"


def test_that_somebody_declined_is_not_said():
    definition = model_definition("post_contact")
    solved = next(each for each in definition["questions"] if each["id"] == "solved")
    solved["not_applicable"] = {"fr": "Sans objet", "en": "Not applicable"}
    assert piped("{solved}", compile_version(definition), {"solved": "_na"}, "fr", {}) == UNSAID


def test_what_may_not_be_said_has_a_neutral_word_in_each_language():
    assert said("{agent}, {site}", facts={}) == "notre conseiller, notre service"
    assert said("{agent}, {date}", facts={}, language="en") == f"our adviser, {UNSAID}"
    assert said("{agent}", facts={}, language="de") == UNSAID


def test_what_somebody_typed_is_never_said():
    assert said("{comment}", {"comment": None}) == UNSAID
    assert said("{comment}", {"comment": "{brand} est nul"}) == UNSAID


@given(st.text("{}abrnd_<>&' ", max_size=30))
def test_what_is_put_in_is_not_read_again(name):
    assert said("[{brand}]", facts={"brand": name or "x"}) == f"[{name or 'x'}]"


def test_other_braces_stay_text():
    assert said("{nothing} {0} {brand.x} {Brand} { brand }") == "{nothing} {0} {brand.x} {Brand} { brand }"


def test_labels_are_filled_in_an_sms_too_also_when_it_is_asked_again():
    definition = model_definition("post_contact")
    complaint = next(each for each in definition["questions"] if each["id"] == "complaint")
    del complaint["sms"]
    complaint["choices"][0]["label"]["fr"] = "Oui, contre {brand} ({solved})"
    version = compile_version(definition)
    question = version.question("complaint")
    for again in (False, True):
        body = sms_texts.question(version, question, "Belline", "fr", again, answers={"solved": "no"}).body
        assert "1 Oui, contre Belline (Non), 2 " in body
