"""From counts to findings: values worked out by hand, and every reason not to show one."""

import math
from dataclasses import replace
from datetime import date

import pytest

from satisfaction.cells import Cell, FrameCount, Place, Sample
from satisfaction.findings import Period
from satisfaction.indicators import Asked, readings
from satisfaction.survey_figures import Survey, survey_figures

OCTOBER = Period(date(2026, 10, 1), date(2026, 10, 31))
LILLE, LYON, BREST = Place("lille", "phone"), Place("lyon", "phone"), Place("brest", "email")
SATISFACTION = Asked("q1", "satisfaction", None, (1, 5), "aaaa")
NPS = Asked("q2", "recommendation", None, (0, 10), "bbbb")


def sample(*strata, question="q1", draw=1):
    """Each stratum as (place, N_h, {value: answers}); its label is the place."""
    frame = tuple(FrameCount((draw, str(place)), place, size, size, 50) for place, size, _ in strata)
    cells = tuple(
        Cell((draw, str(place)), place, question, value, answers)
        for place, _, counts in strata
        for value, answers in counts.items()
    )
    return Sample(frame, cells)


def figures(sample, by=(), **changes):
    survey = Survey(tuple(readings([SATISFACTION, NPS])), sample, **changes)
    return {(f.indicator, *f.by.values()): f for f in survey_figures(survey, by, OCTOBER)}


def test_a_big_site_counts_more_than_a_small_one_with_as_many_answers():
    """Lille: 800 contacts, 16 of 20 satisfied. Lyon: 200 contacts, 10 of 20. 0.8 × 0.8 + 0.2 × 0.5, not 26 / 40."""
    found = figures(sample((LILLE, 800, {5: 16, 1: 4}), (LYON, 200, {4: 10, 2: 10})))["satisfaction",]
    assert found.value == pytest.approx(0.74)
    assert found.value != pytest.approx(26 / 40)
    assert (found.n, found.population, found.weighting, found.method) == (40, 1000, "design", "wilson_design")


def test_the_interval_of_a_share_is_the_one_worked_out_by_hand():
    """v = Σ W² (1−f) s²/r; n_design = 1/Σ W² (1−f)/r; n* the smaller of it and p(1−p)/v × (t39/t38)²; then Wilson."""
    found = figures(sample((LILLE, 800, {5: 16, 1: 4}), (LYON, 200, {4: 10, 2: 10})))["satisfaction",]
    variance = 0.64 * (1 - 20 / 800) * (0.16 * 20 / 19) / 20 + 0.04 * (1 - 20 / 200) * (0.25 * 20 / 19) / 20
    design = 1 / (0.64 * (1 - 20 / 800) / 20 + 0.04 * (1 - 20 / 200) / 20)
    star = min(design, 0.74 * 0.26 / variance * (2.022690920 / 2.024394164) ** 2)
    z = 1.959963985
    centre, half = 0.74 + z * z / (2 * star), z * math.sqrt(0.74 * 0.26 / star + z * z / (4 * star * star))
    assert found.n_effective == pytest.approx(star, rel=1e-8)
    assert found.lower == pytest.approx((centre - half) / (1 + z * z / star), rel=1e-8)
    assert found.upper == pytest.approx((centre + half) / (1 + z * z / star), rel=1e-8)


def test_a_mean_has_a_t_interval_on_the_designs_error():
    found = figures(sample((LILLE, 800, {5: 16, 1: 4}), (LYON, 200, {4: 10, 2: 10})))["satisfaction_mean",]
    assert found.value == pytest.approx(0.8 * 4.2 + 0.2 * 3)
    variance = 0.64 * (1 - 20 / 800) * (51.2 / 19) / 20 + 0.04 * (1 - 20 / 200) * (20 / 19) / 20
    assert found.upper - found.value == pytest.approx(2.024394164 * math.sqrt(variance), rel=1e-8)


def test_recommendation_is_promoters_less_detractors_by_weight():
    found = figures(sample((LILLE, 800, {10: 10, 8: 5, 3: 5}), (LYON, 200, {9: 5, 0: 15}), question="q2"))
    assert found["recommendation",].value == pytest.approx(0.8 * 25 - 0.2 * 50)
    assert found["recommendation",].unit == "nps"


def test_a_site_and_channel_that_cut_across_strata_are_estimated_as_a_domain():
    mixed = Sample(
        frame=(FrameCount((1, "all"), LILLE, 300, 300, 40), FrameCount((1, "all"), LYON, 100, 100, 40)),
        cells=(
            Cell((1, "all"), LILLE, "q1", 5, 18), Cell((1, "all"), LILLE, "q1", 1, 12),
            Cell((1, "all"), LYON, "q1", 5, 30),
        ),
    )  # fmt: skip
    found = figures(mixed, ["site"])
    assert found["satisfaction", "lille"].value == pytest.approx(18 / 30)
    assert found["satisfaction", "lille"].method == "wilson_design_domain"
    assert found["satisfaction", "lille"].population == 300
    assert found["satisfaction",].method == "wilson_design"


def test_four_answers_are_hidden_with_their_number_and_so_is_the_cell_that_would_tell_them():
    found = figures(
        sample((LILLE, 800, {5: 16, 1: 14}), (LYON, 200, {4: 30, 2: 10}), (BREST, 90, {1: 4})), ["site", "channel"]
    )
    for place in (BREST, LILLE):
        cell = found["satisfaction", *place]
        assert (cell.value, cell.lower, cell.n, cell.flags) == (None, None, None, ("suppressed",))
        assert cell.detail == {} and cell.n_effective is None
    assert found["satisfaction", *LYON].value == pytest.approx(0.75)
    assert found["satisfaction",].value is not None


def test_what_one_month_hides_does_not_follow_from_two_months_less_the_other():
    """November has three answers from Brest; October with November, less October, would give them."""
    october = sample((LILLE, 500, {5: 30, 1: 20}), (LYON, 300, {4: 20, 2: 10}), (BREST, 200, {5: 9, 1: 1}))
    november = sample((LILLE, 500, {5: 40, 1: 10}), (LYON, 300, {4: 15, 2: 15}), (BREST, 200, {5: 2, 1: 1}), draw=2)
    together = Sample(october.frame + november.frame, october.cells + november.cells)
    hidden = {name for name, each in figures(november, ["site"]).items() if each.flags == ("suppressed",)}
    assert ("satisfaction", "brest") in hidden and len(hidden) == 4  # share and mean, of Brest and of another
    assert not any(each.flags == ("suppressed",) for each in figures(october, ["site"]).values())
    found = figures(together, ["site"])
    assert {name for name, each in found.items() if each.flags == ("suppressed",)} == hidden
    assert found["satisfaction",].n == 173


@pytest.mark.parametrize("answers, flags", [(29, ("unreliable",)), (30, ())])
def test_fewer_than_thirty_answers_are_marked_unreliable(answers, flags):
    found = figures(sample((LILLE, 40, {5: answers})))["satisfaction",]
    assert found.flags == flags
    assert found.value == 1


def test_answers_that_weigh_unequally_are_unreliable_when_they_tell_as_much_as_fewer_than_thirty():
    found = figures(sample((LILLE, 9000, {5: 8, 1: 2}), (LYON, 100, {4: 30, 2: 10})))["satisfaction",]
    assert found.n == 50 and found.n_effective < 30
    assert "unreliable" in found.flags


def test_a_stratum_without_answers_forbids_the_whole_and_offers_the_covered_part_with_its_share():
    found = figures(sample((LILLE, 750, {5: 16, 1: 24}), (LYON, 250, {})))["satisfaction",]
    assert (found.value, found.lower, found.flags) == (None, None, ("empty-stratum",))
    assert found.covered.share == pytest.approx(0.75)
    assert found.covered.value == pytest.approx(0.4)


def test_a_stratum_with_one_answer_forbids_the_whole():
    found = figures(sample((LILLE, 750, {5: 16, 1: 24}), (LYON, 250, {5: 1})))["satisfaction",]
    assert (found.value, found.flags) == (None, ("lonely-stratum",))
    assert (found.covered.n, found.covered.share) == (40, pytest.approx(0.75))


def test_a_covered_part_with_few_answers_is_marked_too():
    found = figures(sample((LILLE, 750, {5: 16, 1: 4}), (LYON, 250, {})))["satisfaction",]
    assert found.flags == ("empty-stratum", "unreliable")
    assert found.covered.n == 20


def test_what_is_covered_does_not_give_a_small_cell_away():
    """Without the lonely site the covered whole less Lille would be the four answers of Lyon."""
    nice = Place("nice", "phone")
    found = figures(
        sample((LILLE, 700, {5: 20, 1: 24}), (LYON, 250, {5: 4}), (BREST, 50, {1: 1}), (nice, 90, {4: 30})), ["site"]
    )
    shown = [f for (code, *by), f in found.items() if code == "satisfaction" and by and f.value is not None]
    assert len(shown) == 1


def test_the_total_of_a_reader_of_some_sites_does_not_give_a_small_one_away():
    """Lille's three answers are hidden behind Lyon's; whoever sees Lille and Nice would have a total without Lyon."""
    nice = Place("nice", "phone")
    whole = sample((LILLE, 300, {5: 2, 1: 1}), (LYON, 250, {5: 10, 2: 10}), (nice, 500, {4: 30, 2: 20}))
    assert figures(whole, ["site"])["satisfaction", "nice"].value is not None
    reader = figures(replace(whole, seen=frozenset({"lille", "nice"})), ["site"])
    assert reader["satisfaction",].value is None or reader["satisfaction", "nice"].value is None


def test_the_only_contact_of_a_stratum_speaks_for_it():
    found = figures(sample((LILLE, 700, {5: 20, 1: 24}), (LYON, 250, {}), (BREST, 1, {1: 1})))["satisfaction",]
    assert found.covered.n == 45
    assert found.covered.share == pytest.approx(701 / 951)


def test_a_mean_of_equal_answers_has_no_interval_and_a_share_of_them_has_one():
    found = figures(sample((LILLE, 800, {5: 40})))
    mean, share = found["satisfaction_mean",], found["satisfaction",]
    assert (mean.value, mean.lower, mean.upper, mean.flags) == (5, None, None, ("all-equal",))
    assert share.lower < 0.95 and share.upper == 1


def test_everybody_answered_leaves_no_doubt():
    mean = figures(sample((LILLE, 4, {5: 1, 1: 3}), (LYON, 40, {2: 20, 3: 20})))["satisfaction_mean",]
    assert mean.lower == mean.upper == mean.value
    assert mean.flags == ()
    assert figures(sample((LILLE, 12, {5: 3, 1: 9})))["satisfaction",].flags == ()


def test_nobody_answered_is_said_and_is_no_zero():
    found = figures(sample((LILLE, 800, {}), (LYON, 40, {2: 20})), ["site"])
    assert (found["satisfaction", "lille"].value, found["satisfaction", "lille"].n) == (None, 0)
    assert found["satisfaction", "lille"].flags == ("no-answers",)


def test_caveats_go_with_what_is_shown_and_a_low_response_takes_the_interval_away():
    plain = figures(sample((LILLE, 800, {5: 40, 1: 20})), caveats=("seed-late",))["satisfaction",]
    assert plain.flags == ("seed-late",) and plain.lower is not None
    low = figures(sample((LILLE, 800, {5: 40, 1: 20})), caveats=("low-response-rate",))["satisfaction",]
    assert low.value is not None and low.lower is None


def test_a_question_that_changed_inside_the_period_has_no_figure():
    found = figures(sample((LILLE, 800, {5: 40, 1: 20})), broken=frozenset({"q1"}))["satisfaction",]
    assert (found.value, found.flags) == (None, ("series-break",))


@pytest.mark.parametrize("web_answers, flags", [(40, ()), (30, ("web-only",))])
def test_a_question_of_the_web_is_marked_when_those_who_stayed_with_sms_missed_it(web_answers, flags):
    by_sms = sample((LILLE, 60, {5: 25, 1: 15}))
    cells = (*by_sms.cells, Cell(by_sms.cells[0].stratum, LILLE, "q3", 7, web_answers))
    effort = Asked("q3", "effort", None, (1, 7), "cccc", web_only=True)
    survey = Survey(tuple(readings([SATISFACTION, effort])), Sample(by_sms.frame, cells), by_sms=True)
    found = {f.indicator: f for f in survey_figures(survey, [], OCTOBER)}
    assert found["effort"].flags == flags
    assert found["satisfaction"].flags == ()
