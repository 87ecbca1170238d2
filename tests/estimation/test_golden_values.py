"""Values printed in books and papers, or worked out once by hand."""

import pytest

from estimation import (
    NoAnswers,
    Outcomes,
    Stratum,
    design_effect_of_weights,
    estimated_eligibility,
    kaplan_meier,
    laney_chart,
    mean_of_counts,
    nps,
    outcome_rates,
    poisson_rate,
    proportion_difference,
    sample_size_for_share,
    stratified_mean,
    wilson,
)


@pytest.mark.parametrize(
    ("successes", "n", "lower", "upper"),
    [
        (81, 263, 0.2553, 0.3662),  # Newcombe (1998), Stat. Med. 17:857, table I
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0000, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_wilson_agrees_with_newcombes_table(successes, n, lower, upper):
    assert wilson(successes, n) == pytest.approx((lower, upper), abs=5e-5)


@pytest.mark.parametrize(
    ("successes", "n", "lower", "upper"),
    [
        (43, 50, 0.738138, 0.930492),
        (0, 10, 0, 0.277533),
        (10, 10, 0.722467, 1),
        (312, 400, 0.736847, 0.817826),
        (1, 3, 0.061492, 0.792340),
    ],
)
def test_wilson_agrees_with_the_worked_values(successes, n, lower, upper):
    assert wilson(successes, n) == pytest.approx((lower, upper), abs=5e-7)


def test_nobody_answered_is_refused():
    with pytest.raises(NoAnswers):
        wilson(0, 0)


def test_net_score_of_four_hundred():
    """180 promoters, 120 passives, 100 detractors: 20.0, and 7.9614 each way with z and the divisor n."""
    score = nps({9: 180, 7: 120, 6: 100})
    assert score.estimate == pytest.approx(20)
    assert 1.959964 * score.std_error * (399 / 400) ** 0.5 == pytest.approx(7.9614, abs=5e-5)


def test_twelve_promoters_keep_a_width():
    """12.75 promoters and 0.75 detractors of 15: 80 -+ 1.959964 x 13.1656, held at 100."""
    assert nps({9: 4, 10: 8}).adjusted_wald == pytest.approx((54.1959, 100), abs=5e-4)


def test_one_answer_has_a_score_and_no_interval():
    score = nps({10: 1})
    assert (score.estimate, score.std_error, score.lower, score.adjusted_wald) == (100, None, None, None)


def test_garwoods_table():
    """Garwood (1936), Biometrika 28:437: 0, 5 and 10 events."""
    printed = {0: (0, 3.689), 5: (1.623, 11.668), 10: (4.795, 18.390)}
    for count, limits in printed.items():
        rate = poisson_rate(count, 1)
        assert (rate.lower, rate.upper) == pytest.approx(limits, abs=6e-4)


def test_complaints_per_thousand_contacts():
    rate = poisson_rate(12, 4000, per=1000)
    assert (rate.rate, rate.lower, rate.upper) == pytest.approx((3.0, 1.5501, 5.2404), abs=5e-4)


def test_equal_answers_are_flagged():
    assert mean_of_counts({3: 5}).has_no_spread
    assert not mean_of_counts({3: 5, 4: 1}).has_no_spread


def test_plain_numbers_leave_the_package():
    mean = stratified_mean([Stratum("paris", 40, {1: 3, 2: 4}), Stratum("lyon", 30, {2: 3, 3: 3})])
    assert {type(value) for value in (mean.estimate, mean.std_error, mean.lower, mean.upper, mean.deff)} == {float}
    assert {type(limit) for limit in wilson(3, 7)} == {float}


@pytest.mark.parametrize(
    ("margin", "population", "answers"),
    [(0.05, None, 385), (0.05, 1000, 278), (0.05, 200, 132), (0.03, 10_000, 965), (0.04, 5_000, 536)],
)
def test_answers_needed_agree_with_krejcie_and_morgan(margin, population, answers):
    """Krejcie & Morgan (1970) print 278 and 132; the others are Cochran's formula."""
    assert sample_size_for_share(0.5, margin, population_size=population).n_required == answers


def test_response_rates_of_a_small_survey():
    outcomes = Outcomes(4, 2, 1, 1, 1, 1, 1)
    eligibility = estimated_eligibility(outcomes, not_eligible=1)
    assert eligibility == 0.9
    rates = outcome_rates(outcomes, eligibility)
    assert (rates.rr1, rates.rr2, rates.rr3) == pytest.approx((0.363636, 0.545455, 0.370370), abs=5e-7)
    assert (rates.rr4, rates.rr5, rates.rr6) == pytest.approx((0.555556, 0.444444, 0.666667), abs=5e-7)
    assert (rates.coop1, rates.coop2, rates.coop3, rates.coop4) == pytest.approx((0.5, 0.75, 4 / 7, 6 / 7))
    assert (rates.ref1, rates.ref2, rates.ref3) == pytest.approx((0.090909, 0.092593, 0.111111), abs=5e-7)
    assert (rates.con1, rates.con2, rates.con3) == pytest.approx((0.727273, 0.740741, 0.888889), abs=5e-7)


def test_nobody_known_to_be_eligible_leaves_eligibility_open():
    assert estimated_eligibility(Outcomes(0, 0, 0, 0, 0, 3, 4), not_eligible=0) is None


def test_from_78_to_84_percent():
    change = proportion_difference(355, 420, 312, 400)
    assert change.estimate == pytest.approx(0.065238, abs=5e-7)
    assert change.intervals.newcombe_hybrid_score == pytest.approx((0.011831, 0.118633), abs=5e-7)


def test_weights_of_one_two_and_five():
    effect = design_effect_of_weights([1] * 50 + [2] * 30 + [5] * 20)
    assert (effect.deff_weighting, effect.n_effective) == pytest.approx((1.519274, 65.8209), abs=5e-5)


def test_the_median_is_the_first_day_on_which_half_are_left():
    assert kaplan_meier([1, 2], [True, True]).median == 1
    assert kaplan_meier([3, 5, 8, 9], [True, True, True, False]).median == 5


def test_laneys_divisor_is_that_of_the_usual_software():
    chart = {"counts": [12, 30, 22, 18], "sizes": [200, 310, 260, 240]}
    assert laney_chart(**chart) == laney_chart(**chart, d2=1.128)
