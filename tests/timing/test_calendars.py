"""Delays in French days: golden dates, a brute-force twin, months, and days of 23 and 25 hours."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from foundation.timing.calendars import (
    REGIONS,
    REST_DAYS,
    CalendarExhausted,
    WorkingCalendar,
    add_months,
    counted_days,
    due_date,
    end_of_day,
    local_day,
)
from foundation.timing.storage import holiday_calendar

METROPOLE = holiday_calendar("metropole")
PARIS = ZoneInfo("Europe/Paris")
days = st.dates(date(2020, 1, 1), date(2035, 6, 30))
counted_units = st.sampled_from(sorted(REST_DAYS))


@pytest.mark.parametrize(
    "sent, quantity, unit, due",
    [
        (date(2026, 4, 30), 10, "ouvrables", date(2026, 5, 15)),
        (date(2026, 4, 30), 10, "ouvres", date(2026, 5, 19)),
        (date(2026, 4, 30), 15, "ouvrables", date(2026, 5, 21)),
        (date(2026, 4, 30), 35, "ouvrables", date(2026, 6, 15)),
        (date(2026, 12, 18), 10, "ouvrables", date(2026, 12, 31)),
        (date(2026, 12, 18), 10, "ouvres", date(2027, 1, 5)),
        (date(2026, 12, 18), 15, "ouvrables", date(2027, 1, 7)),
        (date(2026, 12, 18), 35, "ouvrables", date(2027, 1, 30)),
        (date(2026, 11, 23), 10, "ouvrables", date(2026, 12, 4)),
        (date(2026, 11, 23), 10, "ouvres", date(2026, 12, 7)),
        (date(2026, 11, 23), 15, "ouvrables", date(2026, 12, 10)),
        (date(2026, 11, 23), 35, "ouvrables", date(2027, 1, 5)),
    ],
)
def test_delays_end_on_the_golden_dates(sent, quantity, unit, due):
    assert due_date(sent, quantity, unit, METROPOLE) == due


def test_alsace_moselle_rests_on_26_december_too():
    alsace = holiday_calendar("alsace-moselle")
    assert due_date(date(2026, 12, 18), 10, "ouvrables", alsace) == date(2027, 1, 2)
    assert alsace.is_holiday(date(2026, 4, 3)) and not METROPOLE.is_holiday(date(2026, 4, 3))


def test_whit_monday_is_a_holiday_even_where_people_work():
    assert METROPOLE.why_not_counted(date(2026, 5, 25), "ouvres") == "holiday"


@pytest.mark.parametrize(
    "start, months, due",
    [
        (date(2026, 12, 31), 2, date(2027, 2, 28)),
        (date(2027, 12, 31), 2, date(2028, 2, 29)),
        (date(2026, 12, 30), 2, date(2027, 2, 28)),
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2026, 1, 31), 2, date(2026, 3, 31)),
        (date(2026, 11, 12), 2, date(2027, 1, 12)),
    ],
)
def test_months_end_on_the_same_day_else_the_last(start, months, due):
    assert add_months(start, months) == due
    assert due_date(start, months, "months", METROPOLE) == due


def test_months_are_never_chained():
    assert add_months(add_months(date(2026, 1, 31), 1), 1) != add_months(date(2026, 1, 31), 2)


def counted_by_hand(start: date, quantity: int, unit: str, working: WorkingCalendar) -> date:
    """Lay out a year of days, strike out those that rest, and take the one of the asked rank."""
    following = [start + timedelta(days=number) for number in range(1, 366)]
    if unit == "days":
        return following[quantity - 1]
    rest = {6} if unit == "ouvrables" else {5, 6}
    left = [day for day in following if day.weekday() not in rest and day not in working.holidays]
    return left[quantity - 1]


@given(days.filter(lambda day: day.year < 2034), st.integers(1, 60), counted_units, st.sampled_from(REGIONS))
def test_any_delay_is_what_striking_out_days_gives(start, quantity, unit, region):
    working = holiday_calendar(region)
    due = due_date(start, quantity, unit, working)
    assert due == counted_by_hand(start, quantity, unit, working)
    assert working.counts(due, unit)
    assert counted_days(start, due, unit, working) == quantity


@given(days, days, counted_units)
def test_counting_there_and_back_differs_only_by_sign(one, other, unit):
    assert counted_days(one, other, unit, METROPOLE) == -counted_days(other, one, unit, METROPOLE)


@given(days, st.integers(1, 40), counted_units, st.sampled_from(REGIONS))
def test_a_longer_delay_never_ends_earlier(start, quantity, unit, region):
    working = holiday_calendar(region)
    assert due_date(start, quantity, unit, working) < due_date(start, quantity + 1, unit, working)


def test_a_delay_past_the_list_is_refused_not_guessed():
    with pytest.raises(CalendarExhausted) as refused:
        due_date(date(2035, 12, 20), 15, "ouvrables", METROPOLE)
    assert refused.value.day == date(2036, 1, 1)


@pytest.mark.parametrize("quantity", [0, -1])
def test_a_delay_of_nothing_is_refused(quantity):
    with pytest.raises(ValueError, match="1 or more"):
        due_date(date(2026, 1, 5), quantity, "ouvres", METROPOLE)


@pytest.mark.parametrize(
    "day, hours",
    [(date(2026, 3, 28), 24), (date(2026, 3, 29), 23), (date(2026, 10, 25), 25), (date(2026, 10, 26), 24)],
)
def test_a_day_ends_at_local_midnight_whatever_its_length(day, hours):
    start, end = end_of_day(day - timedelta(days=1), PARIS), end_of_day(day, PARIS)
    assert end - start == timedelta(hours=hours)
    assert local_day(end - timedelta(microseconds=1), PARIS) == day
    assert local_day(end, PARIS) == day + timedelta(days=1)


@given(days, st.sampled_from(["Europe/Paris", "Indian/Reunion", "America/Cayenne", "Africa/Cairo", "Asia/Beirut"]))
def test_the_moment_before_the_end_still_belongs_to_the_day(day, name):
    zone = ZoneInfo(name)
    end = end_of_day(day, zone)
    assert local_day(end - timedelta(seconds=1), zone) == day
    assert local_day(end, zone) == day + timedelta(days=1)


def test_a_naive_moment_has_no_day():
    with pytest.raises(ValueError, match="zone"):
        local_day(datetime(2026, 1, 1), PARIS)
    assert local_day(datetime(2026, 12, 31, 23, 30, tzinfo=UTC), PARIS) == date(2027, 1, 1)
