"""A due date opened day by day."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from foundation.timing.calendars import REGIONS, REST_DAYS, due_date
from foundation.timing.storage import holiday_calendar
from foundation.timing.strips import strip

METROPOLE = holiday_calendar("metropole")


def test_each_day_is_counted_or_says_why_not():
    days = strip(date(2026, 4, 30), 3, "ouvres", METROPOLE)
    assert [(day.day.day, day.rank, day.why) for day in days] == [
        (30, None, "start"),
        (1, None, "holiday"),
        (2, None, "saturday"),
        (3, None, "sunday"),
        (4, 1, None),
        (5, 2, None),
        (6, 3, None),
    ]
    assert days[1].names == {"fr": "Fête du Travail", "en": "Labour Day"}


def test_a_delay_in_months_says_which_day_it_ends_on():
    assert [day.why for day in strip(date(2026, 11, 12), 2, "months", METROPOLE)] == ["start", "same-day"]
    assert [day.why for day in strip(date(2026, 12, 31), 2, "months", METROPOLE)] == ["start", "last-day-of-month"]


@given(
    st.dates(date(2020, 1, 1), date(2034, 1, 1)),
    st.integers(1, 45),
    st.sampled_from(sorted(REST_DAYS)),
    st.sampled_from(REGIONS),
)
def test_a_strip_ends_on_the_due_date_and_counts_up_to_the_delay(start, quantity, unit, region):
    working = holiday_calendar(region)
    days = strip(start, quantity, unit, working)
    assert days[-1].day == due_date(start, quantity, unit, working)
    assert [day.rank for day in days if day.rank] == list(range(1, quantity + 1))
    assert all((day.rank is None) != (day.why is None) for day in days)
    assert [later.day.toordinal() - days[0].day.toordinal() for later in days] == list(range(len(days)))
