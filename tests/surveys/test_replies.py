"""Reading SMS replies as people write them."""

import pytest

from surveys.questionnaires import compile_version
from surveys.questions.base import Unreadable
from surveys.replies import declines, is_polite, is_stop, is_web_request, leading_number, leading_yes_no, whole_number
from surveys.storage import model_definition

VERSION = compile_version(model_definition("post_contact"))


@pytest.mark.parametrize(
    "body, number, words",
    [
        ("8", 8, ""),
        (" 8 ", 8, ""),
        ("8/10", 8, ""),
        ("8 sur 10", 8, ""),
        ("huit", 8, ""),
        ("Huit.", 8, ""),
        ("8 merci", 8, ""),
        ("8️⃣", 8, ""),
        ("🔟", 10, ""),
        ("٨", 8, ""),  # Arabic
        ("۸", 8, ""),  # Persian
        ("８", 8, ""),  # full width
        ("Bonjour, 4", 4, ""),
        ("je mets 8", 8, ""),
        ("Ma note est de 8.", 8, ""),
        ("zéro", 0, ""),
        ("12", 12, ""),  # out of range is for the question to say
        ("8 mais j'attends toujours", 8, "mais j'attends toujours"),
        ("8, mais j’ai été déçu !", 8, "mais j’ai été déçu"),
        ("2 personne ne rappelle", 2, "personne ne rappelle"),
        ("2 personne n’a rappelé", 2, "personne n’a rappelé"),
        ("2!!! J'attends depuis 3 jours", 2, "J'attends depuis 3 jours"),
    ],
)
def test_a_number_is_read_with_the_words_beside_it(body, number, words):
    assert leading_number(body, 10) == (number, words)


@pytest.mark.parametrize(
    "body",
    [
        "",
        "bien",
        "7 ou 8",
        "7-8",
        "7,5",
        "8 sur 5",
        "-1",
        "1 0",
        "3 fois que j'appelle",
        "3 personnes",
        "un scandale",
        "8e",
        "le 8",
    ],
)
def test_what_has_more_than_one_reading_is_not_guessed(body):
    assert leading_number(body, 10) == (None, "")


@pytest.mark.parametrize(
    "body, answer",
    [
        *[(body, True) for body in ("Oui!", "oui", "O", "OUI merci", "yes", "Y", "👍", "👍🏽", "ok")],
        *[(body, False) for body in ("non", "Non.", "N", "no", "pas encore", "Toujours pas", "👎")],
        *[(body, None) for body in ("n'importe quoi", "o la la", "oui et non", "nonobstant", "peut-être", "8", "")],
    ],
)
def test_yes_and_no_are_read_as_people_write_them(body, answer):
    assert leading_yes_no(body)[0] is answer


@pytest.mark.parametrize(
    "body, choice",
    [
        *[("1", "yes"), ("oui", "yes"), ("Réclamation !", "yes"), ("2", "note"), ("Non merci", "note")],
        *[("3", "call_back"), ("Rappelez-moi", "call_back"), ("rappel svp", "call_back"), ("Trois", "call_back")],
    ],
)
def test_a_choice_is_read_by_its_number_or_its_words(body, choice):
    question = VERSION.question("complaint")
    assert question.type.parse_sms(question, body, "fr").value == choice


@pytest.mark.parametrize("body", ["4", "0", "peut-être", "bonjour"])
def test_a_choice_that_is_none_is_not_guessed(body):
    question = VERSION.question("complaint")
    with pytest.raises(Unreadable):
        question.type.parse_sms(question, body, "fr")


@pytest.mark.parametrize("body, score", [("4/5", 4), ("5 étoiles", 5), ("٣", 3)])
def test_the_scale_decides_what_a_fraction_means(body, score):
    question = VERSION.question("satisfaction")
    assert question.type.parse_sms(question, body, "fr").value == score


@pytest.mark.parametrize("body", ["8/10", "0", "6", "4.5"])
def test_a_number_outside_the_scale_is_no_answer(body):
    question = VERSION.question("satisfaction")
    with pytest.raises(Unreadable):
        question.type.parse_sms(question, body, "fr")


def test_whole_messages_are_known_by_their_meaning():
    assert all(map(is_stop, ("STOP", "Stop.", " arrêt ", "Désabonnement")))
    assert not is_stop("STOP, c'est ma troisième réclamation")
    assert all(map(is_web_request, ("WEB", "web !", "Lien", "en ligne")))
    assert not is_web_request("sur le web c'était clair")
    assert all(map(is_polite, ("Merci", "merci beaucoup !", "OK")))
    assert all(map(declines, ("0", "non", "Rien", "-", "Non merci.", "")))
    assert not declines("non, et j'attends")


@pytest.mark.parametrize(
    "raw, number",
    [("4", 4), (" 4 ", 4), ("4.0", 4), ("4,0", 4), ("", None), ("4.5", None), ("4/5", None), ("-4", None)],
)
def test_a_file_or_form_holds_whole_numbers(raw, number):
    assert whole_number(raw) == number
