"""Two answers in one table, under the design: against R's svychisq."""

import pytest
from hypothesis import strategies as st

from estimation import EmptyStratum, NoAnswers, SingleUnitStratum, TableStratum, rao_scott
from tests.estimation.profiles import given
from tests.estimation.test_raked_figures import CELLS, SIZES


def strata_by(column):
    strata = {label: {} for label in SIZES}
    for cell in CELLS:
        key = (cell.groups["tenure"], column(cell.score))
        strata[cell.stratum][key] = strata[cell.stratum].get(key, 0) + cell.count
    return [TableStratum(label, SIZES[label], counts) for label, counts in strata.items()]


@pytest.mark.parametrize(
    ("fpc", "first", "second"),
    [
        (True, 8.59239231880e-06, (7.19946574155, 3.34954698206, 264.614211583, 5.76953401009e-05)),
        (False, 1.89228527217e-05, (6.77646638278, 3.39615142762, 268.295962782, 9.76340687539e-05)),
    ],
)
def test_a_table_agrees_with_r(fpc, first, second):
    """R 4.2.2, survey 4.1-1: svychisq(~tenure + score, statistic = "Chisq" and "F"), with fpc and without."""
    test = rao_scott(strata_by(int), fpc=fpc)
    assert (test.pearson, test.df) == (pytest.approx(19.6153663489), 4)
    assert test.first_order_p_value == pytest.approx(first)
    assert (test.second_order_f, test.numerator_df, test.denominator_df, test.p_value) == pytest.approx(second)


def test_two_by_two_agrees_with_r():
    test = rao_scott(strata_by(lambda score: score >= 4), fpc=True)
    assert (test.second_order_f, test.denominator_df, test.p_value) == pytest.approx(
        (3.4134657530586, 79, 0.0684097961341)
    )


def test_one_column_is_no_table():
    test = rao_scott(strata_by(lambda score: "any"))
    assert (test.n, test.df, test.pearson, test.p_value) == (82, 0, None, None)


def test_a_census_has_no_chance_in_it():
    test = rao_scott([TableStratum("a", 10, {("x", 1): 4, ("x", 2): 1, ("y", 1): 2, ("y", 2): 3})], fpc=True)
    assert (test.design_effect, test.p_value) == (0, None)


def test_strata_that_cannot_be_estimated_are_refused():
    whole = TableStratum("a", 10, {("x", 1): 4, ("y", 2): 3})
    for strata, refusal in (
        ([], NoAnswers),
        ([whole, TableStratum("b", 5, {})], EmptyStratum),
        ([whole, TableStratum("b", 5, {("x", 1): 1})], SingleUnitStratum),
    ):
        with pytest.raises(refusal):
            rao_scott(strata)


TABLES = st.lists(st.lists(st.integers(1, 20), min_size=6, max_size=6), min_size=1, max_size=3)


def tabled(tables, turned=False):
    cells = [(row, column) for row in "ab" for column in "xyz"]
    return [
        TableStratum(
            str(place), 1000, {(cell[::-1] if turned else cell): n for cell, n in zip(cells, counts, strict=True)}
        )
        for place, counts in enumerate(tables)
    ]


@given(TABLES)
def test_rows_and_columns_may_change_places(tables):
    one, other = rao_scott(tabled(tables)), rao_scott(tabled(tables, turned=True))
    assert (one.pearson, one.p_value) == pytest.approx((other.pearson, other.p_value))
    assert 0 <= one.p_value <= 1


@given(st.lists(st.integers(3, 20), min_size=6, max_size=6))
def test_equal_rows_have_nothing_to_do_with_columns(counts):
    test = rao_scott(tabled([[*counts[:3], *counts[:3]]]))
    assert test.pearson == pytest.approx(0, abs=1e-9) and test.p_value == pytest.approx(1)


def test_one_stratum_is_nearly_pearsons_own_test():
    """A simple random sample has a design effect of n / (n - 1) where rows and columns are independent."""
    counts = [2 * n for n in [1, 2, 3, 2, 4, 6]]
    test = rao_scott(tabled([counts]))
    assert test.design_effect == pytest.approx(36 / 35)
