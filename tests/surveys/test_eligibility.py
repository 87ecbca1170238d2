from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest

from surveys.eligibility import Address, Rules, address_of, standing, stratum_values

AT = datetime(2026, 11, 3, 8, 0, tzinfo=UTC)


@dataclass
class Row:
    customer_id: int | None = 1
    direction: str = "in"
    outcome: str = "answered"
    started_at: datetime = AT - timedelta(days=3)
    site_key: str = "lille"
    channel: str = "phone"
    facts: dict = field(default_factory=dict)


def stands(row, rules=Rules(), suppressed=None):  # noqa: B008
    return tuple(standing(row, rules, AT, suppressed or {}))


def test_an_answered_contact_is_eligible():
    assert stands(Row()) == ("eligible", "")


@pytest.mark.parametrize("outcome", ["abandoned", "unanswered", "unknown"])
def test_who_was_not_answered_is_ineligible_and_the_outcome_is_said(outcome):
    assert stands(Row(outcome=outcome)) == ("ineligible", f"outcome-{outcome}")


def test_only_the_directions_of_the_programme_are_eligible():
    assert stands(Row(direction="out"), Rules(directions=("in",))) == ("ineligible", "direction")


@pytest.mark.parametrize(
    "age, expected", [(timedelta(days=10), "eligible"), (timedelta(days=10, seconds=1), "ineligible")]
)
def test_the_oldest_contact_allowed_is_eligible_and_a_second_more_is_too_old(age, expected):
    assert stands(Row(started_at=AT - age), Rules(max_age_days=10))[0] == expected


def test_an_ineligible_contact_is_not_counted_as_suppressed_too():
    assert stands(Row(outcome="abandoned"), suppressed={1: "opted-out"}) == ("ineligible", "outcome-abandoned")


def test_who_may_not_be_asked_now_is_suppressed_with_the_reason():
    assert stands(Row(), suppressed={1: "hold-complaint"}) == ("suppressed", "hold-complaint")
    assert stands(Row(customer_id=None), suppressed={None: "no-address"}) == ("suppressed", "no-address")


@pytest.mark.parametrize(
    "collection, phone, email, stopped, expected",
    [
        ("sms", "+33612345678", "a@example.org", set(), Address("sms", "+33612345678")),
        ("sms", None, "a@example.org", set(), "no-address"),
        ("sms", "+33612345678", None, {"+33612345678"}, "opted-out"),
        ("web", "+33612345678", "a@example.org", set(), Address("sms", "+33612345678")),
        ("web", None, "a@example.org", set(), Address("email", "a@example.org")),
        ("web", "+33612345678", "a@example.org", {"+33612345678"}, Address("email", "a@example.org")),
        ("web", "+33612345678", "a@example.org", {"+33612345678", "a@example.org"}, "opted-out"),
        ("web", None, None, set(), "no-address"),
    ],
)
def test_where_a_customer_is_written_to(collection, phone, email, stopped, expected):
    assert address_of(collection, phone, email, stopped) == expected


def test_strata_come_from_fields_and_from_facts_and_gaps_stay_empty():
    row = Row(facts={"tier": "gold", "topic": None})
    assert stratum_values(row, ["site", "channel", "facts.tier", "facts.topic", "facts.gone"]) == [
        "lille",
        "phone",
        "gold",
        "",
        "",
    ]
