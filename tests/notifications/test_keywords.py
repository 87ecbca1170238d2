"""A whole message that says stop is one; a sentence with the word in it never is."""

import random
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from notifications.keywords import START_WORDS, STOP_WORDS, keyword


@pytest.mark.parametrize(
    "said",
    ["STOP", "stop", " Stop. ", "STOP !", "Arrêt", "ARRÊTER", "arrête", "arrêtez", "STOP SMS", "STOP 36123",
     "STOP SMS 36123", "STOP au 36034", "stop svp", "STOP, merci.", "désabonner", "Désinscrire", "se désabonner",
     "DESABO", "« stop »", "ＳＴＯＰ", "unsubscribe", "St\u00f3p", "S.T.O.P", "ABMELDEN", "Baja", "cancelar",
     "afmelden", "Disiscrivimi", "sair"],
)  # fmt: skip
def test_these_say_stop(said):
    assert keyword(said) == "stop"


@pytest.mark.parametrize(
    "said",
    ["", "!", "🛑", "STOP, c'est ma 3e réclamation", "je veux que ça s'arrête", "stop pub", "STOP 3", "stopper", "non",
     "STOP 361234", "8", "oui", "yes", "non merci", "stop aux retards", "Arrêtez de facturer", "merci", "fin", "36034"],
)  # fmt: skip
def test_these_say_something_else(said):
    assert keyword(said) is None


@pytest.mark.parametrize("said", ["START", "start.", "Unstop", "reprendre", "Réabonner"])
def test_these_say_start(said):
    assert keyword(said) == "start"


@pytest.mark.parametrize("said", ["un stop", "OUI", "yes", "ok start", "start 8", "reprendre contact"])
def test_what_may_be_an_answer_is_not_a_start(said):
    assert keyword(said) is None


def test_no_word_says_both():
    stops, starts = (frozenset().union(*words.values()) for words in (STOP_WORDS, START_WORDS))
    assert not stops & starts
    assert {"fr", "en", "de", "es", "it", "nl", "pt"} == set(STOP_WORDS) == set(START_WORDS)


ACCENTS = "\u0300\u0301\u0302\u0308\u0327"
MARKS = " .,!?;:…«»\"'’-–—()*\u00a0\u202f"
ALL_STOPS = sorted(frozenset().union(*STOP_WORDS.values()))


def as_written(word: str, random: random.Random) -> str:
    """``word`` in any case, with accents anywhere and punctuation around it."""
    letters = (random.choice([letter.upper(), letter.lower()]) for letter in word)
    accented = "".join(letter + random.choice(["", "", random.choice(ACCENTS)]) for letter in letters)
    around = ["".join(random.choices(MARKS, k=random.randrange(4))) for _ in range(2)]
    return around[0] + unicodedata.normalize(random.choice(["NFC", "NFD"]), accented) + around[1]


@settings(max_examples=300, deadline=None, derandomize=True)
@given(st.sampled_from(ALL_STOPS), st.randoms(use_true_random=False))
def test_a_stop_word_is_one_however_it_is_written(word, random):
    assert keyword(as_written(word, random)) == "stop"


@settings(max_examples=300, deadline=None, derandomize=True)
@given(
    st.sampled_from(ALL_STOPS),
    st.lists(st.sampled_from(["je", "vous", "facture", "problème", "3e", "demande", "retard", "encore"]), min_size=1),
    st.booleans(),
)
def test_a_sentence_with_a_stop_word_in_it_is_not_a_stop(word, others, first):
    assert keyword(" ".join([word, *others] if first else [*others, word])) is None


@settings(max_examples=300, deadline=None, derandomize=True)
@given(st.text(max_size=80))
def test_any_text_at_all_has_an_answer(body):
    assert keyword(body) in ("stop", "start", None)
