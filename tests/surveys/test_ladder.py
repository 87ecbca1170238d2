import pytest
from hypothesis import given
from hypothesis import strategies as st

from estimation.response_rates import Outcomes, outcome_rates
from surveys.dispositions import DISPOSITIONS
from surveys.ladder import InvitationCount, UnitCount, ladder

UNITS = [
    UnitCount("Lille · phone", "eligible", "", 60, 20),
    UnitCount("Lille · phone", "ineligible", "outcome-abandoned", 10, 0),
    UnitCount("Lyon · chat", "eligible", "", 30, 10),
    UnitCount("Lyon · chat", "suppressed", "opted-out", 4, 0),
    UnitCount("Lyon · chat", "suppressed", "same-customer", 3, 0),
]
INVITATIONS = [
    InvitationCount("Lille · phone", "completed", 8, 8, 8, 8, 8),
    InvitationCount("Lille · phone", "delivered", 10, 10, 10, 0, 0),
    InvitationCount("Lille · phone", "undeliverable", 2, 0, 0, 0, 0),
    InvitationCount("Lyon · chat", "completed", 2, 2, 2, 2, 2),
    InvitationCount("Lyon · chat", "started", 1, 1, 1, 1, 0),
    InvitationCount("Lyon · chat", "not_sent", 7, 0, 0, 0, 0),
]


def test_the_population_is_the_sum_of_its_parts():
    found = ladder(UNITS, INVITATIONS, sends_messages=True)
    overall = found.overall
    assert overall.population == 107
    assert (overall.ineligible.total(), overall.suppressed.total(), overall.eligible) == (10, 7, 90)
    assert overall.steps == (90, 30, 21, 21, 11, 10)
    assert found.adds_up


def test_the_strata_sum_to_the_whole():
    found = ladder(UNITS, INVITATIONS, sends_messages=True)
    assert list(found.strata) == ["Lille · phone", "Lyon · chat"]
    assert sum(rungs.population for rungs in found.strata.values()) == found.overall.population
    assert sum((rungs.dispositions for rungs in found.strata.values()), start=type(found.overall.dispositions)()) == (
        found.overall.dispositions
    )


def test_rr1_counts_every_drawn_contact_but_the_not_eligible():
    # AAPOR: I 10; R 1 (begun); UO 10 delivered + 7 not sent; NE 2 out of the denominator.
    rate = ladder(UNITS, INVITATIONS, sends_messages=True).overall.rr1
    assert (rate.successes, rate.of) == (10, 28)
    assert rate.value == pytest.approx(0.35714, abs=1e-5)
    assert rate.value == outcome_rates(Outcomes(10, 0, 1, 0, 0, 0, 17), eligibility=1).rr1


def test_where_answers_come_by_file_no_message_is_counted():
    found = ladder(
        [UnitCount("billing", "eligible", "", 50, 20)],
        [InvitationCount("billing", "completed", 20, 0, 0, 20, 20)],
        sends_messages=False,
    )
    assert found.overall.steps == (50, 20, None, None, 20, 20)
    assert found.adds_up


def test_a_lost_invitation_is_seen():
    assert not ladder(UNITS, INVITATIONS[1:], sends_messages=True).adds_up


def test_an_empty_draw_adds_up_and_has_no_rate():
    found = ladder([], [], sends_messages=True)
    assert found.adds_up
    assert found.overall.rr1.value is None


units = st.builds(
    UnitCount,
    st.sampled_from("abc"),
    st.sampled_from(["ineligible", "suppressed"]),
    st.sampled_from(["x", "y"]),
    st.integers(0, 50),
    st.just(0),
)
eligible = st.tuples(
    st.sampled_from("abc"), st.lists(st.sampled_from(sorted(DISPOSITIONS)), max_size=20), st.integers(0, 9)
)


@given(st.lists(units), st.lists(eligible))
def test_whatever_happens_to_the_drawn_everything_adds_up(excluded, strata):
    counts = [
        *excluded,
        *(UnitCount(name, "eligible", "", len(drawn) + rest, len(drawn)) for name, drawn, rest in strata),
    ]
    invitations = [InvitationCount(name, one, 1, 0, 0, 0, 0) for name, drawn, _ in strata for one in drawn]
    found = ladder(counts, invitations, sends_messages=True)
    assert found.adds_up
    assert found.overall.population == sum(count.contacts for count in counts)
