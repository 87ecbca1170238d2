"""Values printed in books and papers, or worked out once by hand."""

import pytest

from estimation import NoAnswers, Stratum, mean_of_counts, nps, poisson_rate, stratified_mean, wilson


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
