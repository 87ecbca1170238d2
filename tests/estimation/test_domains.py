"""Domains that cut across strata, and domains made of whole strata."""

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
