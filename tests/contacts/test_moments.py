import os
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contacts.moments import BadMoment, has_offset, moment, zone_named

PARIS = ZoneInfo("Europe/Paris")
REUNION = ZoneInfo("Indian/Reunion")


def utc(*parts):
    return datetime(*parts, tzinfo=UTC)


@pytest.mark.parametrize(
    "text, order, at",
    [
        ("2026-01-05 09:12:58", "day-first", utc(2026, 1, 5, 8, 12, 58)),
        ("2026-07-05T09:12", "day-first", utc(2026, 7, 5, 7, 12)),
        ("2026/01/05 9:12:58", "day-first", utc(2026, 1, 5, 8, 12, 58)),
        ("20260105 09:12", "day-first", utc(2026, 1, 5, 8, 12)),
        ("05/01/2026 09:12", "day-first", utc(2026, 1, 5, 8, 12)),
        ("05/01/2026 09:12", "month-first", utc(2026, 5, 1, 7, 12)),
        ("05.01.26 9h12", "day-first", utc(2026, 1, 5, 8, 12)),
        ("5/1/2026 à 9 h 12", "day-first", utc(2026, 1, 5, 8, 12)),
        ("6/23/25 07:00 AM", "month-first", utc(2025, 6, 23, 5, 0)),
        ("6/23/25 12:00 AM", "month-first", utc(2025, 6, 22, 22, 0)),
        ("6/23/25 12:30 p.m.", "month-first", utc(2025, 6, 23, 10, 30)),
        ("2026-01-05T09:12:58.250Z", "day-first", utc(2026, 1, 5, 9, 12, 58, 250000)),
        ("2026-01-05T09:12:58+04:00", "day-first", utc(2026, 1, 5, 5, 12, 58)),
        ("2026-01-05 09:12 -0330", "day-first", utc(2026, 1, 5, 12, 42)),
    ],
)
def test_moments_are_read_as_logs_write_them(text, order, at):
    assert moment(text, order, PARIS) == (at, False)


@pytest.mark.parametrize(
    "text, code",
    [
        ("2026-01-05", "time-missing"),
        ("2026-13-05 09:00", "date-unreadable"),
        ("31/02/2026 09:00", "date-unreadable"),
        ("2026-01-05 25:00", "date-unreadable"),
        ("2026-01-05 13:00 PM", "date-unreadable"),
        ("2026-01-05 morning", "date-unreadable"),
        ("yesterday 09:00", "date-unreadable"),
        ("0001-01-01 00:00Z", "date-unreadable"),
        ("2026-01-05 09:00+99:00", "date-unreadable"),
        ("2026-03-29 02:30", "time-skipped"),
    ],
)
def test_what_is_no_moment_says_why(text, code):
    with pytest.raises(BadMoment, match=code):
        moment(text, "day-first", PARIS)


def test_a_time_without_zone_needs_one():
    with pytest.raises(BadMoment, match="zone-missing"):
        moment("2026-01-05 09:00", "day-first", None)


def test_the_hour_shown_twice_is_read_as_the_first_and_said_so():
    assert moment("2026-10-25 02:30", "day-first", PARIS) == (utc(2026, 10, 25, 0, 30), True)
    assert moment("2026-10-25 03:00", "day-first", PARIS) == (utc(2026, 10, 25, 2, 0), False)


def test_an_offset_decides_in_the_hour_shown_twice():
    assert moment("2026-10-25 02:30+01:00", "day-first", PARIS) == (utc(2026, 10, 25, 1, 30), False)


def test_a_zone_without_summer_time_skips_nothing():
    assert moment("2026-03-29 02:30", "day-first", REUNION) == (utc(2026, 3, 28, 22, 30), False)


def test_an_offset_is_told_from_the_dashes_of_a_date():
    assert not has_offset("2026-01-05 09:12")
    assert has_offset("2026-01-05 09:12Z")
    assert has_offset("05/01/2026 09:12 +01:00")


@pytest.mark.parametrize("name", ["Europe/Nowhere", "", "../etc/passwd", "/etc/localtime", "x" * 99])
def test_an_unknown_zone_is_none(name):
    assert zone_named(name) is None


@settings(max_examples=3_000 if os.environ.get("LONG") else 200, derandomize=True, deadline=None)
@given(
    st.datetimes(datetime(1990, 1, 1), datetime(2036, 1, 1)),
    st.sampled_from(["Europe/Paris", "America/Cayenne", "Australia/Lord_Howe"]),
)
def test_the_quick_way_finds_the_moment_the_zone_shows(naive, zone):
    naive = naive.replace(microsecond=0)
    first = naive.replace(tzinfo=ZoneInfo(zone), fold=0).astimezone(UTC)
    exists = first.astimezone(ZoneInfo(zone)).replace(tzinfo=None) == naive
    try:
        assert moment(f"{naive:%Y-%m-%d %H:%M:%S}", "day-first", ZoneInfo(zone)) == (
            first, first != naive.replace(tzinfo=ZoneInfo(zone), fold=1).astimezone(UTC),
        )  # fmt: skip
    except BadMoment as bad:
        assert (bad.code, exists) == ("time-skipped", False)


@pytest.mark.parametrize("hour", range(24))
def test_the_days_on_which_clocks_change_are_looked_at_by_the_hour(hour):
    for day in ("2026-03-29", "2026-10-25"):
        naive = datetime.fromisoformat(f"{day} {hour:02d}:30:00")
        if (day, hour) == ("2026-03-29", 2):
            continue
        at, twice = moment(f"{naive}", "day-first", ZoneInfo("Europe/Paris"))
        assert at == naive.replace(tzinfo=ZoneInfo("Europe/Paris")).astimezone(UTC)
        assert twice is ((day, hour) == ("2026-10-25", 2))


@pytest.mark.parametrize("text", ["9999-12-31 23:59:59", "9999-12-31T23:59:59-05:00", "3000-01-01 00:00"])
def test_a_year_that_stands_for_never_is_no_moment(text):
    with pytest.raises(BadMoment, match="date-unreadable"):
        moment(text, "day-first", ZoneInfo("Europe/Paris"))
