"""Complaints per 1,000 contacts, and answered in time."""

from datetime import date

import pytest

from satisfaction.complaint_figures import NO_SITE, Counted, Register, Week, complaint_figures, week_dispersion
from satisfaction.findings import Period

OCTOBER = Period(date(2026, 10, 1), date(2026, 10, 31))


def figures(sites=(), **register):
    week = Week(register.pop("contacts", {}), register.pop("spontaneous", {}))
    filled = {"weeks": [week], "shares": {"complaints_in_time": register.pop("due", {})}} | register
    return {(f.indicator, *f.by.values()): f for f in complaint_figures(Register(**filled), list(sites), OCTOBER)}


def test_three_in_eighteen_hundred_contacts_have_the_exact_interval():
    """1.67 (0.34 to 4.87): Garwood (1936), as computed by R epitools pois.exact(3, 1.8)."""
    found = figures(contacts={"lille": 1800}, spontaneous={"lille": 3})["complaints",]
    assert found.value == pytest.approx(3 / 1.8)
    assert (round(found.lower, 2), round(found.upper, 2)) == (0.34, 4.87)
    assert (found.events, found.exposure) == (3, 1800)


def test_complaints_born_of_surveys_stand_beside_and_are_never_added():
    found = figures(contacts={"lille": 1000}, spontaneous={"lille": 3}, from_surveys={"lille": Counted(180, 9)})
    assert found["complaints",].value == pytest.approx(3)
    assert found["complaints_from_surveys",].value == pytest.approx(9 / 180)
    assert found["complaints_from_surveys",].unit == "share"


def test_a_complaint_of_no_known_site_counts_in_the_whole_only():
    found = figures(["lille"], contacts={"lille": 1000}, spontaneous={"lille": 3, NO_SITE: 2})
    assert found["complaints",].events == 5
    assert found["complaints", "lille"].events == 3


def test_no_complaint_at_all_still_has_an_upper_limit():
    found = figures(contacts={"lille": 1800})["complaints",]
    assert (found.value, found.lower) == (0, 0)
    assert round(found.upper, 2) == 2.05


def test_what_is_late_or_open_counts_as_not_in_time():
    found = figures(due={"lille": Counted(137, 125)})["complaints_in_time",]
    assert found.value == pytest.approx(125 / 137)
    assert (found.n, found.events, found.method) == (137, 125, "wilson")


def test_few_cases_are_shown_with_their_wide_interval_and_marked():
    """They tell how we work, not what somebody answered: nothing to keep secret."""
    found = figures(["lille"], due={"lille": Counted(2, 1), "lyon": Counted(48, 46)})
    assert found["complaints_in_time", "lille"].flags == ("unreliable",)
    assert found["complaints_in_time", "lille"].value == 0.5
    assert found["complaints_in_time",].flags == ()


def test_nothing_due_and_no_closed_period_are_said():
    found = figures(refusal="no-closed-period")
    assert found["complaints",].flags == ("no-closed-period",)
    assert found["complaints_in_time",].flags == ("nothing-due",)


def test_weeks_that_differ_by_more_than_chance_are_named_with_a_wider_interval():
    quiet, loud = Week({"lille": 1000}, {"lille": 2}), Week({"lille": 1000}, {"lille": 30})
    register = Register(weeks=[quiet, quiet, quiet, loud] * 4)
    found = next(f for f in complaint_figures(register, [], OCTOBER) if f.indicator == "complaints")
    assert "overdispersed" in found.flags
    assert found.detail["dispersion"] > found.detail["dispersion_threshold"]
    assert found.detail["widened_lower"] < found.lower < found.upper < found.detail["widened_upper"]


def test_weeks_that_are_alike_are_not_accused():
    register = Register(weeks=[Week({"lille": 1000}, {"lille": 9 + turn % 3}) for turn in range(12)])
    found = next(f for f in complaint_figures(register, [], OCTOBER) if f.indicator == "complaints")
    assert found.flags == () and found.detail["weeks"] == 12 and "widened_lower" not in found.detail


def test_weeks_too_thin_to_tell_anything_are_put_together():
    assert week_dispersion([(1, 10)] + [(0, 10)] * 30) is None
    assert week_dispersion([(1, 10)] * 16).points == 16
