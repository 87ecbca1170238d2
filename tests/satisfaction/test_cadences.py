"""Which days are judged together."""

from datetime import date, timedelta

from satisfaction.cadences import spans


def month(year, number):
    following = date(year + (number == 12), number % 12 + 1, 1)
    return date(year, number, 1), following - timedelta(days=1)


def test_each_period_is_judged_by_itself_as_it_was_closed():
    periods = [month(2026, 11), (date(2026, 10, 3), date(2026, 10, 20))]
    assert spans("period", periods) == sorted(periods)


def test_a_quarter_is_judged_when_all_of_its_days_are_closed():
    months = [month(2026, number) for number in (10, 11, 12)]
    assert spans("quarter", months) == [(date(2026, 10, 1), date(2026, 12, 31))]
    assert spans("quarter", months[:2]) == []
    assert spans("quarter", [*months[:2], (date(2026, 12, 1), date(2026, 12, 30))]) == []
    assert spans("quarter", [*months, month(2027, 1)]) == [(date(2026, 10, 1), date(2026, 12, 31))]


def test_a_year_is_judged_when_its_twelve_months_are_closed():
    months = [month(2026, number) for number in range(1, 13)]
    assert spans("year", months) == [(date(2026, 1, 1), date(2026, 12, 31))]
    assert spans("year", months[1:]) == []
