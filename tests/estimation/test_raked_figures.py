"""Shares, net scores and parts, raked to several margins: against R, and against what raking must keep."""

import pytest

from estimation import (
    Cell,
    ClassCounts,
    CollapseOrder,
    NoAnswers,
    Stratum,
    StratumAnswers,
    merged_along,
    merged_cells,
    raked_mean,
    raked_nps,
    raked_proportion,
    stratified_mean,
    stratified_nps,
    stratified_proportion,
)

SIZES = {"a": 400, "b": 900, "c": 250}
ROWS = """a new fr 5 9|a new en 3 6|a old fr 4 8|a old en 2 4|b new fr 5 7|b new en 4 10
b old fr 2 5|b old en 5 8|c new fr 1 6|c new en 5 5|c old fr 5 11|c old en 3 3"""
CELLS = [
    Cell(stratum, SIZES[stratum], {"stratum": stratum, "tenure": tenure, "language": language}, int(score), int(count))
    for line in ROWS.replace("\n", "|").split("|")
    for stratum, tenure, language, score, count in [line.split()]
]
MARGINS = {"tenure": {"new": 700, "old": 850}, "language": {"fr": 800, "en": 750}}


def test_raked_figures_agree_with_r():
    """R 4.2.2, survey 4.1-1: calibrate(~tenure + lang, calfun="raking"), svymean over all and over subset()."""
    mean = raked_mean(CELLS, MARGINS)
    assert (mean.estimate, mean.std_error) == pytest.approx((3.989059396909, 0.145040973661), rel=1e-9)
    for domain, expected in {
        (): (0.7344944840193, 0.0507890593935),
        (("language", "fr"),): (0.7088655818054, 0.0749576208182),
        (("stratum", "b"),): (0.7950259155178, 0.0617753380621),
    }.items():
        share = raked_proportion(CELLS, MARGINS, {4, 5}, domain=dict(domain))
        assert (share.estimate, share.std_error) == pytest.approx(expected, rel=1e-9)


def test_without_margins_it_is_the_stratified_figure():
    strata = {label: {} for label in SIZES}
    for cell in CELLS:
        strata[cell.stratum][cell.score] = strata[cell.stratum].get(cell.score, 0) + cell.count
    strata = [Stratum(label, SIZES[label], counts) for label, counts in strata.items()]
    mean, share, score = raked_mean(CELLS, {}), raked_proportion(CELLS, {}, {4, 5}), raked_nps(CELLS, {})
    plain = stratified_mean(strata)
    assert (mean.estimate, mean.lower, mean.upper) == pytest.approx((plain.estimate, plain.lower, plain.upper))
    assert share.intervals.wilson_design == pytest.approx(stratified_proportion(strata, {4, 5}).intervals.wilson_design)
    assert score.adjusted_wald == pytest.approx(stratified_nps(strata).adjusted_wald)


def test_a_net_score_is_the_difference_of_two_raked_shares():
    score = raked_nps([Cell(c.stratum, c.population_size, c.groups, 2 * c.score, c.count) for c in CELLS], MARGINS)
    promoters, detractors = (raked_proportion(CELLS, MARGINS, values) for values in ({5}, {1, 2, 3}))
    assert score.estimate == pytest.approx(100 * (promoters.estimate - detractors.estimate))
    assert (score.promoter_share, score.detractor_share) == pytest.approx((promoters.estimate, detractors.estimate))
    assert -100 < score.adjusted_wald.lower < score.estimate < score.adjusted_wald.upper < 100


def test_where_everybody_agrees_the_interval_keeps_a_width():
    share = raked_proportion(CELLS, MARGINS, {1, 2, 3, 4, 5})
    assert share.estimate == 1
    assert share.intervals.wilson_design.lower < 0.97


def test_a_part_nobody_is_in_is_refused():
    with pytest.raises(NoAnswers):
        raked_mean(CELLS, MARGINS, domain={"tenure": "gone"})


def test_sites_that_were_merged_are_still_met_as_margins():
    order = CollapseOrder(("site", "channel"), ("channel", "site"))
    sizes = {("lille", "mail"): (300, 60, 4), ("lille", "phone"): (500, 50, 5), ("metz", "mail"): (200, 40, 30)}
    strata = {fields: ClassCounts(*three) for fields, three in sizes.items()}
    merging = merged_along(order, strata)
    assert len(merging.classes) == 1
    answers = [
        StratumAnswers(fields, {"tenure": tenure}, 4 + (tenure == "new"), count)
        for fields, pairs in {
            ("lille", "mail"): {"new": 1, "old": 3},
            ("lille", "phone"): {"new": 3, "old": 2},
            ("metz", "mail"): {"new": 10, "old": 20},
        }.items()
        for tenure, count in pairs.items()
    ]
    margins = {"site": {"lille": 800, "metz": 200}, "tenure": {"new": 450, "old": 550}}
    mean = raked_mean(merged_cells(order, strata, merging, answers), margins)
    assert mean.estimate == pytest.approx(4.45)
    assert mean.std_error == pytest.approx(0, abs=1e-6)  # the margins explain every answer
    lille = sum(
        one.weight * answer.count
        for one in mean.weights
        for answer in answers
        if one.groups == {**dict(zip(("site", "channel"), answer.fields, strict=True)), **answer.groups}
        and answer.fields[0] == "lille"
    )
    assert lille == pytest.approx(800)
