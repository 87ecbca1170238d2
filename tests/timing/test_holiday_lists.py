"""The stored holiday lists: what the library computes, unedited, and not out of date."""

import json
from datetime import UTC, date, datetime

import pytest

from foundation.timing.calendars import REGIONS
from foundation.timing.legal_holidays import FIRST_YEAR, LAST_YEAR, holiday_list
from foundation.timing.storage import (
    FOLDER,
    HolidayListChanged,
    holiday_calendar,
    read_holiday_list,
    write_holiday_list,
)

OVERSEAS = {
    "guadeloupe": (5, 27),
    "martinique": (5, 22),
    "guyane": (6, 10),
    "la-reunion": (12, 20),
    "mayotte": (4, 27),
}


@pytest.mark.parametrize("region", REGIONS)
def test_the_file_is_what_the_library_computes(region):
    stored = read_holiday_list(FOLDER / f"{region}.json")
    del stored["sha256"]
    assert stored == holiday_list(region)


@pytest.mark.parametrize("region", REGIONS)
def test_the_holidays_of_next_year_are_known(region):
    assert holiday_calendar(region).last_day >= date(datetime.now(UTC).year + 1, 12, 31)


@pytest.mark.parametrize("year", range(FIRST_YEAR, LAST_YEAR + 1))
def test_each_year_has_its_eleven_national_holidays(year):
    found = [day for day in holiday_calendar("metropole").holidays if day.year == year]
    assert len(found) == 11
    assert date(year, 11, 11) in found


@pytest.mark.parametrize("year", range(FIRST_YEAR, LAST_YEAR + 1))
def test_regions_add_the_days_of_the_law_and_none_of_custom(year):
    national = {day for day in holiday_calendar("metropole").holidays if day.year == year}
    for region, (month, day) in OVERSEAS.items():
        found = {day for day in holiday_calendar(region).holidays if day.year == year}
        assert found == national | {date(year, month, day)}
    alsace = {day for day in holiday_calendar("alsace-moselle").holidays if day.year == year}
    assert len(alsace - national) == 2 and date(year, 12, 26) in alsace


@pytest.mark.parametrize("easter_monday", [date(2026, 4, 6), date(2027, 3, 29)])
def test_easter_is_where_the_almanac_has_it(easter_monday):
    assert holiday_calendar("metropole").holidays[easter_monday]["en"] == "Easter Monday"


def test_an_edited_file_is_refused(tmp_path):
    path = write_holiday_list(holiday_list("metropole"), tmp_path)
    edited = json.loads(path.read_text())
    del edited["holidays"]["2026-05-08"]
    path.write_text(json.dumps(edited))
    with pytest.raises(HolidayListChanged):
        read_holiday_list(path)


def test_an_unknown_region_is_refused():
    with pytest.raises(KeyError):
        holiday_calendar("corse")
