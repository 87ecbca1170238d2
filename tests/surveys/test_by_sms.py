"""What each question becomes by SMS, and the page that says so."""

from random import Random

from hypothesis import given, settings

from notifications.segments import cost
from surveys import sms_texts
from surveys.by_sms import becomes_in_sms
from surveys.questionnaires import compile_version
from surveys.storage import model_definition
from tests.surveys.strategies import Maker, definitions


def model(**changes):
    definition = model_definition("post_contact")
    for question in definition["questions"]:
        question.update(changes.get(question["id"], {}))
    return compile_version(definition)


def by_id(version):
    return {one.question_id: one for one in becomes_in_sms(version, brand="Belline")}


def test_each_question_is_listed_with_its_words_or_the_reason_why_it_is_not_asked():
    listed = by_id(model(recommendation={"required": True, "page": "p"}))
    assert list(listed)[:3] == ["satisfaction", "recommendation", "effort"]
    assert listed["effort"].why_not == "web-only"
    assert listed["effort"].said == ()
    assert [said.language for said in listed["recommendation"].said] == ["fr", "en"]
    assert "Recommanderiez-vous Belline" in listed["recommendation"].said[0].text
    assert listed["recommendation"].lost == ("required", "page")
    assert listed["complaint"].lost == ("hint",)


RANKED = {
    "format": "satisfecit-questionnaire/1",
    "key": "r",
    "languages": ["fr"],
    "title": {"fr": "Avis"},
    "questions": [
        {
            "id": "r",
            "type": "ranking",
            "title": {"fr": "?"},
            "sms": False,
            "choices": [{"id": name, "label": {"fr": name}} for name in "ab"],
        }
    ],
}


def test_what_its_type_cannot_do_by_sms_is_not_called_a_choice_of_the_author():
    assert by_id(compile_version(RANKED))["r"].why_not == "not-for-sms"


def test_the_price_is_that_of_the_longest_that_may_stand_in_its_places():
    definition = model_definition("post_contact")
    definition["questions"][1]["sms"] = {"fr": "{satisfaction} {brand} 0 10", "en": "{satisfaction} {site} 0 10"}
    french, english = by_id(compile_version(definition))["recommendation"].said
    assert french.text == "... Belline 0 10"
    # « Ni oui ni non » is the longest label; a brand has up to 40 letters, one of them folded.
    assert french.most.units == len("Ni oui ni non ") + 40 + len(" 0 10")
    assert english.most.units == len("Neither yes nor no ") + 40 + len(" 0 10")


@settings(max_examples=40, deadline=None)
@given(definitions(most_questions=6))
def test_no_answer_makes_a_message_dearer_than_was_said(definition):
    version = compile_version(definition)
    maker = Maker(Random(7), set())
    answers = {raw["id"]: maker.answer(raw) for raw in definition["questions"]}
    facts = {"site": "Lille", "channel": "votre appel", "date": "17 sept.", "reason": "facture", "agent": "Marie"}
    for one in becomes_in_sms(version):
        for said in one.said:
            question = version.question(one.question_id)
            body = sms_texts.question(version, question, "Belline", said.language, answers=answers, facts=facts).body
            price = cost(body)
            assert price.units <= said.most.units and price.parts <= said.most.parts


def test_the_page_of_a_questionnaire_says_it(app, sign_in, submit):
    client = sign_in("quality")
    submit("/surveys/questionnaires/import", client=client, model="post_contact")
    page = client.get("/surveys/questionnaires/post_contact").text
    assert "Ce que chaque question devient par SMS" in page
    assert "personne n’est obligé de répondre" in page
