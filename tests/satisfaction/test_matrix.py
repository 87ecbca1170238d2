"""The matrix of verdicts is read by commitment and site, or by site and channel where channels are judged apart."""

from collections import Counter, namedtuple

from hypothesis import given
from hypothesis import strategies as st

from satisfaction.matrix import grids

Card = namedtuple("Card", "agreement_id by")


def of(agreement_id, *places):
    return [Card(agreement_id, {name: value for name, value in place.items() if value}) for place in places]


def test_commitments_stand_in_rows_and_their_sites_in_columns_with_the_whole_first():
    whole, sites = of(1, {}), of(2, {"site": "lyon"}, {"site": "lille"})
    [grid] = grids([*whole, *sites])
    assert (grid.by_channel, grid.columns) == (False, ["", "lille", "lyon"])
    assert [line.cells for line in grid.lines] == [[whole[0], None, None], [None, sites[1], sites[0]]]


def test_a_commitment_by_channel_has_a_table_of_its_own_of_sites_and_channels():
    apart = of(3, {"site": "lyon", "channel": "phone"}, {"site": "lille", "channel": "email"})
    first, second = grids([*of(1, {}), *apart])
    assert (first.by_channel, second.by_channel) == (False, True)
    assert second.columns == ["email", "phone"]
    assert [(line.site, line.cells) for line in second.lines] == [
        ("lille", [apart[1], None]),
        ("lyon", [None, apart[0]]),
    ]


def test_without_verdicts_there_is_no_table():
    assert grids([]) == []


places = st.tuples(st.integers(1, 3), st.sampled_from(["", "a", "b", "c"]), st.sampled_from(["", "phone", "email"]))


@given(st.lists(places, unique=True, max_size=12))
def test_no_verdict_is_lost_and_none_is_shown_twice(said):
    cards = [of(agreement, {"site": site, "channel": channel})[0] for agreement, site, channel in said]
    shown = [card for grid in grids(cards) for line in grid.lines for card in line.cells if card is not None]
    assert Counter(map(id, shown)) == Counter(map(id, cards))
