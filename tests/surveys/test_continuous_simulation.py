"""Continuous draws of a population with a known truth, many times over: what is estimated, and how surely."""

import os
from statistics import fmean, stdev

import pytest

from tests.surveys.continuous_world import customers, known, tally

LONG = os.environ.get("LONG") == "1"


@pytest.fixture(scope="module")
def found():
    world = customers(3000 if LONG else 700)
    return known(world), tally(world, 2000 if LONG else 300)


def bias(estimates, truth):
    """In standard errors of one estimate."""
    return (fmean(estimates) - truth) / stdev(estimates)


def test_the_weighted_mean_and_share_are_unbiased_for_all_contacts(found):
    (truth, content), draws = found
    most = 0.1 if LONG else 0.1 + 2 / 300**0.5  # what chance leaves in so few draws
    assert abs(bias(draws.weighted, truth)) < most
    assert abs(bias(draws.expanded, truth)) < most
    assert abs(bias(draws.shares, content)) < most


def test_the_plain_mean_of_the_answers_is_not(found):
    (truth, _content), draws = found
    assert bias(draws.plain, truth) > (1 if LONG else 0.5)


def test_intervals_of_the_mean_hold_the_truth_as_often_as_they_say(found):
    _truth, draws = found
    least, most = (0.94, 0.98) if LONG else (0.91, 0.99)
    assert least <= fmean(draws.held) <= most
    assert least <= fmean(draws.shares_held) <= 0.99
    assert fmean(draws.errors) == pytest.approx(stdev(draws.weighted), rel=0.1 if LONG else 0.2)
