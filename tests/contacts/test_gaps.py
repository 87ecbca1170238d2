from datetime import date, timedelta

from contacts.gaps import Cell, count_gaps, silent_days

MONDAY = date(2026, 10, 26)
WEEK = timedelta(weeks=1)
LONG_AGO = date(2020, 1, 1)


def weeks(*numbers):
    """Contacts of the Mondays before, the latest first."""
    return {(1, "phone", MONDAY - n * WEEK): number for n, number in enumerate(numbers, 1) if number is not None}


def silent(counted, since=LONG_AGO, closed=()):
    return [gap.cell.day for gap in silent_days(counted, MONDAY, MONDAY, since, set(closed))]


def test_only_what_differs_is_a_gap():
    cells = [Cell("log", site, "phone", MONDAY) for site in (1, 2, 3)]
    told = {cells[0]: 10, cells[1]: 10, cells[2]: 0}
    gaps = count_gaps(told, {cells[0]: 10, cells[1]: 12, Cell("other", 1, "phone", MONDAY): 5})
    assert [(gap.cell.site_id, gap.expected, gap.counted, gap.difference) for gap in gaps] == [(2, 10, 12, 2)]


def test_a_day_that_a_source_told_of_and_that_never_came_is_a_gap():
    cell = Cell("log", 1, "phone", MONDAY)
    assert [gap.counted for gap in count_gaps({cell: 3}, {})] == [0]


def test_the_middle_of_eight_weeks_decides():
    assert silent(weeks(*[10] * 8)) == [MONDAY]
    assert silent(weeks(*[9] * 8)) == []
    assert silent(weeks(100, 100, 100, 0, 0, 0, 0, 0)) == []


def test_a_day_with_one_contact_is_not_silent():
    assert silent(weeks(*[20] * 8) | {(1, "phone", MONDAY): 1}) == []


def test_public_holidays_neither_are_silent_nor_are_compared_with():
    assert silent(weeks(*[20] * 8), closed=[(1, MONDAY)]) == []
    assert silent(weeks(20, 20, 20, 20, 0, 0, 0, 0), closed=[(1, MONDAY - n * WEEK) for n in range(5, 9)]) == [MONDAY]
    assert silent(weeks(*[20] * 8), closed=[(2, MONDAY)]) == [MONDAY]


def test_with_fewer_than_four_known_weeks_nothing_is_said():
    assert silent(weeks(20, 20, 20), since=MONDAY - 3 * WEEK) == []
    assert silent(weeks(20, 20, 20, 20), since=MONDAY - 4 * WEEK) == [MONDAY]
