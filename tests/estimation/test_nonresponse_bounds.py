"""What the silent ones could do: Manski's band and the tipping point."""

import pytest
from hypothesis import strategies as st

from estimation import Interval, InvalidInput, manski_band, tipping_point
from tests.estimation.profiles import given

SHARES = st.floats(0, 1)


def test_fifteen_in_a_hundred_answered_and_eight_of_ten_were_content():
    band = manski_band(0.8, 0.15)
    assert (band.lower, band.upper) == pytest.approx((0.12, 0.97))
    assert manski_band(0.8, 0.15, limits=Interval(0.7, 0.9)).with_chance == pytest.approx((0.105, 0.985))


def test_a_mean_and_a_net_score_have_bands_on_their_scales():
    mean, score = manski_band(4.0, 0.5, 1, 5), manski_band(20.0, 0.25, -100, 100)
    assert (mean.lower, mean.upper) == (2.5, 4.5)
    assert (score.lower, score.upper) == (-70.0, 80.0)


def test_how_much_less_content_the_silent_ones_must_be():
    """Lower limit 0.84, target 0.80, 20 % answered: 0.05 lower, so 0.79 among the silent ones."""
    tipping = tipping_point(0.84, 0.80, 0.2)
    assert (tipping.gap, tipping.they_score) == pytest.approx((0.05, 0.79))
    assert tipping.possible


def test_a_target_that_no_silence_could_undo():
    tipping = tipping_point(0.9, 0.5, 0.9)
    assert not tipping.possible and tipping.they_score == pytest.approx(-3.1)


def test_under_the_target_the_silent_ones_would_have_to_be_more_content():
    assert tipping_point(0.7, 0.8, 0.5).gap == pytest.approx(-0.2)


def test_where_everybody_answered_nothing_tips():
    assert tipping_point(0.84, 0.80, 1) is None


def test_a_rate_or_scale_that_cannot_be_is_refused():
    for attempt in (
        lambda: manski_band(0.5, 1.2),
        lambda: manski_band(6, 0.5, 1, 5),
        lambda: manski_band(3, 0.5, 5, 1),
        lambda: tipping_point(0.5, 0.5, -0.1),
    ):
        with pytest.raises(InvalidInput):
            attempt()


@given(SHARES, SHARES)
def test_the_band_is_as_wide_as_the_silence(estimate, rate):
    band = manski_band(estimate, rate)
    assert band.upper - band.lower == pytest.approx(1 - rate)
    assert 0 <= band.lower <= band.upper <= 1


@given(SHARES, SHARES, SHARES)
def test_more_answers_never_widen_the_band(estimate, one, other):
    few, many = (manski_band(estimate, rate) for rate in sorted((one, other)))
    assert few.lower <= many.lower + 1e-12 and many.upper <= few.upper + 1e-12


@given(SHARES, SHARES, st.floats(0, 0.99))
def test_at_the_tipping_point_the_figure_over_all_is_the_target(estimate, target, rate):
    tipping = tipping_point(estimate, target, rate)
    assert rate * estimate + (1 - rate) * tipping.they_score == pytest.approx(target, abs=1e-9)


@given(SHARES, SHARES, st.floats(0, 0.99))
def test_a_tipping_point_is_possible_exactly_when_the_target_lies_in_the_band(estimate, target, rate):
    band, tipping = manski_band(estimate, rate), tipping_point(estimate, target, rate)
    if min(abs(target - band.lower), abs(target - band.upper)) > 1e-9:
        assert tipping.possible == (band.lower <= target <= band.upper)
