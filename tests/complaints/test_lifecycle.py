"""One table says what may happen; these tests ask the table, not the code around it."""

from datetime import UTC, datetime, timedelta

import pytest

from complaints import lifecycle
from complaints.lifecycle import CUSTOMER_ACTOR, SYSTEM_ACTOR, Actor, Situation, next_act, verdict
from foundation.accounts.roles import permissions_of

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
ALICE = Actor("staff", 1, permissions_of("handler"))
BOB = Actor("staff", 2, permissions_of("reviewer"))
CAROL = Actor("staff", 3, permissions_of("manager"))
AUDITOR = Actor("staff", 4, permissions_of("auditor"))


def case(state, **changes):
    facts = {"state": state, "now": NOW, "handler_id": 1, "first_people": frozenset({1})}
    return Situation(**{**facts, **changes})


def test_every_state_is_reached_and_only_ends_have_no_way_on():
    reached = {rule.target for rule in lifecycle.RULES if rule.target} | {lifecycle.RECEIVED}
    assert reached == set(lifecycle.STATES)
    stuck = {state for state in lifecycle.STATES if state not in lifecycle.NEXT_ACTS}
    assert stuck == set(lifecycle.ENDED_STATES)


def test_no_line_is_written_twice_and_every_guard_is_known():
    lines = [(source, rule.event) for rule in lifecycle.RULES for source in rule.sources]
    assert len(lines) == len(set(lines)) == len(lifecycle.TABLE)
    assert {guard for rule in lifecycle.RULES for guard in rule.guards} == set(lifecycle.GUARDS)
    assert {reason for _, reason in lifecycle.GUARDS.values()} | {"not-now", "not-yours"} == set(lifecycle.REASONS)


def test_every_rule_names_permissions_that_some_role_has():
    held = {"customer", "system"} | {p for role in lifecycle_roles() for p in permissions_of(role)}
    assert {by for rule in lifecycle.RULES for by in rule.by} <= held


def lifecycle_roles():
    return ("handler", "reviewer", "manager", "agent", "quality", "admin")


def test_auditors_do_nothing():
    for state in lifecycle.STATES:
        assert not any(verdict(event, case(state), AUDITOR).allowed for event in lifecycle.EVENTS)


def test_the_handler_in_charge_decides_and_nobody_else():
    dana = Actor("staff", 9, permissions_of("handler"))
    assert verdict("decide", case("in_progress"), ALICE).allowed
    assert verdict("decide", case("in_progress"), dana).reason == "not-in-charge"
    assert verdict("decide", case("in_progress"), BOB).reason == "not-yours"
    assert verdict("decide", case("received"), ALICE).reason == "not-now"


@pytest.mark.parametrize("event", ["assign_appeal", "decide_appeal"])
def test_no_one_of_the_first_level_touches_the_appeal(event):
    promoted = Actor("staff", 1, permissions_of("handler") | permissions_of("reviewer"))
    refused = verdict(event, case("appeal_in_progress", handler_id=1), promoted)
    assert (refused.reason, refused.by) == ("first-handler", ("complaints.appeal",))
    in_charge = 2 if event == "decide_appeal" else 5
    assert verdict(event, case("appeal_in_progress", handler_id=in_charge), BOB).allowed


@pytest.mark.parametrize("event, state", [("assign", "in_progress"), ("assign_appeal", "appeal_in_progress")])
def test_nobody_takes_what_they_have(event, state):
    mine = case(state, handler_id=7, first_people=frozenset())
    me = Actor("staff", 7, permissions_of("handler") | permissions_of("reviewer"))
    assert verdict(event, mine, me).reason == "already-in-hand"


def test_the_window_opens_one_way_to_appeal_and_closes_the_other():
    end = NOW + timedelta(minutes=1)
    in_time = case("answered", window_until=end)
    assert verdict("file_appeal", in_time, CUSTOMER_ACTOR).allowed
    assert verdict("file_late_appeal", in_time, CUSTOMER_ACTOR).reason == "window-open"
    assert verdict("close", in_time, SYSTEM_ACTOR).reason == "window-open"
    late = case("answered", window_until=NOW)
    assert verdict("file_appeal", late, CUSTOMER_ACTOR).reason == "window-over"
    assert verdict("file_late_appeal", late, CUSTOMER_ACTOR).allowed
    assert verdict("close", late, SYSTEM_ACTOR).allowed


def test_there_is_one_appeal_a_case():
    again = case("closed", window_until=NOW, appealed=True)
    assert verdict("file_late_appeal", again, CUSTOMER_ACTOR).reason == "already-appealed"


def test_customers_act_on_their_side_only():
    mine = {event for event in lifecycle.EVENTS for state in lifecycle.STATES
            if verdict(event, case(state, window_until=NOW), CUSTOMER_ACTOR).allowed}  # fmt: skip
    assert mine == {"file_late_appeal", "withdraw", "receive_message"}


@pytest.mark.parametrize(
    "situation, actor, event, reason",
    [
        (case("received", handler_id=None), ALICE, "assign", None),
        (case("in_progress"), ALICE, "acknowledge", None),
        (case("in_progress", acknowledged=True), ALICE, "decide", None),
        (case("in_progress", acknowledged=True), CAROL, "decide", "not-in-charge"),
        (case("answered", window_until=NOW + timedelta(days=1)), ALICE, "close", "window-open"),
        (case("late_appeal"), ALICE, "accept_late_appeal", "not-yours"),
        (case("late_appeal"), CAROL, "accept_late_appeal", None),
        (case("appealed"), BOB, "assign_appeal", None),
        (case("appeal_in_progress", handler_id=2), BOB, "decide_appeal", None),
    ],
)
def test_the_next_act_is_named_even_to_those_who_may_not(situation, actor, event, reason):
    act = next_act(situation, actor)
    assert (act.event, act.reason) == (event, reason)


@pytest.mark.parametrize("state", lifecycle.ENDED_STATES)
def test_an_ended_case_has_no_next_act(state):
    assert next_act(case(state), CAROL) is None
