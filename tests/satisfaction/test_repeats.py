"""Solved at the first contact, as the log says, and how far customers say otherwise."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contacts.models import Contact, Customer
from foundation.accounts.scope import Scope
from foundation.database import db
from satisfaction.cells import Place
from satisfaction.engines import repeats_round
from satisfaction.findings import Finding, Period
from satisfaction.queries.repeats import repeat_counts
from satisfaction.repeats import Made, Repeats, followed, gap_figures, places_in, repeat_figures
from tests.satisfaction.factories import MADE_AT, create_period, create_principal, create_site

AT = datetime(2026, 10, 5, 9, tzinfo=UTC)
OCTOBER = Period(date(2026, 10, 1), date(2026, 10, 31))
LILLE = Place("lille", "phone")


def made(*days, customer=1, reason="bill", counts=True):
    return [Made(customer, reason, AT + timedelta(days=day), (1, "phone"), counts) for day in days]


@pytest.mark.parametrize(
    ("days", "again"), [((0, 7), [True, False]), ((0, 7.01), [False, False]), ((0, 0, 3), [True, True, False])]
)
def test_whoever_comes_back_within_seven_days_was_not_served(days, again):
    assert [each for _, each in followed(made(*days))] == again


def test_another_customer_or_another_reason_is_no_coming_back():
    rows = made(0) + made(1, reason="card") + made(2, customer=2, reason="card")
    assert [each for _, each in followed(rows)] == [False, False, False]


def test_a_contact_after_the_period_follows_and_does_not_count():
    assert [each for _, each in followed(made(0) + made(3, counts=False))] == [True]


@given(st.lists(st.tuples(st.integers(1, 3), st.sampled_from("ab"), st.integers(0, 30)), max_size=12))
def test_the_pass_in_order_finds_what_comparing_every_pair_finds(rows):
    ordered = sorted(rows)
    found = [each for _, each in followed(made_one(*row) for row in ordered)]
    pairs = [
        any((a, b) == (x, y) and place < other and day <= later <= day + 7
            for other, (x, y, later) in enumerate(ordered))
        for place, (a, b, day) in enumerate(ordered)
    ]  # fmt: skip
    assert found == pairs


def made_one(customer, reason, day):
    return Made(customer, reason, AT + timedelta(days=day), (1, "phone"), True)


def test_the_figure_is_of_known_customers_and_says_how_many_contacts_there_were():
    [found] = repeat_figures({LILLE: Repeats(900, 600, 90)}, [{}], OCTOBER, None)
    assert (found.value, found.n, found.population) == (0.85, 600, 900)
    assert (round(found.lower, 7), round(found.upper, 7)) == (0.8192064, 0.8763404)  # R's prop.test
    assert (round(found.lower, 7), round(found.upper, 7)) == (
        0.8192064,
        0.8763404,
    )  # R: prop.test(510, 600, correct = F)


def test_without_a_known_customer_nobody_can_be_seen_to_come_back():
    [found] = repeat_figures({LILLE: Repeats(900, 0, 0)}, [{}], OCTOBER, None)
    assert (found.value, found.flags) == (None, ("no-known-customer",))


def test_the_gap_is_told_where_both_are_and_holds_newcombes_limits():
    """56/70 less 48/80: 0.2000 (0.0524 to 0.3339), method 10 of Newcombe (1998b)."""
    from estimation import wilson

    said = Finding("solved", "share", OCTOBER, {}, 0.6, *wilson(48, 80), n=80)
    silent = Finding("solved", "share", OCTOBER, {"site": "lyon"}, None)
    logged = repeat_figures({LILLE: Repeats(70, 70, 14)}, [{}, {"site": "lyon"}], OCTOBER, None)
    [gap] = gap_figures([said, silent], logged)
    assert (round(gap.value, 4), round(gap.lower, 4), round(gap.upper, 4)) == (0.2, 0.0524, 0.3339)
    assert gap.unit == "share_difference"


def test_places_are_those_counted():
    counts = {LILLE: Repeats(1, 1, 0), Place("lyon", "email"): Repeats(1, 1, 0)}
    assert places_in(counts, []) == []
    assert places_in(counts, ["site"]) == [{"site": "lille"}, {"site": "lyon"}]


@pytest.mark.parametrize("app_name", ["app", pytest.param("pg_app", marks=pytest.mark.postgresql)])
def test_a_period_is_counted_once_the_log_goes_seven_days_beyond_it(app_name, request):
    request.getfixturevalue(app_name)
    principal, lille = create_principal(), create_site()
    period = create_period(principal)
    people = [Customer(principal_id=principal.id, created_at=MADE_AT) for _ in range(3)]
    db.session.add_all(people)
    db.session.flush()
    late_october = datetime(2026, 10, 30, 9, tzinfo=UTC)
    for place, (who, at, changes) in enumerate(
        [
            (people[0], AT, {}),
            (people[0], AT + timedelta(days=2), {}),
            (people[0], AT + timedelta(days=3), {"direction": "out"}),
            (people[1], late_october, {}),
            (people[1], late_october + timedelta(days=4), {}),
            (None, AT, {}),
            (people[2], AT, {"late": True}),
        ]
    ):
        contact(principal, lille, f"c{place}", who, at, **changes)
    db.session.commit()
    now, everything = datetime(2026, 12, 1, tzinfo=UTC), Scope(None, None)
    repeats_round(now)
    assert repeat_counts([period.id], everything) == ({}, False)
    contact(principal, lille, "later", None, datetime(2026, 11, 9, tzinfo=UTC))
    db.session.commit()
    repeats_round(now)
    assert repeat_counts([period.id], everything) == ({LILLE: Repeats(4, 3, 2)}, True)
    contact(principal, lille, "after", people[2], AT)
    db.session.commit()
    repeats_round(now)
    assert repeat_counts([period.id], everything) == ({LILLE: Repeats(4, 3, 2)}, True)


def contact(principal, site, name, customer, at, **changes):
    filled = {"channel": "phone", "direction": "in", "outcome": "answered", "reason": "bill"} | changes
    db.session.add(
        Contact(principal_id=principal.id, site_id=site.id, customer_id=customer and customer.id, source="log",
                external_id=name, started_at=at, recorded_at=at, **filled)
    )  # fmt: skip
    db.session.flush()
