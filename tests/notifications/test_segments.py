import random

import pytest
import smsutil

from notifications.segments import BASIC, EXTENSION, GSM7, UCS2, Cost, cost, fold

FRENCH_IN_GSM7 = "éèùàÇÉäöü"
FRENCH_OUTSIDE = "êëâçîïôûœÿÀÂÈÊËÎÏÔÙÛŒ’‘“”«»…–—\u00a0\u202f°²`"
ALPHABET = BASIC + EXTENSION + FRENCH_OUTSIDE + "😀🇫🇷漢"


@pytest.mark.parametrize("letter", FRENCH_IN_GSM7)
def test_these_french_letters_stay_in_gsm7(letter):
    assert cost(letter) == Cost(GSM7, 1, 1, ())


@pytest.mark.parametrize("letter", FRENCH_OUTSIDE)
def test_one_of_these_turns_the_whole_text_to_ucs2_and_folding_takes_it_back(letter):
    assert cost("a" * 70 + letter).parts == 2
    assert cost(f"bonjour {letter} bonjour").culprits == (letter,)
    assert cost(fold(letter)).encoding == GSM7


@pytest.mark.parametrize("sign", EXTENSION)
def test_an_extension_sign_costs_two_septets(sign):
    assert cost(sign) == Cost(GSM7, 2, 1, ())


@pytest.mark.parametrize(
    "text, parts",
    [
        ("", 0),
        ("a" * 160, 1),
        ("a" * 161, 2),
        ("a" * 306, 2),
        ("a" * 307, 3),
        ("ê" * 70, 1),
        ("ê" * 71, 2),
        ("ê" * 134, 2),
        ("ê" * 135, 3),
        ("a" * 152 + "€" + "b" * 152, 3),  # the escape pair may not straddle two parts: 306 septets are three
        ("x" * 66 + "😀" + "y" * 66, 3),  # nor may the surrogate pair: 134 units are three
        ("a" * 158 + "€", 1),
        ("a" * 159 + "€", 2),
    ],
)
def test_parts_at_the_edges(text, parts):
    assert cost(text).parts == parts


def test_parts_agree_with_another_implementation_on_random_texts():
    chance = random.Random(20261123)
    for _ in range(10_000):
        alphabet = chance.choice([BASIC, BASIC + EXTENSION, ALPHABET])
        text = "".join(chance.choices(alphabet, k=chance.randint(1, 400)))
        assert cost(text).parts == len(smsutil.split(text).parts), text


def test_folding_keeps_the_question_and_halves_its_price():
    asked = "Êtes-vous satisfait de votre échange avec notre service ? Répondez de 1 (pas du tout) à 5 (tout à fait)."
    assert (cost(asked).encoding, cost(asked).parts) == (UCS2, 2)
    assert (cost(fold(asked)).encoding, cost(fold(asked)).parts) == (GSM7, 1)


def test_folding_drops_the_spaces_inside_french_quotes_and_never_writes_a_question_mark_for_a_letter():
    assert fold("« Ça va ? »") == '"Ça va ?"'
    assert fold("«\u202fMerci\u202f» 😀") == '"Merci" 😀'
