"""What those who did not answer could do to a figure."""

from dataclasses import replace
from datetime import date

import pytest

from satisfaction.cells import StratumTally, Tally
from satisfaction.findings import Finding, Period
from satisfaction.silence import points_to_turn, silence_of

OCTOBER = Period(date(2026, 10, 1), date(2026, 10, 31))
SHOWN = Finding("satisfaction", "share", OCTOBER, {}, 0.86, 0.83, 0.89)
#: 300 contacts of which one in five drawn answered, 100 of which one in two did: 27.5 % of 400.
TALLY = Tally(
    (
        StratumTally((1, "lille"), 300, 10, {5: 10}, drawn=50),
        StratumTally((1, "lyon"), 100, 10, {5: 10}, drawn=20),
    ),
    400, True,
)  # fmt: skip


def test_the_silent_are_counted_by_the_contacts_of_their_stratum_and_the_band_starts_from_the_limits():
    found = silence_of(SHOWN, (1, 5), TALLY)
    assert found.share == pytest.approx(1 - 0.275)
    assert (found.lower, found.upper) == (pytest.approx(0.275 * 0.83), pytest.approx(0.275 * 0.89 + 0.725))


def test_a_mean_is_held_to_its_scale_and_not_to_0_and_1():
    mean = replace(SHOWN, unit="mean", value=4.2, lower=4.0, upper=4.4)
    found = silence_of(mean, (1, 5), TALLY)
    assert (found.lower, found.upper) == (pytest.approx(0.275 * 4 + 0.725), pytest.approx(0.275 * 4.4 + 0.725 * 5))


@pytest.mark.parametrize("hidden", [{"value": None}, {"lower": None, "upper": None}])
def test_nothing_is_said_of_a_figure_without_interval(hidden):
    assert silence_of(replace(SHOWN, **hidden), (1, 5), TALLY) is None


def test_nobody_is_silent_where_everybody_answered():
    whole = Tally((StratumTally((1, "lille"), 50, 50, {5: 50}, drawn=50),), 50, True)
    assert silence_of(SHOWN, (1, 5), whole) is None


def row(share, **changes):
    return {"unit": "share", "silence": {"share": share}, "detail": {}} | changes


def test_the_points_are_what_the_limit_is_above_the_target_over_the_share_of_the_silent():
    """0.83 over 0.80 with four in five silent: 0.03 / 0.8 is 3.75 points."""
    assert points_to_turn(row(0.8), 0.80, 0.83) == pytest.approx(3.75)
    assert points_to_turn(row(0.8), 0.80, 0.77) == pytest.approx(-3.75)


def test_no_points_are_told_when_no_answer_of_theirs_could_turn_it():
    assert points_to_turn(row(0.05), 0.50, 0.95) is None
    assert points_to_turn(row(0.05, silence=None), 0.50, 0.95) is None
