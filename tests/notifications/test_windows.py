import os
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from foundation.timing.calendars import REGIONS
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
    until_midnight = Window(time(0), time.max)
    assert Window.from_document(until_midnight.document()) == until_midnight
    assert until_midnight.is_open(datetime(2026, 12, 1, 23, 59, 59, tzinfo=PARIS), PARIS, HOLIDAYS)


@pytest.mark.parametrize("wrong", [{"from": "20:00", "to": "08:00"}, {"days": [7]}])
def test_hours_that_make_no_sense_are_refused(wrong):
    with pytest.raises(ValueError, match="no such window"):
        Window.from_document(wrong)


def test_a_window_that_never_opens_says_so():
    with pytest.raises(NeverOpen):
        Window(weekdays=frozenset()).next_moment(paris(1, 9), PARIS, HOLIDAYS)
    with pytest.raises(NeverOpen):
        Window().next_moment(paris(6, 9), PARIS, lambda day: day > date(2026, 12, 1))


EVERY_DAY = frozenset(range(7))
SPRING, AUTUMN = datetime(2027, 3, 28, tzinfo=PARIS), datetime(2027, 10, 31, tzinfo=PARIS)


def autumn(hour, minute=0):
    return datetime(2027, 10, 31, hour, minute, tzinfo=UTC)


@pytest.mark.parametrize(
    "opens, closes, asked, goes",
    [
        # 02:00 to 03:00 does not exist in spring: at 03:00 for hours that go on, a day later for those that do not.
        (time(2, 30), time(5), SPRING, datetime(2027, 3, 28, 1, tzinfo=UTC)),
        (time(2, 15), time(2, 45), SPRING, datetime(2027, 3, 29, 0, 15, tzinfo=UTC)),
        # It exists twice in autumn: what closed at 02:45 is open again a quarter of an hour later.
        (time(2, 15), time(2, 45), AUTUMN, autumn(0, 15)),
        (time(2, 15), time(2, 45), autumn(0, 50), autumn(1, 15)),
        (time(1), time(2, 30), autumn(0, 45), autumn(1)),
        (time(1), time(2, 30), autumn(1, 45), datetime(2027, 11, 1, 0, tzinfo=UTC)),
    ],
)  # fmt: skip
def test_hours_in_the_night_the_clock_changes_hold_by_the_wall(opens, closes, asked, goes):
    assert Window(opens, closes, EVERY_DAY, holidays=True).next_moment(asked, PARIS, HOLIDAYS) == goes


MINUTES = st.integers(0, 24 * 60 - 1).map(lambda minute: time(*divmod(minute, 60)))
ZONES = st.sampled_from(
    ["Europe/Paris", "Indian/Reunion", "Indian/Mayotte", "America/Guadeloupe", "America/Martinique", "America/Cayenne",
     "America/Miquelon", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "Africa/Casablanca", "UTC"]
).map(ZoneInfo)  # fmt: skip


@st.composite
def windows(draw):
    opens, closes = sorted(draw(st.lists(MINUTES, min_size=2, max_size=2, unique=True)))
    closes = draw(st.sampled_from([closes, time.max]))
    return Window(opens, closes, draw(st.frozensets(st.integers(0, 6), min_size=1)), draw(st.booleans()))


@st.composite
def moments(draw, zone):
    """Any moment from 2026 to 2030, and often one within two hours of a change of the clock or of midnight."""
    at = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=draw(st.integers(0, 5 * 366 * 24 * 60)))
    if draw(st.booleans()):
        return at
    day = draw(st.sampled_from([date(2026, 3, 29), date(2027, 10, 31), date(2026, 11, 1), date(2027, 3, 14),
                                date(2027, 4, 4), date(2026, 12, 25), date(2027, 1, 1)]))  # fmt: skip
    return datetime.combine(day, time(), zone).astimezone(UTC) + timedelta(minutes=draw(st.integers(-180, 400)))


@settings(max_examples=20_000 if os.environ.get("LONG") else 300, deadline=None, derandomize=True)
@given(st.data())
def test_the_next_moment_is_lawful_and_none_before_it_is(data):
    window, zone = data.draw(windows()), data.draw(ZONES)
    asked = data.draw(moments(zone))
    is_holiday = holiday_calendar(data.draw(st.sampled_from(REGIONS))).is_holiday
    goes = window.next_moment(asked, zone, is_holiday)
    local = goes.astimezone(zone)
    assert goes >= asked
    assert window.opens <= local.time() < window.closes and local.weekday() in window.weekdays
    assert window.holidays or not is_holiday(local.date())
    assert window.next_moment(goes, zone, is_holiday) == goes
    if goes > asked:
        # Whatever lies between: the last minutes before, and a few moments anywhere.
        before = [goes - timedelta(seconds=1), goes - timedelta(minutes=30), asked]
        before += [asked + (goes - asked) * share / 97 for share in range(97)]
        assert not any(window.is_open(at, zone, is_holiday) for at in before if asked <= at < goes)
