"""Parts, letters and folding, held against two libraries that nobody here wrote."""

import random
import unicodedata

import gsm0338
import pytest
import smsutil
from hypothesis import given, settings
from hypothesis import strategies as st

from notifications.segments import (
    BASIC,
    CAPACITY,
    EXTENSION,
    GSM7,
    UCS2,
    Cost,
    cost,
    fold,
    folds,
    parts,
    units_of,
)

# The table of GSM 03.38 as French needs it, sign by sign.
BASIC_IN_FRENCH = {
    "é": 0x05, "è": 0x04, "ù": 0x06, "à": 0x7F, "Ç": 0x09, "É": 0x1F, "ä": 0x7B, "ö": 0x7C, "ü": 0x7E, "ñ": 0x7D,
    "æ": 0x1D, "Æ": 0x1C, "£": 0x01, "¥": 0x03,
}  # fmt: skip
ALSO_BASIC = "ÄÖÜÑìòßåÅøØ§¿¡"
OUTSIDE = "êëâçîïôûœÿ" + "ÀÂÈÊËÎÏÔÙÛŒ" + "’‘“”«»…–—\u00a0\u202f°²·`"
FOLDED = {
    **dict(zip("êëâçîïôûÿ", "eeaciiouy", strict=True)), **dict(zip("ÀÂÈÊËÎÏÔÙÛ", "AAEEEIIOUU", strict=True)),
    "œ": "oe", "Œ": "OE", "’": "'", "‘": "'", "“": '"', "”": '"', "«": '"', "»": '"', "…": "...", "–": "-", "—": "-",
    "\u00a0": " ", "\u202f": " ", "°": "o", "²": "2", "·": ".", "`": "'",
}  # fmt: skip
EMOJI = "😀🇫🇷👨‍👩‍👧👍🏽"
ALPHABETS = (BASIC, BASIC + EXTENSION, EXTENSION, BASIC + EXTENSION + OUTSIDE, BASIC + OUTSIDE + EMOJI + "漢Ωж", EMOJI)
GSM = gsm0338.Codec()


@pytest.mark.parametrize("letter, code", BASIC_IN_FRENCH.items())
def test_these_signs_are_basic_and_stand_where_the_table_says(letter, code):
    assert cost(letter) == Cost(GSM7, 1, 1, ())
    assert GSM.encode(letter)[0] == bytes([code])
    assert fold(letter) == letter


def test_the_other_basic_signs_cost_one_septet_and_are_never_folded():
    assert cost(ALSO_BASIC) == Cost(GSM7, len(ALSO_BASIC), 1, ())
    assert fold(ALSO_BASIC + "éèùàÇÉ") == ALSO_BASIC + "éèùàÇÉ"


@pytest.mark.parametrize("sign", "€^{}[]~\\|\f")
def test_an_extension_sign_costs_two_septets(sign):
    assert cost(sign) == Cost(GSM7, 2, 1, ())
    assert len(GSM.encode(sign)[0]) == 2


def test_the_euro_is_an_escape_and_an_e():
    assert GSM.encode("€")[0] == b"\x1b\x65"


@pytest.mark.parametrize("sign", OUTSIDE)
def test_one_of_these_turns_the_whole_text_to_ucs2_and_folding_takes_it_back(sign):
    assert cost("a" * 69 + sign).parts == 1 and cost("a" * 70 + sign).parts == 2
    assert cost(f"bonjour {sign} bonjour").culprits == (sign,)
    assert fold(sign) == FOLDED[sign]
    assert cost(fold(sign)).encoding == GSM7


def test_lower_c_cedilla_is_out_while_its_capital_is_in():
    assert (cost("français").encoding, cost("FRANÇAIS").encoding) == (UCS2, GSM7)
    for word in ("reçu", "être", "août", "cœur", "À bientôt", "l’avis"):
        assert cost(word).encoding == UCS2 and cost(fold(word)).encoding == GSM7


@pytest.mark.parametrize(
    "text, count",
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
def test_parts_at_the_edges(text, count):
    assert cost(text).parts == len(parts(text)) == count


def test_an_escape_pair_or_an_emoji_at_a_border_goes_to_the_next_part_whole():
    assert parts("a" * 152 + "€" + "b" * 152) == ["a" * 152, "€" + "b" * 151, "b"]
    assert parts("x" * 66 + "😀" + "y" * 66) == ["x" * 66, "😀" + "y" * 65, "y"]


def random_texts(count):
    chance = random.Random(20261123)
    for _ in range(count):
        yield "".join(chance.choices(chance.choice(ALPHABETS), k=chance.randint(1, 400)))


def test_ten_thousand_random_texts_cost_what_two_other_libraries_say():
    """smsutil says parts and units; gsm0338, which splits nothing, says which letters exist and how many septets."""
    for text in random_texts(10_000):
        ours, theirs = cost(text), smsutil.split(text)
        assert ours.parts == len(theirs.parts), text
        assert ours.units == theirs.total_bytes // (1 if ours.encoding == GSM7 else 2), text
        assert (ours.encoding == GSM7) == (theirs.encoding == "gsm0338") == can_be_said(text), text
        if ours.encoding == GSM7:
            assert ours.units == len(GSM.encode(text)[0]), text
            assert parts(text) == [part.content for part in theirs.parts], text


def can_be_said(text):
    try:
        return bool(GSM.encode(text))
    except UnicodeEncodeError:
        return False


def test_where_we_differ_from_both_libraries():
    """Both take the bare escape for a letter of the alphabet. It is none: it would turn the next letter into another
    one ("\\x1be" arrives as €), so a text that holds it is sent as UCS-2, where it means itself. And smsutil gives an
    empty text one empty part; nothing is sent, so it has none.
    """
    assert can_be_said("\x1b") and smsutil.split("\x1b").encoding == "gsm0338"
    assert GSM.decode(GSM.encode("\x1be")[0])[0] == "€"
    assert cost("\x1be").encoding == UCS2
    assert len(smsutil.split("").parts) == 1 and cost("").parts == 0


TEXTS = st.one_of(
    *(st.text(st.sampled_from(sorted(set(alphabet))), max_size=500) for alphabet in ALPHABETS),
    st.lists(st.sampled_from(["👨‍👩‍👧", "🇫🇷", "👍🏽", "e\u0301", "€", "a", "ê"]), max_size=200).map("".join),
    st.text(max_size=300),
)


@settings(max_examples=400, deadline=None)
@given(TEXTS)
def test_the_parts_give_the_text_back_and_each_keeps_within_its_limit(text):
    price, cut = cost(text), parts(text)
    assert "".join(cut) == text
    assert len(cut) == price.parts
    most = CAPACITY[price.encoding][0 if len(cut) == 1 else 1]
    assert all(0 < units_of(part, price.encoding) <= most for part in cut)
    assert sum(units_of(part, price.encoding) for part in cut) == price.units


@settings(max_examples=300, deadline=None)
@given(TEXTS)
def test_folding_settles_never_loses_a_name_and_never_asks(text):
    said = fold(text)
    assert fold(said) == said
    assert said.count("?") == text.count("?")
    assert {letter for letter in unicodedata.normalize("NFC", text) if letter in BASIC + EXTENSION} <= set(said) | {" "}


def test_a_joined_emoji_stays_in_one_part_where_that_costs_nothing():
    family, wave = "👨‍👩‍👧", "e\u0301"
    assert parts("x" * 64 + family + "y") == ["x" * 64, family + "y"]
    assert parts("x" * 66 + wave + "y" * 10) == ["x" * 66, wave + "y" * 10]


def test_it_is_cut_where_keeping_it_whole_would_cost_a_part_more():
    family = "👨‍👩‍👧"
    full = "x" * 64 + family + "y" * 62  # 134 units: exactly two parts
    assert cost(full).parts == len(parts(full)) == 2
    assert "".join(parts(full)) == full


def test_folding_keeps_the_question_and_halves_its_price():
    asked = "Êtes-vous satisfait de votre échange avec notre service ? Répondez de 1 (pas du tout) à 5 (tout à fait)."
    assert (cost(asked).encoding, cost(asked).parts) == (UCS2, 2)
    assert (cost(fold(asked)).encoding, cost(fold(asked)).parts) == (GSM7, 1)


def test_folding_drops_the_spaces_inside_french_quotes_and_never_writes_a_question_mark_for_a_letter():
    assert fold("« Ça va ? »") == '"Ça va ?"'
    assert fold("«\u202fMerci\u202f» 😀") == '"Merci" 😀'


def test_names_keep_their_letters_or_their_base_letters():
    assert fold("Łukasz Nuñez, Zoé Şahin, François-Noël, Iván") == "Lukasz Nuñez, Zoé Sahin, Francois-Noel, Ivan"
    assert fold("Ελένη Жанна 李 ≠") == "Ελένη Жанна 李 ≠"


def test_an_accent_typed_apart_is_the_letter_it_makes():
    assert fold("re\u0301ponse") == "réponse" and cost(fold("re\u0301ponse")).encoding == GSM7


def test_what_is_folded_is_named_once_each_in_order():
    assert folds("« Être reçu, c’est être »") == [
        ("«", '"'), ("Ê", "E"), ("ç", "c"), ("’", "'"), ("ê", "e"), ("»", '"'),
    ]  # fmt: skip
    assert folds("Merci, réponse à 5 €") == []
