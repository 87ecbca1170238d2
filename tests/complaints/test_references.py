"""References that catch a slip of the tongue, and codes that can be read aloud."""

import itertools
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from complaints.references import (
    CHECK_LETTERS,
    CODE_LETTERS,
    Reference,
    code_hash,
    derive_key,
    follow_code,
    read_reference,
    same_code,
)

KEY = derive_key("a secret")
ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def sample() -> list[Reference]:
    """Numbers at the ends of every length, and some drawn with a fixed seed."""
    drawn = random.Random(2026)
    numbers = [1, 9, 10, 99, 123, 999_999, 1_000_000, 9_999_999, *(drawn.randrange(1, 10**6) for _ in range(60))]
    return [Reference(year, number) for year in (2020, 2026, 2035) for number in numbers]


@pytest.mark.parametrize("reference", sample(), ids=str)
def test_any_single_error_is_caught(reference):
    typed = str(reference).replace("-", "")
    for place, right in enumerate(typed):
        for wrong in set(ALPHABET) - {right}:
            read = read_reference(typed[:place] + wrong + typed[place + 1 :])
            # A letter O or I read as the figure it looks like is no error: it means the same reference.
            assert read is None or (read == reference and {wrong, right} in ({"O", "0"}, {"I", "1"}))


@pytest.mark.parametrize("reference", sample(), ids=str)
def test_any_swap_of_neighbours_is_caught(reference):
    typed = str(reference).replace("-", "")
    for place in range(len(typed) - 1):
        swapped = typed[:place] + typed[place + 1] + typed[place] + typed[place + 2 :]
        assert swapped == typed or read_reference(swapped) is None


def test_in_every_place_a_wrong_or_swapped_figure_changes_the_letter():
    """Exhaustive over the weights, so over every number there can be."""
    weights = [pow(2, place, 23) for place in range(1, 12)]
    for one, other in itertools.permutations(range(10), 2):
        assert all(weight * (one - other) % 23 for weight in weights)
        assert all((left - right) * (one - other) % 23 for left, right in itertools.pairwise(weights))


@pytest.mark.parametrize("shape", [str.lower, lambda text: text.replace("-", ""), lambda text: f" {text} "])
def test_case_dashes_and_blanks_do_not_matter(shape):
    reference = Reference(2026, 123)
    assert str(reference) == "R-2026-000123-K"
    assert read_reference(shape(str(reference))) == reference
    assert read_reference(str(reference).replace("-", " ")) == reference


@pytest.mark.parametrize(
    "typed", ["", "R", "R-2026-123-K", "R-2026-00012A-K", "R-2026-000123", "²R2026000123K", "x" * 500]
)
def test_what_is_no_reference_is_none(typed):
    assert read_reference(typed) is None


@given(st.text())
def test_any_text_can_be_read_without_failing(typed):
    read = read_reference(typed)
    assert read is None or read_reference(str(read)) == read
    assert len(code_hash(KEY, typed)) == 64


def test_references_carry_only_letters_that_are_not_mistaken():
    assert not set("IOU") & set(CHECK_LETTERS) and len(set(CHECK_LETTERS)) == 23


def test_a_code_is_long_enough_and_read_in_groups():
    code = follow_code(KEY, "a case")
    assert [len(group) for group in code.split("-")] == [4, 4, 4, 4]
    assert len(CODE_LETTERS) ** 16 > 2**64
    assert set(code) <= {*CODE_LETTERS, "-"}


def test_a_code_is_the_same_each_time_and_another_for_another_case_or_key():
    assert follow_code(KEY, "a case") == follow_code(KEY, "a case")
    assert len({follow_code(key, uid) for key in (KEY, derive_key("other")) for uid in ("one", "two")}) == 4


def test_only_the_right_code_opens_and_its_shape_does_not_matter():
    code = follow_code(KEY, "a case")
    stored = code_hash(KEY, code)
    assert same_code(stored, KEY, code.lower().replace("-", ""))
    assert same_code(stored, KEY, f" {code.replace('-', ' ')} ")
    assert not same_code(stored, KEY, follow_code(KEY, "another"))
    assert code not in stored
