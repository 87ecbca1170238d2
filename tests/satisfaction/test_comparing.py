"""Places side by side, periods one after the other: differences, families, funnels, trends and control charts."""

from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from estimation import difference
from foundation.database import db
from satisfaction.cells import Cell, FrameCount, Place, Sample
from satisfaction.comparing import each_against_first, funnel_of, in_order_compared, places_compared
from satisfaction.findings import Period
from satisfaction.following import Point, runs_in, trend_of, watched
from satisfaction.indicators import SURVEY_INDICATORS, Asked, Reading
from satisfaction.process import side_of
from satisfaction.survey_figures import Survey, survey_figures
from tests.satisfaction.factories import (
    answer,
    create_draw,
    create_period,
    create_principal,
    create_programme,
    create_site,
)
from tests.satisfaction.test_report import happy

ASKED = Asked("q", "satisfaction", None, (1, 5), "0" * 12)
READINGS = {one.code: Reading(one, ASKED) for one in SURVEY_INDICATORS if one.code.startswith("satisfaction")}
SHARE, MEAN = READINGS["satisfaction"], READINGS["satisfaction_mean"]


def survey(*rows):
    """Rows of (site, channel, contacts, happy, unhappy), each a stratum of its own."""
    frame, cells = [], []
    for site, channel, size, yes, no in rows:
        key, place = (1, f"{site} · {channel}"), Place(site, channel)
        frame.append(FrameCount(key, place, size, size, size // 2))
        cells += [Cell(key, place, "q", value, n) for value, n in ((5, yes), (1, no)) if n]
    return Survey((SHARE, MEAN), Sample(tuple(frame), tuple(cells)))


THREE = survey(("lille", "phone", 400, 90, 10), ("lyon", "phone", 400, 60, 40), ("nice", "phone", 400, 62, 38))


def test_each_site_is_held_against_all_the_others_and_the_family_is_adjusted():
    """Lille 0.90 against 0.61 of the other two: Newcombe's 0.29, 0.19 to 0.37 alone, 0.17 to 0.39 as one of three."""
    lille, lyon, nice = places_compared(THREE, SHARE, "site")
    assert lille.found.estimate == pytest.approx(0.90 - 0.61)
    assert [round(limit, 2) for limit in lille.found.limits] == [0.17, 0.39]
    alone = difference(lille.side.figure, lille.other.figure)
    assert [round(limit, 2) for limit in alone.limits] == [0.19, 0.37]
    assert lille.differs and lille.p_holm == pytest.approx(3 * lille.found.p_value)
    assert lyon.found.estimate == pytest.approx(0.60 - 0.76)
    assert [row.name for row in (lille, lyon, nice)] == ["lille", "lyon", "nice"]


@given(st.lists(st.tuples(st.integers(0, 60), st.integers(30, 60)), min_size=2, max_size=12))
@settings(max_examples=60, deadline=None)
def test_the_range_of_a_difference_never_contradicts_what_is_said_of_it(counts):
    """What differs has 0 in no range but at its end, and of what does not the range holds 0."""
    rows = [(f"s{place}", "phone", 400, min(yes, n), n - min(yes, n)) for place, (yes, n) in enumerate(counts)]
    for row in places_compared(survey(*rows), SHARE, "site"):
        if row.found and row.found.limits and row.p_holm is not None:
            lower, upper = row.found.limits
            assert (lower >= 0 or upper <= 0) if row.differs else lower < 1e-9 and upper > -1e-9, row


def test_a_comparison_makes_no_correction_for_a_finite_population():
    [figure] = [
        f for f in survey_figures(THREE, [], Period(date(2026, 10, 1), date(2026, 10, 31))) if f.unit == "share"
    ]
    side = side_of(THREE, SHARE, {})
    assert side.figure.estimate == pytest.approx(figure.value)
    assert side.figure.limits.upper - side.figure.limits.lower > figure.upper - figure.lower


def test_under_thirty_answers_nothing_is_compared_nor_is_what_is_hidden():
    few = survey(("lille", "phone", 400, 20, 9), ("lyon", "phone", 400, 60, 40), ("nice", "phone", 400, 3, 0))
    lille, lyon, nice = places_compared(few, SHARE, "site")
    assert lille.side is None and nice.side is None
    assert lyon.found is not None  # against two of which nothing is told apart


def test_the_rest_of_a_hidden_site_is_not_told_by_the_others():
    rows = places_compared(survey(("lille", "phone", 400, 40, 10), ("lyon", "phone", 400, 2, 1)), SHARE, "site")
    assert [row.side for row in rows] == [None, None] or all(row.found is None for row in rows)


def test_with_one_mix_of_channels_sites_that_are_alike_within_channels_do_not_differ():
    """Phone 90 % and mail 50 % at both; Lille is mostly phone, Lyon mostly mail."""
    mixed = survey(
        ("lille", "phone", 800, 90, 10), ("lille", "mail", 200, 20, 20),
        ("lyon", "phone", 200, 36, 4), ("lyon", "mail", 800, 50, 50),
    )  # fmt: skip
    plain, standardised = (places_compared(mixed, SHARE, "site", one)[0] for one in (False, True))
    assert plain.found.estimate == pytest.approx(0.82 - 0.58) and plain.differs
    assert standardised.found.estimate == pytest.approx(0, abs=1e-12) and not standardised.differs


def test_a_period_is_held_against_the_last_that_asked_the_same():
    one, other = side_of(THREE, SHARE, {"site": "lille"}), side_of(THREE, SHARE, {"site": "lyon"})
    rows = in_order_compared([("a", one, "x"), ("b", None, "x"), ("c", other, "x"), ("d", one, "y"), ("e", other, "y")])
    assert [row.against for row in rows] == [None, None, "a", None, "d"]
    assert rows[2].found.estimate == pytest.approx(-0.3)


def test_principals_are_held_against_the_first_that_has_a_figure():
    one, other = side_of(THREE, MEAN, {"site": "lille"}), side_of(THREE, MEAN, {"site": "lyon"})
    rows = each_against_first({"a": None, "b": one, "c": other})
    assert [row.against for row in rows] == [None, None, "b"]
    assert rows[2].found.estimate == pytest.approx(-1.2) and rows[2].differs


def test_a_funnel_names_who_lies_beyond_chance_and_needs_three():
    rows = places_compared(survey(*[(f"s{n}", "phone", 4000, 80, 20) for n in range(8)],
                                  ("z", "phone", 4000, 40, 60)), SHARE, "site")  # fmt: skip
    funnel = funnel_of(rows, 0.8)
    assert {point.label for point in funnel.points if point.outside} == {"z"}
    assert funnel_of(rows[:2], 0.8) is None


def points(shares, n=100, series="x", first=date(2025, 1, 1)):
    found = []
    for place, share in enumerate(shares):
        yes = round(share * n)
        side = side_of(survey(("lille", "phone", 10_000, yes, n - yes)), SHARE, {})
        start = first + timedelta(days=30 * place)
        found.append(Point(start, start + timedelta(days=29), side, series))
    return found


def test_a_trend_is_a_weighted_line_through_the_last_series_only():
    old = points([0.2] * 6, series="old", first=date(2024, 1, 1))
    found = trend_of(old + points([0.60, 0.64, 0.68, 0.72, 0.76, 0.80, 0.84]))
    assert found.periods == 7 and found.slope == pytest.approx(0.04, abs=0.002) and found.p_value < 0.001
    assert trend_of(points([0.6, 0.7, 0.8])) is None


def test_a_point_beyond_laneys_limits_signals_and_so_do_eight_on_one_side():
    chart = watched(points([0.80, 0.82, 0.79, 0.81, 0.80, 0.40, 0.81, 0.80, 0.79]))
    assert chart.outside == (5,)
    assert runs_in([1, 1, 1, 1, 1, 1, 1, 1, 1, -1], 0) == tuple(range(9))
    assert runs_in([1] * 7 + [-1] * 7, 0) == ()
    assert runs_in([1] * 4 + [0] + [1] * 4, 0) == ()


def test_chance_alone_seldom_signals():
    """200 charts of twelve periods whose share never changes: under one in twenty points."""
    chance, signals, seen = np.random.default_rng(20260101), 0, 0
    for _ in range(60):
        chart = watched(points(chance.binomial(100, 0.8, 12) / 100))
        signals, seen = signals + len(chart.outside), seen + len(chart.points)
    assert signals / seen < 0.02


class TestPages:
    @pytest.fixture
    def belline(self, app):
        principal, lille, lyon = create_principal(), create_site("lille"), create_site("lyon")
        programme = create_programme(principal)
        draw = create_draw(
            programme, create_period(principal), [("lille", lille, "phone", 400, 60), ("lyon", lyon, "phone", 400, 60)]
        )
        answer(draw, lille, "phone", happy(45, 50))
        answer(draw, lyon, "phone", happy(25, 50))
        db.session.commit()

    def test_the_page_says_which_differences_are_proven(self, belline, sign_in):
        page = sign_in("quality").get("/satisfaction/compare").text
        assert page.count("au-dessus, prouvé") == 1 and page.count("au-dessous, prouvé") == 1

    @pytest.mark.parametrize("by", ["site", "channel", "period", "principal", "version"])
    def test_every_comparison_opens_and_gives_its_file(self, belline, sign_in, by):
        client = sign_in("quality")
        assert client.get("/satisfaction/compare", query_string={"by": by, "mix": "one"}).status_code == 200
        written = client.get("/satisfaction/compare.csv", query_string={"by": by}).text
        assert written.startswith("name,unit,estimate,")

    def test_what_is_not_there_is_not_found(self, belline, sign_in):
        client = sign_in("quality")
        assert client.get("/satisfaction/compare?by=colour").status_code == 404
        assert client.get("/satisfaction/compare?what=colour").status_code == 404

    def test_a_course_of_one_period_says_what_it_takes(self, belline, sign_in):
        client = sign_in("quality")
        assert "six périodes" in client.get("/satisfaction/follow").text
        assert client.get("/satisfaction/follow.csv").text.count("\r\n") == 2

    def test_without_anything_both_pages_say_so(self, app, sign_in):
        client = sign_in("quality")
        for page in ("compare", "follow"):
            assert 'class="empty"' in client.get(f"/satisfaction/{page}").text
            assert client.get(f"/satisfaction/{page}.csv").status_code == 404


def test_where_no_period_may_be_shown_there_is_no_empty_chart(app, sign_in):
    principal, lille = create_principal(), create_site("lille")
    draw = create_draw(create_programme(principal), create_period(principal), [("lille", lille, "phone", 40, 12)])
    answer(draw, lille, "phone", [{"satisfaction": 5}] * 6)
    db.session.commit()
    page = sign_in("quality").get("/satisfaction/follow").text
    assert "Trop peu de réponses pour comparer" in page and "<svg" not in page
