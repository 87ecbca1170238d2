"""Days to the final answer, with complaints still open, withdrawn and registered late."""

from datetime import date

import pytest

from satisfaction.findings import Period
from satisfaction.response_times import CaseTime, time_figures

OCTOBER = Period(date(2026, 10, 1), date(2026, 10, 31))


def figures(times):
    return {found.indicator: found for found in time_figures(times, OCTOBER, {}, 0.95)}


def case(waited, end="answered", entered=0, site="lille"):
    return CaseTime(site, waited, entered, end)


def test_the_median_with_open_cases_is_that_of_r_survival():
    """The 6-MP arm of Freireich (1963): survfit(Surv(time, status) ~ 1, conf.type = "log-log") gives 23 (13 to NA)."""
    ended = [6, 6, 6, 7, 10, 13, 16, 22, 23]
    still = [6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35]
    found = figures([case(day) for day in ended] + [case(day, None) for day in still])["time_to_answer"]
    assert (found.value, found.lower, found.upper) == (23, 13, None)
    assert found.flags == ("no-upper-end", "unreliable")
    assert (found.n, found.events, found.detail["still_open"]) == (21, 9, 12)


def test_a_withdrawn_complaint_is_no_answer_and_no_longer_open():
    times = [case(5)] * 4 + [case(3, "withdrawn")] * 5 + [case(40, None)]
    found = figures(times)
    assert found["time_to_answer"].flags == ("not-reached",)
    assert found["open_after_30"].value == pytest.approx(0.1)


def test_a_complaint_registered_late_is_at_risk_only_from_then():
    """One of ten is answered on day 2, when the late ones were not known: one of five, not one of ten."""
    times = [case(2)] + [case(50)] * 4 + [case(50, entered=20)] * 5
    assert figures(times)["open_after_30"].value == pytest.approx(0.8)


def test_a_day_that_none_of_them_has_reached_has_no_figure():
    found = figures([case(9, None), case(4)])["open_after_30"]
    assert (found.value, found.flags) == (None, ("too-early",))


def test_when_all_are_over_the_share_is_nought_without_interval():
    found = figures([case(4), case(9)])["open_after_60"]
    assert (found.value, found.lower, found.flags) == (0.0, None, ("no-spread",))


def test_without_a_complaint_nothing_is_said():
    assert all(found.flags == ("no-complaint",) for found in figures([]).values())
