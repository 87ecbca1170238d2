"""Domains that cut across strata, and domains made of whole strata."""

import numpy
import pytest

from estimation import (
    DomainStratum,
    EmptyStratum,
    InvalidInput,
    NoAnswers,
    SingleUnitStratum,
    Stratum,
    domain_mean,
    domain_nps,
    domain_proportion,
    stratified_mean,
    stratified_nps,
    stratified_proportion,
)

STRATA = [
    Stratum("paris/phone", 400, {2: 3, 4: 9, 5: 12}),
    Stratum("paris/email", 120, {1: 2, 4: 4, 5: 6}),
    Stratum("lyon/phone", 90, {5: 7}),
]
WHOLE = [DomainStratum(one.label, one.population_size, one.n, one.counts) for one in STRATA]
ELSEWHERE = DomainStratum("lyon/email", 300, 20, {})


def test_a_domain_of_whole_strata_has_the_stratified_mean():
    assert domain_mean(WHOLE).estimate == stratified_mean(STRATA).estimate
    assert domain_mean(WHOLE).std_error == stratified_mean(STRATA).std_error
    assert domain_mean(WHOLE).df == stratified_mean(STRATA).df


def test_a_domain_of_whole_strata_has_the_stratified_share_and_score():
    assert domain_proportion(WHOLE, {4, 5}) == stratified_proportion(STRATA, {4, 5})
    assert domain_nps(WHOLE) == stratified_nps(STRATA)


def test_strata_without_members_change_nothing():
    with_others = [*WHOLE, ELSEWHERE]
    assert domain_mean(with_others) == domain_mean(WHOLE)
    assert domain_proportion(with_others, {4, 5}) == domain_proportion(WHOLE, {4, 5})
    assert domain_nps(with_others) == domain_nps(WHOLE)


def test_a_domain_estimates_how_many_contacts_it_holds():
    half = DomainStratum("paris", 1000, 100, {5: 30, 4: 20})
    assert domain_mean([half]).domain_size_estimate == 500
    assert domain_mean(WHOLE).domain_size_std_error == 0


def test_a_census_has_no_sampling_error():
    everybody = [DomainStratum("paris", 10, 10, {10: 5, 1: 5})]
    share = domain_proportion(everybody, {10})
    assert share.intervals.wilson_design == (0.5, 0.5)
    assert (share.n_design, share.n_star, share.n_effective) == (None, None, None)
    assert domain_nps(everybody).adjusted_wald == (0, 0)


def test_full_agreement_still_has_a_width():
    satisfied = [Stratum("paris", 200, {5: 12}), Stratum("lyon", 100, {5: 8})]
    share = stratified_proportion(satisfied, {5})
    assert share.intervals.t is None
    assert share.intervals.wilson_design.lower == pytest.approx(0.84, abs=0.01)
    assert share.intervals.wilson_design.upper == 1


def test_opposite_strata_still_have_a_width():
    """One stratum all content, the other not at all: the variance is 0, the certainty is not."""
    share = stratified_proportion([Stratum("paris", 200, {5: 12}), Stratum("lyon", 200, {1: 12})], {5})
    assert share.std_error == 0
    assert share.n_effective is None
    assert share.intervals.wilson is None
    assert share.intervals.wilson_design.lower < 0.35
    assert share.intervals.wilson_design.upper > 0.65


@pytest.mark.parametrize(
    "estimate", [domain_mean, lambda strata: domain_proportion(strata, {5}), domain_nps], ids=["mean", "share", "nps"]
)
class TestRefusals:
    def test_an_empty_stratum_is_named(self, estimate):
        with pytest.raises(EmptyStratum) as refusal:
            estimate([*WHOLE, DomainStratum("lyon/email", 30, 0, {})])
        assert refusal.value.code == "empty_stratum"
        assert refusal.value.facts == ("lyon/email",)

    def test_a_stratum_without_contacts_is_no_obstacle(self, estimate):
        assert estimate([*WHOLE, DomainStratum("lyon/email", 0, 0, {})]) == estimate(WHOLE)

    def test_a_lonely_stratum_is_named(self, estimate):
        with pytest.raises(SingleUnitStratum) as refusal:
            estimate([*WHOLE, DomainStratum("lyon/email", 30, 1, {5: 1})])
        assert refusal.value.facts == ("lyon/email",)

    def test_a_stratum_of_one_contact_is_not_lonely(self, estimate):
        assert estimate([*WHOLE, DomainStratum("lyon/email", 1, 1, {10: 1})]).n == 44

    def test_a_domain_nobody_of_which_answered(self, estimate):
        with pytest.raises(NoAnswers):
            estimate([ELSEWHERE])


def test_more_members_than_respondents_is_no_sample():
    with pytest.raises(InvalidInput):
        DomainStratum("paris", 100, 3, {5: 4})


def test_more_respondents_than_contacts_is_no_sample():
    with pytest.raises(InvalidInput):
        Stratum("paris", 3, {5: 4})


# Contacts of each stratum: content members of the domain, other members, contacts outside it. Then the draw.
POPULATIONS = {
    "a quarter of every stratum": ([(90, 10, 300), (170, 30, 600), (45, 5, 150), (60, 40, 300)], [40, 80, 20, 40]),
    "small strata oversampled": ([(19, 1, 20), (18, 2, 20), (450, 50, 1500), (28, 2, 30)], [30, 30, 60, 40]),
    "nearly everybody content": ([(98, 2, 100), (195, 5, 400), (49, 1, 50)], [30, 60, 20]),
    "half of the contacts drawn": ([(70, 30, 100), (150, 50, 200), (20, 5, 75)], [100, 200, 50]),
}


@pytest.mark.parametrize(("population", "drawn"), POPULATIONS.values(), ids=POPULATIONS)
def test_the_default_interval_of_a_domain_share_covers_the_truth(population, drawn):
    """600 fixed draws: at 95 % the simulation error is 0.9 points, so 92.5 % is three of them below."""
    assert coverage(population, drawn, 600) >= 0.925


def coverage(population, drawn, draws):
    """How often the interval of ``draws`` stratified draws holds the share of the whole domain."""
    random = numpy.random.default_rng(20260101)
    truth = sum(content for content, _, _ in population) / sum(content + not_ for content, not_, _ in population)
    samples = [
        random.multivariate_hypergeometric(stratum, n, size=draws) for stratum, n in zip(population, drawn, strict=True)
    ]
    hits = 0
    for draw in zip(*samples, strict=True):
        strata = [
            DomainStratum(str(place), sum(stratum), n, {1: int(found[0]), 0: int(found[1])})
            for place, (stratum, n, found) in enumerate(zip(population, drawn, draw, strict=True))
        ]
        lower, upper = domain_proportion(strata).intervals.wilson_design
        hits += lower <= truth <= upper
    return hits / draws
