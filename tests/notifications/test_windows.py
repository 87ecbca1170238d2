from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest

from foundation.timing.storage import holiday_calendar
from notifications.windows import NeverOpen, Window

PARIS, REUNION = ZoneInfo("Europe/Paris"), ZoneInfo("Indian/Reunion")
HOLIDAYS = holiday_calendar("metropole").is_holiday


def paris(day, hour, minute=0):
    return datetime(2026, 12, day, hour, minute, tzinfo=PARIS)


@pytest.mark.parametrize(
    "asked, goes",
    [
        (paris(1, 7, 59), paris(1, 8)),  # a Tuesday, a minute too early
        (paris(1, 8), paris(1, 8)),
        (paris(1, 19, 59), paris(1, 19, 59)),
        (paris(1, 20), paris(2, 8)),  # closing time is too late
        (paris(5, 12), paris(5, 12)),  # Saturday is open
        (paris(5, 21), paris(7, 8)),  # Sunday is not
        (paris(6, 12), paris(7, 8)),
        (paris(24, 20), paris(26, 8)),  # nor is Christmas, a Friday
        (paris(31, 23), datetime(2027, 1, 2, 8, tzinfo=PARIS)),  # nor is New Year's Day
    ],
)
def test_the_next_lawful_moment(asked, goes):
    assert Window().next_moment(asked, PARIS, HOLIDAYS) == goes.astimezone(UTC)


def test_the_hours_are_those_where_the_recipient_lives():
    asked = datetime(2026, 12, 1, 5, tzinfo=UTC)  # 06:00 in Paris, 09:00 in Réunion
    assert Window().next_moment(asked, PARIS, HOLIDAYS) == datetime(2026, 12, 1, 7, tzinfo=UTC)
    assert Window().next_moment(asked, REUNION, HOLIDAYS) == asked


def test_a_region_has_holidays_of_its_own():
    abolition = datetime(2026, 12, 20, 10, tzinfo=REUNION)  # a Sunday; in 2027 a Monday
    assert abolition.weekday() == 6
    reunion = holiday_calendar("la-reunion").is_holiday
    asked = datetime(2027, 12, 20, 10, tzinfo=REUNION)
    assert Window().next_moment(asked, REUNION, reunion) == datetime(2027, 12, 21, 8, tzinfo=REUNION).astimezone(UTC)
    assert Window().next_moment(asked, REUNION, HOLIDAYS) == asked.astimezone(UTC)


def test_opening_time_is_the_same_on_the_wall_after_the_clock_changes():
    before_summer = datetime(2027, 3, 27, 21, tzinfo=PARIS)  # Saturday; the clock changes on Sunday
    assert Window().next_moment(before_summer, PARIS, HOLIDAYS) == datetime(2027, 3, 30, 6, tzinfo=UTC)  # Easter Monday


def test_a_window_is_kept_as_plain_values():
    window = Window(time(9), time(18, 30), frozenset({0, 1}), holidays=True)
    assert Window.from_document(window.document()) == window
    assert Window.from_document({}) == Window()


@pytest.mark.parametrize("wrong", [{"from": "20:00", "to": "08:00"}, {"days": [7]}])
def test_hours_that_make_no_sense_are_refused(wrong):
    with pytest.raises(ValueError, match="no such window"):
        Window.from_document(wrong)


def test_a_window_that_never_opens_says_so():
    with pytest.raises(NeverOpen):
        Window(weekdays=frozenset()).next_moment(paris(1, 9), PARIS, HOLIDAYS)
    with pytest.raises(NeverOpen):
        Window().next_moment(paris(6, 9), PARIS, lambda day: day > date(2026, 12, 1))
