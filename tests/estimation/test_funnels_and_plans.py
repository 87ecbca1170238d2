"""Funnels with more spread than chance, trends over periods, and how many answers a plan takes."""

import math

import pytest
from hypothesis import strategies as st

from estimation import (
    InvalidInput,
    TooFewPeriods,
    funnel_limits,
    period_trend,
    rate_funnel,
    sample_size_for_difference,
    sample_size_for_verdict,
    share_funnel,
    sizes_with_floor,
    wilson,
    winsorised_dispersion,
)
from tests.estimation.profiles import given

WEEKS = [1, 2, 3, 4, 5, 6]
SHARES = [0.80, 0.82, 0.81, 0.85, 0.84, 0.88]
VARIANCES = [0.0004, 0.0005, 0.0003, 0.0006, 0.0004, 0.0005]


def test_points_as_chance_scatters_them_keep_the_exact_limits():
    shares = [(str(n), 0.8 + shift, float(n)) for n, shift in zip(range(50, 100, 5), [0.02, -0.02] * 5, strict=True)]
    funnel = share_funnel(shares, 0.8)
    exact = funnel_limits(0.8, [50])
    assert not funnel.dispersion.is_over
    assert funnel.points[0].limits_95 == pytest.approx((exact.lower_95[0], exact.upper_95[0]))
    assert funnel.points[0].limits_998 == pytest.approx((exact.lower_998[0], exact.upper_998[0]))
    assert {one.outside for one in funnel.points} == {0.0}


def test_one_that_stands_apart_does_not_widen_its_own_limits():
    shares = [(str(n), 0.8, 200.0) for n in range(19)] + [("far", 0.6, 200.0)]
    funnel = share_funnel(shares, 0.8)
    assert not funnel.dispersion.is_over and funnel.points[-1].outside == 99.8


def test_where_all_vary_limits_are_widened_by_the_root_of_phi():
    shares = [(str(place), 0.5 + (0.12 if place % 2 else -0.12), 200.0) for place in range(12)]
    funnel = share_funnel(shares, 0.5)
    phi = 0.12**2 / (0.25 / 200)
    assert (funnel.dispersion.phi, funnel.dispersion.is_over) == (pytest.approx(phi), True)
    exact = funnel_limits(0.5, [200]).upper_95[0]
    assert funnel.points[0].limits_95.upper == pytest.approx(0.5 + (exact - 0.5) * math.sqrt(phi))
    assert {one.outside for one in funnel.points} == {0.0}


def test_spread_is_over_only_beyond_its_own_chance():
    """Twenty points of z = 1.2: phi 1.44 under the threshold 1 + 2 sqrt(2 / 20) = 1.632; of z = 1.3: 1.69 above."""
    under, over = (winsorised_dispersion([z, -z] * 10) for z in (1.2, 1.3))
    assert (under.is_over, under.widening, over.is_over) == (False, 1.0, True)
    assert over.threshold == pytest.approx(1.6324555)


def test_rates_of_complaints_lie_about_that_of_all():
    funnel = rate_funnel([("a", 20, 10_000.0), ("b", 24, 10_000.0), ("c", 60, 10_000.0)])
    assert funnel.target == pytest.approx(104 / 30_000)
    point = funnel.points[2]
    assert (point.value, point.z) == (pytest.approx(0.006), pytest.approx((60 - 104 / 3) / math.sqrt(104 / 3)))
    assert point.limits_95.lower < funnel.target < point.limits_95.upper
    from scipy import stats

    given_rate = rate_funnel([("a", 20, 10_000.0)], 0.002)
    below = stats.poisson.cdf(10, 20), stats.poisson.cdf(11, 20), stats.poisson.cdf(12, 20)
    reached = next(r for r, c in zip((10, 11, 12), below, strict=True) if c >= 0.025)
    interpolated = reached - (stats.poisson.cdf(reached, 20) - 0.025) / stats.poisson.pmf(reached, 20)
    assert given_rate.points[0].limits_95.lower == pytest.approx(interpolated / 10_000)


def test_funnels_of_nothing_are_refused():
    for attempt in (
        lambda: share_funnel([("a", 0.5, 20.0)], 1.0),
        lambda: share_funnel([("a", 1.5, 20.0)], 0.5),
        lambda: rate_funnel([("a", 0, 20.0)]),
        lambda: rate_funnel([("a", 3, 0.0)]),
        lambda: winsorised_dispersion([]),
        lambda: share_funnel([], 0.5),
    ):
        with pytest.raises(InvalidInput):
            attempt()


def test_a_trend_agrees_with_r():
    """R 4.2.2: lm(share ~ time, weights = 1 / variance), its errors over the residual standard error."""
    trend = period_trend(WEEKS, SHARES, VARIANCES)
    assert trend.slope == pytest.approx(0.014087885507)
    residual = [y - 0.781796008869 - 0.014087885507 * x for x, y in zip(WEEKS, SHARES, strict=True)]
    misfit = sum(r * r / v for r, v in zip(residual, VARIANCES, strict=True))
    assert trend.std_error == pytest.approx(0.00345951388773 / math.sqrt(misfit / 4))
    assert trend.lower < trend.slope < trend.upper
    half = misfit / 2
    assert trend.misfit_p_value == pytest.approx(math.exp(-half) * (1 + half))  # chi-square with 4 degrees


def test_few_periods_make_no_trend():
    with pytest.raises(TooFewPeriods) as refusal:
        period_trend(WEEKS[:5], SHARES[:5], VARIANCES[:5])
    assert (refusal.value.code, refusal.value.facts) == ("too_few_periods", (5, 6))
    with pytest.raises(InvalidInput):
        period_trend(WEEKS, SHARES, [0.0] * 6)
    with pytest.raises(InvalidInput):
        period_trend([1] * 6, SHARES, VARIANCES)


def test_two_shares_are_told_apart_as_r_says():
    """R: power.prop.test(p1 = .5, p2 = .75, power = .9) and (p1 = .8, p2 = .85, power = .8)."""
    sizes = [sample_size_for_difference(0.5, 0.75, power=0.9), sample_size_for_difference(0.8, 0.85)]
    # R solves numerically, with the other tail let go; to its own accuracy.
    assert [one.n_exact for one in sizes] == pytest.approx([76.7069301141, 905.365777967], rel=1e-5)
    assert [one.n_required for one in sizes] == [77, 906]
    assert sample_size_for_difference(0.5, 0.75, power=0.9, expected_response_rate=0.2).invitations_required == 385


def test_a_verdict_is_reached_as_often_as_planned():
    """The exact binomial chance that Wilson's lower limit reaches 0.80 when 0.85 is true."""
    from scipy import stats

    n = sample_size_for_verdict(0.85, 0.80, power=0.8).n_required
    fewest = next(x for x in range(n + 1) if wilson(x, n).lower >= 0.80)
    assert float(stats.binom.sf(fewest - 1, n, 0.85)) == pytest.approx(0.8, abs=0.02)


def test_on_the_wrong_side_no_number_of_answers_helps():
    assert sample_size_for_verdict(0.8, 0.8) is None
    assert sample_size_for_verdict(0.7, 0.8) is None
    with pytest.raises(InvalidInput):
        sample_size_for_verdict(0.9, 0.8, power=1.0)
    with pytest.raises(InvalidInput):
        sample_size_for_difference(0.8, 0.8)


def test_small_strata_get_their_floor():
    sizes = sizes_with_floor({"a": 900, "b": 90, "c": 10}, {"a": 900, "b": 90, "c": 10}, 100, floor=12)
    assert sizes == {"a": 78, "b": 12, "c": 10}


def test_a_plan_that_cannot_be_is_refused():
    with pytest.raises(InvalidInput):
        sizes_with_floor({"a": 1}, {"b": 3}, 5)


@given(st.lists(st.tuples(st.integers(1, 900), st.floats(0, 9)), min_size=1, max_size=8), st.integers(0, 900))
def test_an_allocation_keeps_floor_ceiling_and_sum(rows, n):
    populations = {str(place): size for place, (size, _) in enumerate(rows)}
    sizes = sizes_with_floor({str(place): share for place, (_, share) in enumerate(rows)}, populations, n)
    floors = {label: min(10, size) for label, size in populations.items()}
    assert all(floors[label] <= size <= populations[label] for label, size in sizes.items())
    if sum(floors.values()) <= n <= sum(populations.values()) and all(share for _, share in rows):
        assert sum(sizes.values()) == n


@given(st.lists(st.floats(-5, 5), min_size=1, max_size=20), st.randoms())
def test_phi_does_not_depend_on_order_or_sign(scores, random):
    shuffled = [-one for one in random.sample(scores, len(scores))]
    one, other = winsorised_dispersion(scores), winsorised_dispersion(shuffled)
    assert one.phi == pytest.approx(other.phi, abs=1e-12) and one.widening >= 1


@given(st.lists(st.floats(0, 1), min_size=6, max_size=6), st.floats(-2, 2), st.floats(-50, 50))
def test_a_line_is_found_and_time_may_start_anywhere(noise, slope, start):
    times = [start + week for week in WEEKS]
    line = period_trend(times, [slope * t for t in times], VARIANCES)
    assert line.slope == pytest.approx(slope, abs=1e-9) and line.misfit_p_value == pytest.approx(1)
    one, moved = period_trend(WEEKS, noise, VARIANCES), period_trend(times, noise, VARIANCES)
    assert (one.slope, one.std_error) == pytest.approx((moved.slope, moved.std_error), abs=1e-9)


@given(st.floats(0.51, 0.98), st.floats(0.05, 0.5))
def test_a_closer_target_takes_more_answers(expected, target):
    near = sample_size_for_verdict(expected, (expected + target) / 2).n_exact
    assert near > sample_size_for_verdict(expected, target).n_exact * 0.99
    assert (
        sample_size_for_verdict(expected, target, power=0.9).n_exact > sample_size_for_verdict(expected, target).n_exact
    )
