"""The recursion of a continuous draw, against every way the lots may fall, and the lot itself, to the integer."""

import hashlib
import hmac
import random
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from itertools import product

import pytest

from surveys.continuous import Decided, History, Plan, Rate, check_rates, is_hit, read_rate
from surveys.refusals import SurveyRefused

START = datetime(2026, 12, 1, 8, 0, tzinfo=UTC)
SEED = bytes(range(32))


def day(number: float) -> datetime:
    return START + timedelta(days=number)


def days(number: int) -> timedelta:
    return timedelta(days=number)


def enumerated(contacts):
    """The exact probabilities: every combination of hits, weighed, and who is taken under the rule."""
    pi = [Fraction(0)] * len(contacts)
    for hits in product((True, False), repeat=len(contacts)):
        weight, taken = Fraction(1), []
        for (_at, rate, _quarantine), hit in zip(contacts, hits, strict=True):
            weight *= Fraction(*rate) if hit else 1 - Fraction(*rate)
        for place, ((at, _rate, quarantine), hit) in enumerate(zip(contacts, hits, strict=True)):
            if hit and all(at - contacts[other][0] >= quarantine for other in taken):
                taken.append(place)
                pi[place] += weight
    return pi


def decided(contacts, hits=()):
    history = History()
    return [
        history.decide(at, rate, quarantine, place in hits) for place, (at, rate, quarantine) in enumerate(contacts)
    ]


def test_with_one_quarantine_a_probability_is_the_rate_of_what_the_window_leaves():
    contacts = [(day(n), Rate(1, 4), days(30)) for n in (0, 10, 20, 45, 70)]
    first, second, third, fourth, fifth = (one.pi for one in decided(contacts))
    assert first == 1 / 4
    assert second == pytest.approx(1 / 4 * (1 - first))
    assert third == pytest.approx(1 / 4 * (1 - first - second))
    assert fourth == pytest.approx(1 / 4 * (1 - third))
    assert fifth == pytest.approx(1 / 4 * (1 - fourth))


@pytest.mark.parametrize("number", range(40))
def test_the_recursion_gives_what_counting_every_outcome_gives(number):
    # One quarantine or several, rates that differ, contacts at the same moment, and exactly at the end of a window.
    rng = random.Random(number)
    windows = [days(rng.choice((0, 1, 7, 30, 60))) for _ in range(rng.choice((1, 2, 3)))]
    moments = sorted(rng.choice((0, 0, 5, 7, 14, 30, 37, 60, 61, 90)) for _ in range(8))
    rates = [Rate(1, 2), Rate(1, 20), Rate(3, 4), Rate(1, 1)]
    contacts = [(day(moment), rng.choice(rates), rng.choice(windows)) for moment in moments]
    assert [one.pi for one in decided(contacts)] == pytest.approx([float(pi) for pi in enumerated(contacts)], abs=1e-12)


def test_a_probability_does_not_depend_on_what_happened():
    contacts = [(day(n), Rate(1, 3), days(20)) for n in (0, 5, 15, 22, 41)]
    taken_or_not = [decided(contacts, hits) for hits in ((), (0,), (1, 3), range(5))]
    assert len({tuple(one.pi for one in run) for run in taken_or_not}) == 1


def test_nobody_is_taken_within_the_quarantine_and_the_reason_is_kept():
    contacts = [(day(n), Rate(1, 2), days(30)) for n in (0, 29.99, 30, 31)]
    run = decided(contacts, hits=range(4))
    assert [one.taken for one in run] == [True, False, True, False]
    assert [one.since for one in run] == [None, day(0), None, day(30)]


def test_where_everybody_is_taken_a_contact_within_the_quarantine_could_not_be():
    run = decided([(day(n), Rate(1, 1), days(30)) for n in (0, 10, 40)], hits=range(3))
    assert [(one.pi, one.taken) for one in run] == [(1.0, True), (0.0, False), (1.0, True)]


def test_a_history_that_is_read_back_goes_on_as_if_it_had_never_stopped():
    contacts = [(day(n), Rate(1, 3), days(q)) for n, q in ((0, 10), (4, 30), (12, 10), (20, 30), (33, 10))]
    whole = decided(contacts, hits=(0, 3))
    for cut in range(len(contacts)):
        again = History(whole[:cut])
        at, rate, quarantine = contacts[cut]
        assert again.decide(at, rate, quarantine, cut in (0, 3)) == whole[cut]


def test_of_a_history_only_what_the_quarantine_reaches_is_needed():
    contacts = [(day(n), Rate(1, 3), days(10)) for n in (0, 4, 11, 15, 22)]
    whole = decided(contacts, hits=(2,))
    reached = [one for one in whole[:4] if day(22) - one.at < days(10)]
    assert len(reached) == 1
    assert History(reached).decide(*contacts[4], False).pi == pytest.approx(whole[4].pi, abs=1e-15)


def test_a_clock_that_went_back_is_held_at_the_moment_of_the_decision_before():
    history = History([Decided(day(5), Rate(1, 2), days(3), 0.5, True)])
    late = history.decide(day(4), Rate(1, 2), days(3), True)
    assert (late.at, late.pi, late.taken) == (day(5), 0.25, False)


def test_the_lot_is_an_integer_below_the_rate_of_two_to_the_power_of_256_exactly():
    public_id = "ab" * 16
    lot = int(hmac.new(SEED, public_id.encode(), hashlib.sha256).hexdigest(), 16)
    of = 10**9
    hits = lot * of // 2**256  # the largest rate that does not take it
    assert not is_hit(SEED, public_id, Rate(hits, of))
    assert is_hit(SEED, public_id, Rate(hits + 1, of))
    assert is_hit(SEED, public_id, Rate(1, 1))


@pytest.mark.parametrize("text", ["1/0", "0/5", "3/2", "-1/4", "0.05", "", "1/2/3", "a/b", "1/1000000001"])
def test_a_rate_that_is_none_is_refused(text):
    with pytest.raises(SurveyRefused) as refused:
        read_rate(text)
    assert refused.value.code == "bad-rate"


def test_a_stratum_without_a_rate_of_its_own_has_that_of_all_others():
    plan = Plan.from_json({"rates": {"": "1/20", "Lille": "1/5"}, "quarantine_days": 30})
    assert (plan.rate("Lille"), plan.rate("Lyon"), plan.quarantine) == (Rate(1, 5), Rate(1, 20), days(30))
    with pytest.raises(SurveyRefused) as refused:
        check_rates({"rates": {"Lille": "1/5"}})
    assert refused.value.code == "rate-missing"
