"""Short strata join along the order declared, weights meet declared totals, and what was done is listed."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from foundation.database import db
from satisfaction.adjusted_estimates import adjusted_finding
from satisfaction.adjusting import adjusted, needs_adjusting
from satisfaction.cells import Cell, FrameCount, Place, Sample
from satisfaction.declared import Declared
from satisfaction.estimates import estimated_finding
from satisfaction.findings import Finding, Period
from satisfaction.indicators import SURVEY_INDICATORS, Asked, Reading
from satisfaction.services import report
from surveys.models import ProgrammeVersion
from surveys.refusals import SurveyRefused
from surveys.weighting import Weighting, check_weighting
from tests.satisfaction.factories import (
    FIRST_DAY,
    LAST_DAY,
    answer,
    create_draw,
    create_period,
    create_principal,
    create_programme,
    create_site,
)

ASKED = Asked("q", "satisfaction", None, (1, 5), "0" * 12)
READINGS = {one.code: Reading(one, ASKED) for one in SURVEY_INDICATORS if one.code.startswith("satisfaction")}
SHARE, MEAN = READINGS["satisfaction"], READINGS["satisfaction_mean"]
FIELDS = ("site", "channel")
BY_CHANNEL, BY_BOTH = Weighting(("channel",)), Weighting(("channel", "site"))
OCTOBER = Period(date(2026, 10, 1), date(2026, 10, 31))


def sample(rows, weighting=BY_BOTH, seen=None):
    """Rows of (site, channel, contacts, drawn, happy, unhappy)."""
    frame, cells = [], []
    for site, channel, size, drawn, happy, unhappy in rows:
        key, place = (1, f"{site} · {channel}"), Place(site, channel)
        frame.append(FrameCount(key, place, size, size, drawn))
        cells += [Cell(key, place, "q", value, n) for value, n in ((5, happy), (1, unhappy)) if n]
    return Sample(tuple(frame), tuple(cells), seen, declared={1: Declared(FIELDS, weighting)})


def found(it, reading=SHARE, by=None):
    blank = Finding(reading.indicator.code, reading.indicator.unit, OCTOBER, by or {})
    return adjusted_finding(blank, reading, it.tally("q", by or {}), it)


SHORT = [("lille", "mail", 100, 20, 1, 3), ("lille", "phone", 300, 30, 15, 5), ("lyon", "phone", 200, 40, 30, 10)]


def test_a_short_stratum_joins_its_site_and_each_answer_keeps_the_weight_of_its_draw():
    """Lille: 4 answers at 5 and 20 at 10 stand for 400: 5 x 400 / 220 and 10 x 400 / 220. 375.45 of 600 content."""
    figure = found(sample(SHORT))
    unit = 400 / 220
    assert figure.value == pytest.approx((1 * 5 * unit + 15 * 10 * unit + 200 * 0.75) / 600)
    assert figure.joined == [
        {"draw": 1, "strata": ["lille · mail", "lille · phone"], "across": "channel", "population": 400,
         "respondents": 24}
    ]  # fmt: skip
    assert "classes-joined" in figure.flags and figure.method == "wilson_design_adjusted"


def test_a_stratum_without_any_answer_forbids_nothing_any_more():
    rows = [("lille", "mail", 100, 20, 0, 0), *SHORT[1:]]
    figure = found(sample(rows))
    assert figure.value == pytest.approx((400 * 0.75 + 200 * 0.75) / 600)
    assert figure.covered is None


def test_sites_join_only_when_a_whole_site_is_short():
    rows = [("lille", "mail", 100, 20, 2, 2), ("lille", "phone", 300, 30, 2, 2), *SHORT[2:]]
    assert [one["across"] for one in found(sample(rows)).joined] == ["site"]


def test_when_the_order_is_exhausted_the_rest_is_told():
    rows = [("lille", "mail", 100, 20, 2, 2), ("lille", "phone", 300, 30, 2, 2), *SHORT[2:]]
    figure = found(sample(rows, BY_CHANNEL))
    assert (figure.value, figure.flags[0]) == (None, "classes-short")
    assert (figure.covered.share, figure.covered.value) == (pytest.approx(200 / 600), pytest.approx(0.75))


def test_a_place_that_is_not_short_is_told_whatever_another_lacks():
    rows = [("lille", "mail", 100, 20, 2, 2), ("lille", "phone", 300, 30, 2, 2), *SHORT[2:]]
    assert found(sample(rows, BY_CHANNEL), by={"site": "lyon"}).value == pytest.approx(0.75)


def test_raking_brings_joined_sites_back_to_their_size():
    """Two short sites join; each then weighs as many contacts as it has, whatever its answers."""
    rows = [("lille", "phone", 300, 30, 4, 1), ("lyon", "phone", 100, 30, 1, 4)]
    plain, raked = (found(sample(rows, Weighting(("site",), rake))) for rake in ((), (("site",),)))
    assert plain.value == pytest.approx((4 * 10 + 1 * 10 / 3) / (5 * 10 + 5 * 10 / 3))
    assert raked.value == pytest.approx(0.75 * 0.8 + 0.25 * 0.2)
    assert [step["name"] for step in raked.steps] == ["design", "response", "raked"]
    assert raked.steps[0]["headline_before"] == pytest.approx(0.5)
    assert raked.steps[-1]["headline_after"] == pytest.approx(raked.value)
    assert all(step["deff"] >= 1 for step in raked.steps)


def test_a_total_of_which_nobody_answered_is_left_out_and_said():
    rows = [("lille", "phone", 300, 30, 12, 8), ("lyon", "phone", 100, 30, 0, 0)]
    figure = found(sample(rows, Weighting(("site",), (("site",),))))
    assert "totals-left-out" in figure.flags
    assert figure.value == pytest.approx(0.6)


def test_a_reader_of_one_site_gets_the_classes_of_the_whole_draw():
    figure = found(sample(SHORT, seen=frozenset({"lille"})))
    unit = 400 / 220
    assert figure.value == pytest.approx((5 * unit + 150 * unit) / 400)
    assert figure.n == 24


rows_of_ten = st.lists(
    st.tuples(st.integers(10, 30), st.integers(0, 30), st.integers(1, 4)), min_size=1, max_size=6
)  # happy, unhappy, contacts for each answer


@settings(max_examples=60, deadline=None)
@given(rows_of_ten, st.sampled_from([{}, {"site": "s0"}, {"channel": "c1"}]), st.sampled_from([SHARE, MEAN]))
def test_where_nothing_is_short_the_figure_is_the_stratified_one(rows, by, reading):
    it = sample(
        [
            (f"s{place // 2}", f"c{place % 2}", (happy + unhappy) * times, happy + unhappy, happy, unhappy)
            for place, (happy, unhappy, times) in enumerate(rows)
        ]
    )
    assert not needs_adjusting(it, "q")
    tally = it.tally("q", by)
    if not tally.n:
        return
    blank = Finding(reading.indicator.code, reading.indicator.unit, OCTOBER, by)
    plain, same = estimated_finding(blank, reading, tally), adjusted_finding(blank, reading, tally, it)
    for name in ("value", "lower", "upper", "n"):
        assert getattr(same, name) == pytest.approx(getattr(plain, name), abs=1e-9)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 14), st.integers(0, 14)), min_size=1, max_size=8))
def test_every_class_has_ten_or_nothing_is_said_and_the_weights_make_up_the_contacts(rows):
    it = sample([(f"s{n // 2}", f"c{n % 2}", 60, 30, yes, no) for n, (yes, no) in enumerate(rows)])
    made = adjusted(it, "q", {})
    answered = sum(sum(row) for row in rows)
    assert bool(made.short) == (answered < 10)
    if not made.short:
        assert sum(cell.base_weight * cell.count for cell in made.cells) == pytest.approx(60 * len(rows))


@pytest.mark.parametrize(
    ("stored", "code"),
    [
        ({"merge": ["agent"]}, "merge-not-a-stratum"),
        ({"rake": [["tenure"]]}, "rake-unknown-field"),
        ({"merge": ["site", "site"]}, "weighting-repeated"),
        ({"rake": [["site", "channel"], ["channel", "site"]]}, "weighting-repeated"),
    ],
)
def test_what_cannot_be_done_is_refused_when_it_is_declared(stored, code):
    with pytest.raises(SurveyRefused) as refused:
        check_weighting(stored, FIELDS)
    assert refused.value.code == code


@pytest.mark.parametrize("app_name", ["app", pytest.param("pg_app", marks=pytest.mark.postgresql)])
def test_a_report_joins_strata_as_the_programme_declares(app_name, request):
    request.getfixturevalue(app_name)
    principal, lille = create_principal(), create_site("lille")
    programme = create_programme(principal, weighting={"merge": ["channel", "site"]})
    rows = [("lille · phone", lille, "phone", 300, 30), ("lille · email", lille, "email", 100, 20)]
    draw = create_draw(programme, create_period(principal), rows)
    answer(draw, lille, "phone", [{"satisfaction": 5}] * 15 + [{"satisfaction": 1}] * 5)
    results = report(first_day=FIRST_DAY, last_day=LAST_DAY, now=datetime(2026, 11, 23, tzinfo=UTC))["results"]
    figure = next(row for row in results if row["indicator"] == "satisfaction")
    assert figure["estimate"] == pytest.approx(0.75)
    assert figure["joined_strata"][0]["strata"] == ["lille · email", "lille · phone"]
    assert db.session.scalars(db.select(ProgrammeVersion)).one().weighting == {"merge": ["channel", "site"]}
