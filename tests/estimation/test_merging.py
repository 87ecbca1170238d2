"""Strata with few respondents: merged as declared, never across a border, and weighted as one."""

import pytest
from hypothesis import strategies as st

from estimation import (
    ClassCounts,
    CollapseOrder,
    EstimationError,
    InvalidInput,
    OrderExhausted,
    StratumAnswers,
    WeightedAnswer,
    merged_along,
    merged_cells,
    merged_weights,
    raked_mean,
    raked_nps,
    raked_proportion,
    weighted_mean,
    weighted_nps,
    weighted_proportion,
)
from tests.estimation.profiles import given

ORDER = CollapseOrder(("principal", "site", "channel"), ("channel", "site"))


def counts(population, respondents, drawn=None):
    return ClassCounts(population, respondents if drawn is None else drawn, respondents)


def classes(**respondents):
    """``belline_lille_phone=12``: 12 respondents of 20 drawn of 100 contacts."""
    return {tuple(name.split("_")): counts(100, n, drawn=20) for name, n in respondents.items()}


def test_channels_are_merged_within_their_site_first():
    merging = merged_along(
        ORDER, classes(b_lille_phone=12, b_lille_mail=4, b_lille_chat=11, b_metz_phone=10, b_metz_mail=15)
    )
    assert merging.mapping == {
        ("b", "lille", "chat"): ("b", "lille", "chat"),
        ("b", "lille", "mail"): ("b", "lille", "chat"),
        ("b", "lille", "phone"): ("b", "lille", "phone"),
        ("b", "metz", "phone"): ("b", "metz", "phone"),
        ("b", "metz", "mail"): ("b", "metz", "mail"),
    }
    [merge] = merging.merges
    assert merge.joined == (("b", "lille", "chat"), ("b", "lille", "mail"))
    assert (merge.name, merge.across, merge.counts) == (("b", "lille", "chat"), "channel", ClassCounts(200, 40, 15))


def test_sites_are_merged_only_where_a_whole_site_is_short():
    merging = merged_along(ORDER, classes(b_lille_phone=3, b_lille_mail=4, b_metz_phone=14, b_metz_mail=12))
    [merge] = merging.merges
    assert merge.across == "site"
    assert merge.joined == (("b", "lille", "mail"), ("b", "lille", "phone"), ("b", "metz", "mail"))


def test_a_principal_is_never_merged_with_another():
    with pytest.raises(OrderExhausted) as refusal:
        merged_along(ORDER, classes(b_lille_phone=3, b_metz_phone=4, c_metz_phone=19))
    assert refusal.value.code == "order_exhausted"
    assert refusal.value.facts == ((("b", "lille", "phone"), ("b", "metz", "phone")),)


def test_without_an_order_nothing_is_merged():
    fixed = CollapseOrder(("site",), ())
    assert merged_along(fixed, {("a",): counts(50, 10), ("b",): counts(50, 30)}).merges == ()
    with pytest.raises(OrderExhausted):
        merged_along(fixed, {("a",): counts(50, 9), ("b",): counts(50, 30)})


def test_strata_without_contacts_stand_aside():
    merging = merged_along(ORDER, {("b", "x", "y"): counts(0, 0), ("b", "x", "z"): counts(30, 12)})
    assert list(merging.mapping) == [("b", "x", "z")]


def test_an_order_that_cannot_be_read_is_refused():
    for attempt in (
        lambda: CollapseOrder(("site",), ("channel",)),
        lambda: CollapseOrder(("site", "site"), ()),
        lambda: merged_along(ORDER, {("only", "two"): counts(5, 5)}),
        lambda: ClassCounts(10, 4, 5),
    ):
        with pytest.raises(InvalidInput):
            attempt()


def test_respondents_of_a_class_stand_for_its_contacts_at_the_rates_they_were_drawn():
    """100 contacts drawn 1 in 5, 300 drawn 1 in 10: base weights 5 and 10; 4 and 8 answered, 5x4 + 10x8 = 100."""
    strata = {("b", "l", "mail"): counts(100, 4, drawn=20), ("b", "l", "phone"): counts(300, 8, drawn=30)}
    merging = merged_along(ORDER, strata)
    assert merged_weights(strata, merging) == pytest.approx({("b", "l", "mail"): 20.0, ("b", "l", "phone"): 40.0})


@st.composite
def some_strata(draw, principals="pq", fewest=0, least=1):
    names = draw(
        st.lists(
            st.tuples(st.sampled_from(principals), st.sampled_from("abc"), st.sampled_from("xyz")),
            min_size=least,
            max_size=12,
            unique=True,
        )
    )
    strata = {}
    for name in names:
        respondents = draw(st.integers(fewest, 25))
        drawn = respondents + draw(st.integers(0, 20))
        strata[name] = ClassCounts(drawn + draw(st.integers(0, 200)), drawn, respondents)
    return strata


def merged_or_none(strata, least=10):
    try:
        return merged_along(ORDER, strata, least)
    except OrderExhausted:
        return None


@given(some_strata())
def test_every_class_has_enough_or_its_principal_has_not(strata):
    merging = merged_or_none(strata)
    if merging is not None:
        assert all(one.respondents >= 10 for one in merging.classes.values())
    else:
        totals = [sum(c.respondents for name, c in strata.items() if name[0] == p) for p in "pq"]
        assert any(
            total < 10 and any(c.population for name, c in strata.items() if name[0] == p)
            for p, total in zip("pq", totals, strict=True)
        )


@given(some_strata())
def test_merging_loses_nobody(strata):
    if (merging := merged_or_none(strata)) is not None:
        assert sum(one.population for one in merging.classes.values()) == sum(c.population for c in strata.values())
        assert sum(one.respondents for one in merging.classes.values()) == sum(
            c.respondents for c in strata.values() if c.population
        )


@given(some_strata())
def test_no_class_crosses_a_principal(strata):
    if (merging := merged_or_none(strata)) is not None:
        assert all(name[0] == into[0] for name, into in merging.mapping.items())


@given(some_strata(), st.randoms())
def test_the_order_in_which_strata_are_told_does_not_matter(strata, random):
    names = random.sample(list(strata), len(strata))
    assert merged_or_none({name: strata[name] for name in names}) == merged_or_none(strata)


@given(some_strata())
def test_what_has_enough_stays_as_it_is(strata):
    if all(one.respondents >= 10 for one in strata.values()):
        assert merged_along(ORDER, strata).merges == ()
    assert merged_along(ORDER, strata, least=0).merges == ()


@given(some_strata())
def test_asking_for_fewer_never_makes_coarser_classes(strata):
    many, few = merged_or_none(strata, 10), merged_or_none(strata, 3)
    if many is not None:
        assert few is not None
        assert len(few.classes) >= len(many.classes)


@given(some_strata())
def test_weights_add_up_to_the_contacts(strata):
    if (merging := merged_or_none(strata)) is not None:
        weights = merged_weights(strata, merging)
        total = sum(weight * strata[name].respondents for name, weight in weights.items())
        assert total == pytest.approx(sum(c.population for c in strata.values()))


@st.composite
def answers_of(draw, strata):
    return [
        StratumAnswers(name, {}, draw(st.integers(0, 10)), 1)
        for name, one in strata.items()
        for _ in range(one.respondents)
    ]


@given(st.data())
def test_cells_of_merged_strata_are_weighted_answers_of_their_classes(data):
    """The same figure by another road: each answer with its base weight, against the contacts of its class."""
    strata = data.draw(some_strata("p", fewest=5, least=2))
    merging = merged_along(ORDER, strata)
    answers = data.draw(answers_of(strata))
    cells = merged_cells(ORDER, strata, merging, answers)
    sizes = {"/".join(name): one.population for name, one in merging.classes.items()}
    base = {name: one.population / max(one.drawn, 1) for name, one in strata.items()}
    rows = [
        WeightedAnswer(
            "/".join(merging.mapping[one.fields]),
            who,
            base[one.fields],
            one.score,
        )
        for who, one in enumerate(answers)
    ]
    mean, other = raked_mean(cells, {}, fpc=False), weighted_mean(sizes, rows, fpc=False)
    assert (mean.estimate, mean.std_error, mean.df) == pytest.approx((other.estimate, other.std_error, other.df))
    share = raked_proportion(cells, {}, {9, 10}, fpc=False)
    wanted = weighted_proportion(sizes, rows, {9, 10}, fpc=False)
    assert (share.estimate, share.n_design) == pytest.approx((wanted.estimate, wanted.n_design))
    assert share.intervals.wilson_design == pytest.approx(wanted.intervals.wilson_design, abs=1e-6)
    score, net = raked_nps(cells, {}, fpc=False), weighted_nps(sizes, rows, fpc=False)
    assert score.adjusted_wald == pytest.approx(net.adjusted_wald, abs=1e-4)


def test_answers_nobody_is_said_to_have_given_are_refused():
    strata = {("b", "l", "mail"): counts(100, 12)}
    merging = merged_along(ORDER, strata)
    with pytest.raises(EstimationError):
        merged_cells(ORDER, strata, merging, [StratumAnswers(("b", "l", "phone"), {}, 5, 1)])
