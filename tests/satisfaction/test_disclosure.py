"""What a handful of people answered must not be worked out from what is shown."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from estimation.disclosure import MINIMUM, OVERALL, hidden_keys
from satisfaction.cells import Place


def answers(**counts: int) -> dict[Place, int]:
    """Lille_phone=40 stands for the place of that site and channel."""
    return {Place(*name.split("_")): count for name, count in counts.items()}


def test_enough_answers_everywhere_hide_nothing():
    assert hidden_keys(answers(lille_phone=5, lille_email=40, lyon_phone=12, lyon_email=9)) == frozenset()


@pytest.mark.parametrize("count, hidden", [(4, True), (5, False)])
def test_five_answers_are_the_fewest_that_are_shown(count, hidden):
    assert (("lille", "phone") in hidden_keys(answers(lille_phone=count, lyon_phone=50))) is hidden


def test_a_single_small_site_takes_the_smallest_other_with_it():
    hidden = hidden_keys(answers(lille_phone=3, lyon_phone=20, brest_phone=50))
    assert {("lille", None), ("lyon", None)} <= hidden
    assert ("brest", None) not in hidden and OVERALL not in hidden


def test_two_small_sites_that_make_fewer_than_five_together_take_a_third():
    hidden = hidden_keys(answers(lille_phone=1, lyon_phone=2, brest_phone=20, nice_phone=50))
    assert {("lille", None), ("lyon", None), ("brest", None)} <= hidden
    assert ("nice", None) not in hidden


def test_two_small_sites_that_make_five_hide_each_other():
    hidden = hidden_keys(answers(lille_phone=1, lyon_phone=4, brest_phone=20))
    assert ("brest", None) not in hidden


def test_a_place_nobody_answered_from_protects_nothing():
    hidden = hidden_keys(answers(lille_phone=3, lyon_phone=0, brest_phone=20))
    assert ("brest", None) in hidden and ("lyon", None) not in hidden


def test_a_small_cell_is_safe_from_the_totals_of_its_site_and_channel():
    counts = answers(lille_phone=40, lille_email=3, lyon_phone=30, lyon_email=20, brest_phone=25, brest_email=35)
    hidden = hidden_keys(counts)
    cells = {key for key in hidden if None not in key}
    assert ("lille", "email") in cells
    assert len([key for key in cells if key[0] == "lille"]) > 1
    assert len([key for key in cells if key[1] == "email"]) > 1


@settings(max_examples=150, deadline=None)
@given(st.lists(st.integers(0, 12), min_size=9, max_size=9))
def test_no_small_figure_follows_from_what_is_shown(counts):
    places = [Place(site, channel) for site in "abc" for channel in ("phone", "email", "chat")]
    table = {place: count for place, count in zip(places, counts, strict=True) if count}
    if not table:
        return
    hidden = hidden_keys(table)
    names = sorted({key for place in table for key in _keys(place)}, key=str)
    vectors = {key: np.array([float(key in _keys(place)) for place in table]) for key in names}
    totals = {key: sum(n for place, n in table.items() if key in _keys(place)) for key in names}
    shown = np.array([vectors[key] for key in names if key not in hidden])
    for key, total in totals.items():
        if total < MINIMUM:
            assert key in hidden
            if len(shown):
                assert np.linalg.matrix_rank(np.vstack([shown, vectors[key]])) > np.linalg.matrix_rank(shown)
    for one, other in combinations([key for key in names if None not in key], 2):
        if totals[one] + totals[other] < MINIMUM and one[0] == other[0] and len(shown):
            both = vectors[one] + vectors[other]
            assert np.linalg.matrix_rank(np.vstack([shown, both])) > np.linalg.matrix_rank(shown)


def _keys(place: Place) -> set:
    return {(place.site, place.channel), (place.site, None), (None, place.channel), OVERALL}
