"""Sites compared at one mix of channels."""

import math

import pytest
from hypothesis import strategies as st

from estimation import (
    DomainStratum,
    EmptyPoststratum,
    InvalidInput,
    SingleUnitStratum,
    Stratum,
    common_mix,
    domain_mean,
    standardised_mean,
    standardised_nps,
    standardised_proportion,
    stratified_mean,
    stratified_nps,
    stratified_proportion,
)
from tests.estimation.profiles import given
from tests.estimation.samples import a_sample

LILLE = {
    "phone": [Stratum("lille phone", 900, {5: 30, 3: 10})],
    "mail": [Stratum("lille mail", 100, {5: 5, 2: 15})],
}
MIX = {"phone": 0.5, "mail": 0.5}


def test_a_site_with_much_telephone_at_half_and_half():
    mean = standardised_mean(LILLE, MIX)
    assert mean.estimate == pytest.approx(0.5 * 4.5 + 0.5 * 2.75)
    phone, mail = (stratified_mean(strata) for strata in LILLE.values())
    assert mean.std_error == pytest.approx(0.5 * math.hypot(phone.std_error, mail.std_error))
    share = standardised_proportion(LILLE, MIX, {5})
    assert share.estimate == pytest.approx(0.5)
    assert share.intervals.wilson_design.lower < 0.5 < share.intervals.wilson_design.upper


def test_the_common_mix_is_that_of_all_sites():
    assert common_mix({"lille": {"phone": 900, "mail": 100}, "metz": {"phone": 300, "mail": 300, "chat": 0}}) == {
        "phone": 0.75,
        "mail": 0.25,
    }


def test_a_channel_the_site_has_not_is_refused():
    with pytest.raises(EmptyPoststratum) as refusal:
        standardised_mean(LILLE, {**MIX, "chat": 0.2})
    assert refusal.value.facts == ("chat",)
    assert standardised_mean(LILLE, {**MIX, "chat": 0.0}).estimate == standardised_mean(LILLE, MIX).estimate


def test_a_mix_of_nothing_and_one_answer_of_many_are_refused():
    with pytest.raises(InvalidInput):
        standardised_mean(LILLE, {"phone": 0.0})
    with pytest.raises(InvalidInput):
        common_mix({})
    with pytest.raises(SingleUnitStratum):
        standardised_mean({"phone": [Stratum("one", 9, {5: 1})]}, {"phone": 1})


def test_channels_that_cut_across_a_stratum_share_its_chance():
    """One stratum of 40 respondents: 20 by telephone, 12 by mail, 8 elsewhere; variance by the sum over all 40."""
    across = {
        "phone": [DomainStratum("one", 400, 40, {5: 12, 4: 8})],
        "mail": [DomainStratum("one", 400, 40, {3: 6, 1: 6})],
    }
    z = [0.7 / 200 * (y - 4.6) for y in [5] * 12 + [4] * 8]
    z += [0.3 / 120 * (y - 2.0) for y in [3] * 6 + [1] * 6] + [0.0] * 8
    spread = sum((one - sum(z) / 40) ** 2 for one in z) / 39
    mean = standardised_mean(across, {"phone": 7, "mail": 3})
    assert mean.estimate == pytest.approx(0.7 * 4.6 + 0.3 * 2.0)
    assert mean.std_error**2 == pytest.approx(400**2 * 0.9 * spread / 40)
    assert mean.df == 31


@given(a_sample(most=4))
def test_at_its_own_mix_a_site_keeps_its_plain_figure(strata):
    channels = {one.label: [one] for one in strata}
    mix = {one.label: one.population_size for one in strata}
    mean, plain = standardised_mean(channels, mix), stratified_mean(strata)
    assert (mean.estimate, mean.std_error, mean.df) == pytest.approx((plain.estimate, plain.std_error, plain.df))
    share, whole = standardised_proportion(channels, mix, {9, 10}), stratified_proportion(strata, {9, 10})
    assert (share.estimate, share.n_design or 0) == pytest.approx((whole.estimate, whole.n_design or 0))
    score, net = standardised_nps(channels, mix), stratified_nps(strata)
    assert (score.estimate, score.std_error) == pytest.approx((net.estimate, net.std_error), abs=1e-9)


@given(a_sample(most=3), st.floats(0.01, 100))
def test_the_scale_of_the_mix_does_not_matter(strata, factor):
    channels, mix = {one.label: [one] for one in strata}, {one.label: 1.0 + place for place, one in enumerate(strata)}
    once, again = (standardised_mean(channels, {k: v * f for k, v in mix.items()}) for f in (1, factor))
    assert (once.estimate, once.std_error) == pytest.approx((again.estimate, again.std_error), abs=1e-12)


@given(a_sample(most=3))
def test_one_channel_is_the_domain_itself(strata):
    domains = [DomainStratum(one.label, one.population_size + 9, one.n + 5, one.counts) for one in strata]
    mean, plain = standardised_mean({"phone": domains}, {"phone": 1.0}), domain_mean(domains)
    assert (mean.estimate, mean.std_error, mean.df) == pytest.approx((plain.estimate, plain.std_error, plain.df))
