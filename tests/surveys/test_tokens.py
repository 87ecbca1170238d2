import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifications.segments import GSM7, cost
from surveys.tokens import ALPHABET, LENGTH, derive, token_hash

SECRET = "a secret for tests that is long enough"


@given(st.integers(1, 10**9), st.integers(1, 99))
def test_a_token_can_be_derived_again_and_differs_from_every_neighbour(invitation, issue):
    token = derive(SECRET, invitation, issue)
    assert token == derive(SECRET, invitation, issue)
    assert token not in {
        derive(SECRET, invitation + 1, issue),
        derive(SECRET, invitation, issue + 1),
        derive(SECRET + "x", invitation, issue),
    }
    assert len(token) == LENGTH
    assert set(token) <= set(ALPHABET)


def test_a_token_has_at_least_64_bits_and_letters_nobody_confuses():
    assert LENGTH * math.log2(len(ALPHABET)) >= 64
    assert not set(ALPHABET) & set("01oiluaeOI_-?=")
    assert len(set(ALPHABET)) == len(ALPHABET)
    assert cost(ALPHABET).encoding == GSM7


def test_invitation_and_issue_are_not_run_together():
    assert derive(SECRET, 1, 12) != derive(SECRET, 11, 2)


def test_a_token_typed_in_capitals_with_a_space_is_the_same():
    token = derive(SECRET, 1, 1)
    assert token_hash(f" {token.upper()}\n") == token_hash(token)


@pytest.mark.parametrize("nonsense", ["", "abc", "a" * LENGTH, "2" * (LENGTH + 1), "é" * LENGTH, "../../etc/passwd"])
def test_what_can_be_no_token_has_no_hash(nonsense):
    assert token_hash(nonsense) is None
