"""What must hold for every sample, whatever its numbers."""

from dataclasses import replace

import pytest
from hypothesis import given as hypothesis_given
from hypothesis import settings
from hypothesis import strategies as st

from estimation import (
    Cell,
    DomainStratum,
    Stratum,
    adjusted_p_values,
    design_effect_of_weights,
    domain_mean,
    domain_nps,
    domain_proportion,
    kaplan_meier,
    nps,
    poisson_rate,
    post_stratified_mean,
    proportion,
    proportion_difference,
    stratified_mean,
    stratified_nps,
    stratified_proportion,
    stratified_quantile,
)


def given(*strategies):
    """Hypothesis without a deadline: a machine that is busy is no fault of a formula."""
    return lambda test: settings(deadline=None, max_examples=60)(hypothesis_given(*strategies)(test))


LEVELS = st.sampled_from([0.8, 0.9, 0.95, 0.99])
SCORES = st.dictionaries(st.integers(0, 10), st.integers(0, 30), min_size=1, max_size=6)


@st.composite
def a_stratum(draw, label="stratum"):
    """A stratum with two respondents at least."""
    counts = draw(SCORES.filter(lambda counts: sum(counts.values()) >= 2))
    return Stratum(label, sum(counts.values()) + draw(st.integers(0, 5000)), counts)


@st.composite
def a_sample(draw, most=6):
    size = draw(st.integers(1, most))
    return [replace(draw(a_stratum()), label=str(place)) for place in range(size)]


@st.composite
def a_domain(draw):
    """Strata of which some respondents are outside the domain; somebody is inside."""
    others = st.integers(0, 40)
    return [
        DomainStratum(one.label, one.population_size + extra, one.n + extra, one.counts)
        for one in draw(a_sample())
        for extra in [draw(others)]
    ]


def close(one, other):
    return one == pytest.approx(other, rel=1e-9, abs=1e-9)


@given(a_sample(), st.randoms())
def test_the_order_of_strata_does_not_matter(strata, random):
    shuffled = random.sample(strata, len(strata))
    assert stratified_mean(shuffled) == stratified_mean(strata)
    assert stratified_proportion(shuffled, {9, 10}) == stratified_proportion(strata, {9, 10})
    assert stratified_nps(shuffled) == stratified_nps(strata)


@given(a_sample())
def test_the_order_of_scores_does_not_matter(strata):
    turned = [replace(one, counts=dict(reversed(one.counts.items()))) for one in strata]
    assert stratified_mean(turned) == stratified_mean(strata)


@given(a_stratum())
def test_one_stratum_is_a_simple_random_sample(stratum):
    stratified, simple = stratified_nps([stratum]), nps(stratum.counts, stratum.population_size)
    assert close(stratified.estimate, simple.estimate)
    assert close(stratified.std_error, simple.std_error)
    assert close(stratified.adjusted_wald, simple.adjusted_wald)


@given(a_stratum(), st.integers(2, 4))
def test_cutting_a_stratum_into_equals_keeps_the_estimate(stratum, pieces):
    equals = [replace(stratum, label=str(piece)) for piece in range(pieces)]
    merged = Stratum(
        "merged", stratum.population_size * pieces, {score: n * pieces for score, n in stratum.counts.items()}
    )
    assert close(stratified_mean(equals).estimate, stratified_mean([merged]).estimate)
    sizes = [stratified_proportion(strata, {10}, fpc=False).n_design for strata in (equals, [merged])]
    assert close(*sizes)


@given(a_sample(), st.integers(2, 9))
def test_without_correction_only_relative_sizes_count(strata, factor):
    grown = [replace(one, population_size=one.population_size * factor) for one in strata]
    assert close(stratified_mean(grown, fpc=False).estimate, stratified_mean(strata, fpc=False).estimate)
    assert close(stratified_mean(grown, fpc=False).std_error, stratified_mean(strata, fpc=False).std_error)


@given(a_sample(), st.integers(-5, 5))
def test_moving_every_score_moves_the_mean_alone(strata, shift):
    moved = [replace(one, counts={score + shift: n for score, n in one.counts.items()}) for one in strata]
    assert close(stratified_mean(moved).estimate, stratified_mean(strata).estimate + shift)
    assert close(stratified_mean(moved).std_error, stratified_mean(strata).std_error)


@given(a_sample())
def test_a_larger_frame_never_narrows_the_error(strata):
    assert stratified_mean(strata).std_error <= stratified_mean(strata, fpc=False).std_error


@given(a_domain(), LEVELS)
def test_domain_limits_hold_the_estimate_and_stay_on_the_scale(strata, level):
    share = domain_proportion(strata, {9, 10}, confidence_level=level)
    for interval in (share.intervals.wilson_design, share.intervals.korn_graubard, share.intervals.logit):
        assert interval is None or 0 <= interval.lower <= share.estimate + 1e-12
        assert interval is None or share.estimate - 1e-12 <= interval.upper <= 1
    score = domain_nps(strata, confidence_level=level)
    if score.adjusted_wald is not None:
        assert -100 <= score.adjusted_wald.lower <= score.adjusted_wald.upper <= 100


@given(a_domain())
def test_yes_and_no_mirror_each_other(strata):
    yes, no = domain_proportion(strata, {9, 10}), domain_proportion(strata, set(range(9)))
    assert close(yes.estimate, 1 - no.estimate)
    if yes.intervals.wilson_design is not None:
        lower, upper = yes.intervals.wilson_design
        assert close(no.intervals.wilson_design, (1 - upper, 1 - lower))


@given(a_domain())
def test_a_net_score_is_the_mean_of_its_signs(strata):
    signs = [DomainStratum(one.label, one.population_size, one.respondents, signed(one.counts)) for one in strata]
    score, mean = domain_nps(strata), domain_mean(signs)
    assert close(score.estimate, mean.estimate)
    assert close(score.std_error, mean.std_error)
    assert close(score.estimate, 100 * (score.promoter_share - score.detractor_share))


def signed(counts):
    return {
        100: sum(n for score, n in counts.items() if score >= 9),
        0: sum(n for score, n in counts.items() if score in (7, 8)),
        -100: sum(n for score, n in counts.items() if score <= 6),
    }


@given(a_domain())
def test_more_confidence_is_never_narrower(strata):
    levels = (0.8, 0.95, 0.99)
    shares = [domain_proportion(strata, {9, 10}, confidence_level=level).intervals.wilson_design for level in levels]
    means = [domain_mean(strata, confidence_level=level) for level in levels]
    if means[0].lower is not None:
        assert means[0].upper - means[0].lower <= means[1].upper - means[1].lower <= means[2].upper - means[2].lower
    if shares[0] is not None:
        assert shares[0].upper - shares[0].lower <= shares[2].upper - shares[2].lower + 1e-12


@given(st.integers(0, 300), st.integers(0, 300), LEVELS)
def test_limits_of_a_simple_share_hold_it(successes, failures, level):
    n = max(successes + failures, 1)
    share = proportion(min(successes, n), n, level)
    for interval in (share.intervals.wilson, share.intervals.wilson_cc, share.intervals.clopper_pearson):
        assert 0 <= interval.lower <= share.estimate <= interval.upper <= 1
    assert share.intervals.wilson_cc.lower <= share.intervals.wilson.lower
    assert share.intervals.wilson.upper <= share.intervals.wilson_cc.upper


@given(st.integers(0, 40), st.integers(1, 40), st.integers(0, 40), st.integers(1, 40))
def test_a_difference_turned_round_changes_its_sign(one, n_one, other, n_other):
    one, other = min(one, n_one), min(other, n_other)
    there, back = proportion_difference(one, n_one, other, n_other), proportion_difference(other, n_other, one, n_one)
    for name in ("newcombe_hybrid_score", "miettinen_nurminen"):
        lower, upper = getattr(there.intervals, name)
        assert -1 <= lower <= there.estimate + 1e-9 and there.estimate - 1e-9 <= upper <= 1
        assert getattr(back.intervals, name) == pytest.approx((-upper, -lower), abs=1e-7)


@given(st.integers(0, 5000), st.floats(1, 1e6))
def test_a_rate_lies_within_its_limits(count, exposure):
    rate = poisson_rate(count, exposure, per=1000)
    assert 0 <= rate.lower <= rate.rate < rate.upper


@given(a_sample(), st.floats(0.05, 0.95))
def test_a_quantile_is_an_answer_within_its_limits(strata, share):
    quantile = stratified_quantile(strata, share)
    assert any(quantile.estimate in one.counts for one in strata)
    assert quantile.lower is None or quantile.lower <= quantile.estimate
    assert quantile.upper is None or quantile.estimate <= quantile.upper


@given(st.lists(st.tuples(st.integers(0, 60), st.booleans()), min_size=1, max_size=60))
def test_a_survival_curve_falls_and_its_limits_hold_it(spells):
    curve = kaplan_meier([time for time, _ in spells], [event for _, event in spells])
    values = [1.0, *(point.survival for point in curve.points)]
    assert values == sorted(values, reverse=True)
    for point in curve.points:
        assert point.log_log is None or point.log_log.lower <= point.survival <= point.log_log.upper


@given(st.lists(st.floats(0, 1), min_size=1, max_size=20), st.randoms())
def test_adjusted_p_values_follow_their_tests(p_values, random):
    order = random.sample(range(len(p_values)), len(p_values))
    adjusted, shuffled = adjusted_p_values(p_values), adjusted_p_values([p_values[place] for place in order])
    assert shuffled.holm == tuple(adjusted.holm[place] for place in order)
    for p, holm, hochberg, bonferroni in zip(
        p_values, adjusted.holm, adjusted.hochberg, adjusted.bonferroni, strict=True
    ):
        assert p <= hochberg <= holm <= bonferroni <= 1


@given(st.lists(st.floats(0.1, 100), min_size=1, max_size=30), st.floats(0.01, 100))
def test_the_scale_of_weights_does_not_matter(weights, factor):
    effect, scaled = design_effect_of_weights(weights), design_effect_of_weights([one * factor for one in weights])
    assert close(scaled.deff_weighting, effect.deff_weighting)
    assert effect.deff_weighting >= 1 - 1e-12


@given(a_sample(most=3), st.integers(2, 20))
def test_the_scale_of_known_totals_does_not_matter_to_the_mean(strata, factor):
    cells = [
        Cell(one.label, one.population_size, {"tenure": "new" if score < 6 else "old"}, score, count)
        for one in strata
        for score, count in one.counts.items()
        if count
    ]
    totals = {cell.groups["tenure"]: 100.0 for cell in cells}
    grown = {group: total * factor for group, total in totals.items()}
    once, again = post_stratified_mean(cells, "tenure", totals), post_stratified_mean(cells, "tenure", grown)
    assert close(once.estimate, again.estimate)
    assert once.std_error == pytest.approx(again.std_error, rel=1e-6, abs=1e-6)
