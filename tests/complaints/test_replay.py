"""Whatever happens to a case, its events alone say where it stands."""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from complaints import services
from complaints.errors import ActRefused, UnknownEvents
from complaints.replay import Event, replay
from complaints.services.turns import history
from complaints.vocabulary import APPEAL_OUTCOMES, CATEGORIES, DECISIONS
from foundation.database import db
from foundation.timing.calendars import due_date
from foundation.timing.storage import holiday_calendar
from tests.complaints.factories import a_filing, create_principal, create_site
from tests.conftest import NOW, create_user

ACTS = {
    "assign": lambda case, who, at: services.assign(case, who, at),
    "acknowledge": lambda case, who, at: services.acknowledge(case, who, at),
    "entrust": lambda case, who, at: services.entrust(case, who, max(STAFF), at),
    "place": lambda case, who, at: services.place(case, SITE[0], who, at),
    "classify": lambda case, who, at: services.classify(case, CATEGORIES[who % 3], who, at),
    "decide": lambda case, who, at: services.decide(case, DECISIONS[who % 3], "Parce que.", who, at),
    "appeal": lambda case, who, at: services.file_appeal(case, at),
    "accept": lambda case, who, at: services.accept_late_appeal(case, who, at),
    "refer": lambda case, who, at: services.refer_late_appeal(case, who, at),
    "assign appeal": lambda case, who, at: services.assign_appeal(case, who, at),
    "decide appeal": lambda case, who, at: services.decide_appeal(case, APPEAL_OUTCOMES[who % 3], "Relu.", who, at),
    "write": lambda case, who, at: services.send_message(case, "Bonjour.", who, at),
    "hear": lambda case, who, at: services.receive_message(case, "Bonjour.", at),
    "note": lambda case, who, at: services.note(case, "Noté.", who, at),
    "close": lambda case, who, at: services.close(case, who, at),
    "expire": lambda case, who, at: services.close_expired(at),
    "withdraw": lambda case, who, at: services.withdraw(case, at),
}
STAFF: list[int] = []  # of the test that runs; the last one is the manager
SITE: list[int] = []
HANDLER, REVIEWER, MANAGER = 0, 2, 3
HOURS = st.sampled_from([0, 1, 24, 24 * 9, 24 * 70])
# The way through the whole lifecycle; left alone, chance would hardly ever walk it.
ROAD = [("assign", HANDLER), ("decide", HANDLER), ("appeal", HANDLER), ("accept", MANAGER), ("assign appeal", REVIEWER),
        ("decide appeal", REVIEWER), ("close", HANDLER)]  # fmt: skip
ENDS = {"withdraw", "close", "refer"}
anything = st.lists(st.tuples(st.sampled_from(list(ACTS)), st.integers(0, 3), HOURS), max_size=4)
a_detour = st.lists(st.tuples(st.sampled_from(sorted(ACTS.keys() - ENDS)), st.integers(0, 3), HOURS), max_size=2)


@st.composite
def histories(draw):
    """Some of the road, with detours, then anything at all."""
    steps = []
    for name, who in ROAD[: draw(st.integers(0, len(ROAD)))]:
        steps += [*draw(a_detour), (name, who, draw(HOURS))]
    return steps + draw(anything)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(histories())
def test_the_stored_copies_are_what_the_events_say(app, staff_and_principal, history_of_acts):
    staff, principal = staff_and_principal
    case, at = services.file_complaint(a_filing(db.session.merge(principal)), NOW), NOW
    for name, who, hours in history_of_acts:
        at += timedelta(hours=hours)
        try:
            ACTS[name](case.id, staff[who], at)
        except ActRefused:
            continue
    db.session.flush()
    db.session.expire_all()
    assert_copies_agree(case)
    db.session.rollback()


@pytest.fixture
def staff_and_principal(app):
    STAFF[:] = [create_user(role).id for role in ("handler", "handler", "reviewer", "manager")]
    SITE[:] = [create_site(holiday_region="la-reunion", zone="Indian/Reunion").id]
    return STAFF, create_principal()


def assert_copies_agree(case):
    state = replay(history(case.id))
    assert (case.state, case.version, case.category) == (state.state, state.version, state.category)
    assert case.site_id == state.site_id
    assert (case.level, case.handler_id) == (state.stage.level, state.stage.handler_id)
    assert (case.acknowledged_at, case.ended_at) == (state.acknowledged_at, state.ended_at)
    due = state.next_due
    assert (case.due_kind, case.due_at) == ((due.promise.kind, due.promise.due_at) if due else (None, None))
    assert [stage_facts(stage) for stage in case.stages] == [stage_facts(stage) for stage in state.stages]
    assert {clock.kind: clock_facts(clock) for clock in case.clocks} == {
        kind: (found.promise.due_on, found.promise.due_at, found.met_at, found.void_at)
        for kind, found in state.clocks.items()
    }
    for clock in case.clocks:
        again = due_date(clock.started_on, clock.quantity, clock.unit, holiday_calendar(clock.region))
        assert clock.due_on == again
    people = {stage.handler_id for stage in state.stages if stage.level == 1} - {None}
    assert all(stage.decided_by not in people for stage in state.stages if stage.level == 2)


def stage_facts(stage):
    return (stage.level, stage.opened_at, stage.late, stage.handler_id, stage.decided_by, stage.decided_at,
            stage.outcome)  # fmt: skip


def clock_facts(clock):
    return clock.due_on, clock.due_at, clock.met_at, clock.void_at


@pytest.mark.parametrize("kinds", ["assign", "register register", "register decide", "register assign decide_appeal"])
def test_a_history_that_cannot_be_is_refused(kinds):
    numbered = enumerate(kinds.split(), start=1)
    events = [Event(number, kind, "staff", 1, NOW, {"handler_id": 1}) for number, kind in numbered]
    with pytest.raises(UnknownEvents):
        replay(events)


def test_a_missing_event_is_noticed():
    with pytest.raises(UnknownEvents):
        replay([Event(1, "register", "customer", None, NOW, {}), Event(3, "note", "staff", 1, NOW, {})])
