import pytest

from surveys.eligibility import Address, Cap, Kind, Rules, address_of, ineligible_because

ANSWERED = Kind("in", "answered")


def test_an_answered_contact_is_asked_about():
    assert ineligible_because(ANSWERED, Rules()) == ""


@pytest.mark.parametrize(
    "kind, rules, reason",
    [
        ({"outcome": "abandoned"}, {}, "outcome-abandoned"),
        ({"outcome": "unknown"}, {}, "outcome-unknown"),
        ({"direction": "out"}, {"directions": ("in",)}, "direction"),
        ({"channel": "chat"}, {"channels": ("phone", "email")}, "channel"),
        ({"entry_point": "hotline"}, {"entry_points": ("sales",)}, "entry-point"),
        ({"reason": "Sales"}, {"reasons": ("Billing",)}, "reason"),
        ({"reason": "Billing2 / Refund"}, {"reasons": ("Billing",)}, "reason"),
        ({"reason": "Billing / Refund"}, {"reasons": ("Billing",)}, ""),
        ({"reason": "Billing"}, {"reasons": ("Billing",)}, ""),
        ({"language": "en"}, {"languages": ("fr",)}, "language"),
        ({"mark": "TEST"}, {"mark": "kind"}, "marked"),
        ({"mark": "Non"}, {"mark": "kind"}, ""),
        ({"consent": ""}, {"consent": "agreed"}, "no-consent"),
        ({"consent": "0"}, {"consent": "agreed"}, "no-consent"),
        ({"consent": "peut-être"}, {"consent": "agreed"}, "no-consent"),
        ({"consent": " Oui "}, {"consent": "agreed"}, ""),
        ({"in_scope": False}, {"certified_only": True}, "out-of-scope"),
        ({"in_scope": False}, {}, ""),
        ({"too_old": True}, {"max_age_days": 10}, "too-old"),
    ],
)
def test_each_rule_leaves_out_what_it_says_and_names_itself(kind, rules, reason):
    assert ineligible_because(ANSWERED._replace(**kind), Rules(**rules)) == reason


def test_the_first_rule_in_order_is_the_one_that_counts():
    everything = ANSWERED._replace(direction="out", outcome="abandoned", consent="no", too_old=True)
    rules = Rules(directions=("in",), consent="agreed", max_age_days=1)
    assert ineligible_because(everything, rules) == "direction"


def test_a_complaint_and_a_recent_answer_delay_unless_the_programme_says_otherwise():
    assert [Rules().blocks(one) for one in ("hold-complaint", "answered-lately", "hold-staff")] == [False, False, True]
    assert Rules(complaint="block").blocking == {"hold-complaint"}
    assert Rules(answered="block").blocking == {"answered-lately"}


def test_rules_are_stored_as_they_always_were_where_they_say_nothing_new():
    assert Rules().to_json() == {"outcomes": ["answered"], "directions": ["in", "out"], "max_age_days": None}


def test_rules_come_back_as_they_were_stored():
    rules = Rules(channels=("phone",), consent="agreed", complaint="block", per_agent=Cap(5, 30), answered_days=60)
    assert Rules.from_json(rules.to_json()) == rules
    assert rules.to_json()["per_agent"] == {"most": 5, "days": 30}


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
