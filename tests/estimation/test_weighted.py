"""Answers with unequal weights, several of one person: against other software, another algebra, and the strata."""

import math
from collections import defaultdict

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
)
from estimation.weighted import (
    WeightedAnswer,
    horvitz_thompson_mean,
    merged_classes,
    weighted_mean,
    weighted_nps,
    weighted_proportion,
)

#: (person, weight, score): eight persons, four of whom answered more than once.
ROWS = [
    (1, 2.5, 4), (1, 4.0, 2), (2, 3.0, 5), (3, 10.0, 3), (3, 1.5, 3), (3, 2.0, 1), (4, 6.0, 5), (5, 5.0, 4),
    (6, 8.0, 2), (6, 8.0, 5), (7, 1.0, 1), (8, 3.5, 4),
]  # fmt: skip
IN_DOMAIN = (1, 1, 0, 1, 1, 0, 1, 0, 1, 1, 0, 1)


def _answers(members=(1,) * 12):
    return [
        WeightedAnswer("all", person, weight, score, bool(member))
        for (person, weight, score), member in zip(ROWS, members, strict=True)
    ]


def test_a_clustered_weighted_mean_is_that_of_samplics_and_svy():
    # samplics 0.6.1, TaylorEstimator(mean).estimate(y, samp_weight, psu), and svy 0.35.0, which also gives the limits.
    mean = weighted_mean({"all": 1000}, _answers(), fpc=False)
    assert mean.estimate == pytest.approx(3.4954128440366974, abs=1e-12)
    assert mean.std_error == pytest.approx(0.3126823842899688, abs=1e-12)
    assert (mean.df, mean.persons, mean.n) == (7, 8, 12)
    assert (mean.lower, mean.upper) == (pytest.approx(2.7560, abs=5e-5), pytest.approx(4.2348, abs=5e-5))


def test_a_clustered_weighted_share_and_a_domain_are_those_of_samplics():
    share = weighted_proportion({"all": 1000}, _answers(), {4, 5}, fpc=False)
    assert (share.estimate, share.std_error) == (
        pytest.approx(0.5137614678899083, abs=1e-12),
        pytest.approx(0.16242815191025808, abs=1e-12),
    )
    domain = weighted_mean({"all": 1000}, _answers(IN_DOMAIN), fpc=False)
    assert (domain.estimate, domain.std_error) == (
        pytest.approx(3.5057471264367814, abs=1e-12),
        pytest.approx(0.29091618379243683, abs=1e-12),
    )


def test_a_clustered_net_score_is_that_of_samplics():
    scores = {5: 10, 4: 8, 3: 7, 2: 3, 1: 0}
    score = weighted_nps({"all": 1000}, [one._replace(value=scores[one.value]) for one in _answers()], fpc=False)
    assert score.estimate == pytest.approx(100 * 0.03669724770642202, abs=1e-10)
    assert score.std_error == pytest.approx(100 * 0.16106197735440528, abs=1e-10)


CLASSES = {"a": 400, "b": 90}


def _two_classes():
    return [one._replace(label="a" if index % 3 else "b") for index, one in enumerate(_answers(IN_DOMAIN))]


def _by_pairs(answers, sizes):
    """The same variance by another road: a double sum over pairs of answers of one person, in plain Python."""
    total, persons = defaultdict(float), defaultdict(set)
    for one in answers:
        total[one.label] += one.weight
        persons[one.label].add(one.person)
    w = [one.weight * sizes[one.label] / total[one.label] for one in answers]
    inside = math.fsum(x for x, one in zip(w, answers, strict=True) if one.member)
    mean = math.fsum(x * one.value for x, one in zip(w, answers, strict=True) if one.member) / inside
    centre = {
        label: math.fsum(
            x * (one.value - mean) for x, one in zip(w, answers, strict=True) if one.label == label and one.member
        )
        / sizes[label]
        for label in sizes
    }
    e = [((one.value - mean) if one.member else 0.0) - centre[one.label] for one in answers]
    lost = {label: len(persons[label]) / (len(persons[label]) - 1) for label in sizes}
    found = 0.0
    for i, first in enumerate(answers):
        for j, other in enumerate(answers):
            if first.person == other.person:
                cross = math.sqrt(lost[first.label] * lost[other.label]) * e[i] * e[j]
                found += cross * (w[i] * w[j] - (w[i] if i == j else 0.0))
    return mean, math.sqrt(found) / inside


def test_the_variance_of_a_domain_over_classes_is_the_sum_over_pairs_of_answers_of_one_person():
    answers = _two_classes()
    mean = weighted_mean(CLASSES, answers)
    assert (mean.estimate, mean.std_error) == pytest.approx(_by_pairs(answers, CLASSES), abs=1e-12)


STRATA = {"a": (60, (1, 2, 3, 4, 5, 5)), "b": (20, (1, 1, 4, 5)), "c": (5, (3, 3, 4, 2, 5))}


def test_with_one_answer_a_person_and_equal_weights_every_figure_is_the_stratified_one():
    answers = [
        WeightedAnswer(label, f"{label}{place}", 7.0, value, place % 3 < 2)
        for label, (_size, values) in STRATA.items()
        for place, value in enumerate(values)
    ]
    sizes = {label: size for label, (size, _values) in STRATA.items()}
    strata, whole = [], [Stratum.from_values(label, size, values) for label, (size, values) in STRATA.items()]
    for label, (size, values) in STRATA.items():
        inside = [value for place, value in enumerate(values) if place % 3 < 2]
        strata.append(DomainStratum(label, size, len(values), {v: inside.count(v) for v in inside}))
    mean, expected = weighted_mean(sizes, answers), domain_mean(strata)
    for name in ("n", "estimate", "std_error", "df", "lower", "upper"):
        assert getattr(mean, name) == pytest.approx(getattr(expected, name), abs=1e-12)
    everybody = weighted_mean(sizes, [one._replace(member=True) for one in answers])
    assert everybody.std_error == pytest.approx(stratified_mean(whole).std_error, abs=1e-12)
    share, expected = weighted_proportion(sizes, answers, {4, 5}), domain_proportion(strata, {4, 5})
    for name in ("estimate", "std_error", "df", "n_effective", "n_design", "n_star"):
        assert getattr(share, name) == pytest.approx(getattr(expected, name), abs=1e-12)
    assert share.intervals.wilson_design == pytest.approx(expected.intervals.wilson_design, abs=1e-12)
    score, expected = weighted_nps(sizes, answers), domain_nps(strata)
    assert (score.estimate, score.std_error, *score.adjusted_wald) == pytest.approx(
        (expected.estimate, expected.std_error, *expected.adjusted_wald), abs=1e-10
    )


def test_several_answers_of_one_person_count_for_less_than_as_many_of_different_ones():
    alone = [WeightedAnswer("all", place, 10.0, value) for place, value in enumerate((5, 5, 5, 1, 1, 1, 4, 4, 4))]
    together = [one._replace(person=one.person // 3) for one in alone]
    apart, held = (weighted_proportion({"all": 90}, answers, {4, 5}) for answers in (alone, together))
    assert held.std_error > 1.5 * apart.std_error
    assert held.n_star < apart.n_star / 2
    assert (held.df, apart.df) == (2, 8)


def test_when_everybody_of_the_population_answered_the_mean_is_certain():
    answers = [WeightedAnswer("all", place, 1.0, value) for place, value in enumerate((5, 4, 1))]
    mean, share = weighted_mean({"all": 3}, answers), weighted_proportion({"all": 3}, answers, {4, 5})
    assert (mean.std_error, share.n_star) == (0.0, None)
    assert share.intervals.wilson_design == (share.estimate, share.estimate)


def test_a_class_of_one_person_or_of_none_is_refused_and_so_are_weights_that_are_none():
    answers = _two_classes()
    with pytest.raises(EmptyStratum) as empty:
        weighted_mean(CLASSES | {"c": 4}, answers)
    assert empty.value.facts == ("c",)
    with pytest.raises(SingleUnitStratum) as lonely:
        weighted_mean({"a": 50, "b": 9}, [WeightedAnswer("a", 1, 2.0, 3), WeightedAnswer("a", 1, 2.0, 4),
                                          WeightedAnswer("b", 2, 1.0, 1), WeightedAnswer("b", 3, 1.0, 1)])  # fmt: skip
    assert lonely.value.facts == ("a",)
    with pytest.raises(NoAnswers):
        weighted_mean({"all": 9}, [WeightedAnswer("all", 1, 1.0, 3, False)])
    with pytest.raises(InvalidInput):
        weighted_mean({"all": 9}, [WeightedAnswer("all", 1, 0.0, 3)])


def test_the_horvitz_thompson_mean_divides_by_the_known_population():
    assert horvitz_thompson_mean(10, [(4, 0.5), (1, 0.25)]) == pytest.approx((8 + 4) / 10)


def test_small_classes_are_joined_with_their_neighbours_in_the_declared_order():
    classes = {"a": 5, "b": 50, "c": 0, "d": 50, "e": 9}
    told = merged_classes(classes, {"a": 3, "b": 8, "d": 12, "e": 4})
    assert told == {"a": "a", "b": "a", "d": "d", "e": "d"}
    assert merged_classes({"a": 5, "b": 5}, {"b": 2}) == {"a": "a", "b": "a"}
    assert merged_classes({"a": 5, "b": 5}, {"a": 10, "b": 10}) == {"a": "a", "b": "b"}
