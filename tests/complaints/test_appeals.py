"""The complainant contests; another person looks again."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from complaints import services
from complaints.clocks import standing
from complaints.errors import ActRefused
from complaints.models import Case, CaseMessage, Letter
from foundation.accounts.models import User
from foundation.database import db
from notifications.models import OutboxMessage
from tests.complaints.factories import create_case, create_decided
from tests.conftest import NOW, create_user

LAST_MINUTE = datetime(2027, 1, 23, 22, 59, tzinfo=UTC)  # a minute to midnight in Paris, on the last day
TOO_LATE = LAST_MINUTE + timedelta(minutes=1)


def clocks_of(case):
    return {clock.kind: clock for clock in case.clocks}


def last_message(case):
    return db.session.scalars(select(OutboxMessage).order_by(OutboxMessage.id.desc())).first()


def test_an_appeal_needs_no_reason_and_has_twenty_days(app):
    case, _ = create_decided()
    services.file_appeal(case.id, NOW)
    assert case.state == "appealed" and case.level == 2
    assert clocks_of(case)["appeal_answer"].due_on == date(2026, 12, 21)
    assert case.due_kind == "appeal_answer"
    assert "au plus tard le lundi 21 décembre 2026" in last_message(case).body


def test_the_legal_clock_goes_on_from_where_it_was(app):
    case, _ = create_decided()
    due = clocks_of(case)["legal"].due_on
    services.file_appeal(case.id, NOW + timedelta(days=3))
    legal = clocks_of(case)["legal"]
    assert (legal.met_at, legal.due_on) == (None, due)


def test_a_legal_clock_that_was_kept_is_not_judged_again_after_its_end(app):
    case, _ = create_decided(now=NOW)
    case_later, _ = create_decided(now=NOW + timedelta(days=20))
    appeal_at = clocks_of(case)["legal"].due_at + timedelta(days=1)
    assert appeal_at < clocks_of(case_later)["appeal_window"].due_at
    case_later_legal = clocks_of(case_later)["legal"]
    services.file_appeal(case_later.id, appeal_at)
    assert standing(case_later_legal.due_at, case_later_legal.met_at, None, appeal_at) == "met"


@pytest.mark.parametrize("at, state", [(LAST_MINUTE, "appealed"), (TOO_LATE, "late_appeal")])
def test_the_last_day_ends_at_local_midnight(app, at, state):
    case, _ = create_decided()
    services.file_appeal(case.id, at, "Le compteur est faux.")
    assert case.state == state
    kept = db.session.scalars(select(CaseMessage).filter_by(case_id=case.id, kind="appeal")).one()
    assert kept.body == "Le compteur est faux."


def test_a_late_appeal_is_receipted_and_says_that_it_is_late(app):
    case, _ = create_decided()
    services.file_appeal(case.id, TOO_LATE)
    assert "arrivé après le délai, qui courait jusqu’au samedi 23 janvier 2027" in last_message(case).body
    assert "appeal_answer" not in clocks_of(case)


def test_a_manager_accepts_a_late_appeal_and_the_customer_is_told(app):
    case, _ = create_decided()
    services.close_expired(TOO_LATE)
    services.file_appeal(case.id, TOO_LATE)
    manager = create_user("manager")
    services.accept_late_appeal(case.id, manager.id, TOO_LATE + timedelta(days=2))
    assert case.state == "appealed" and case.stages[1].late and case.ended_at is None
    assert clocks_of(case)["appeal_answer"].started_on == date(2027, 1, 24)
    assert "nous l’acceptons" in last_message(case).body


def test_or_opens_a_linked_case_and_the_customer_is_told(app):
    case, _ = create_decided()
    services.file_appeal(case.id, TOO_LATE, "Un second technicien est passé.")
    linked = services.refer_late_appeal(case.id, create_user("manager").id, TOO_LATE)
    db.session.commit()
    assert (case.state, linked.follows_id, linked.state) == ("closed", case.id, "received")
    first_words = db.session.scalars(select(CaseMessage).filter_by(case_id=linked.id, kind="complaint")).one()
    assert first_words.body == "Un second technicien est passé."
    assert linked.reference in last_message(case).body


def test_handlers_may_not_settle_a_late_appeal(app):
    case, alice = create_decided()
    services.file_appeal(case.id, TOO_LATE)
    with pytest.raises(ActRefused) as refused:
        services.accept_late_appeal(case.id, alice, TOO_LATE)
    assert (refused.value.code, refused.value.by) == ("not-yours", ("complaints.manage",))


def test_the_first_handler_is_refused_at_assignment_and_at_decision(app):
    case, alice = create_decided()
    services.file_appeal(case.id, NOW)
    promoted = create_user("reviewer")
    for event in (services.assign_appeal,):
        with pytest.raises(ActRefused) as refused:
            event(case.id, alice, NOW)
        assert refused.value.code == "not-yours"
    # The same person with a reviewer's role: the separation is of persons, not of roles.
    db.session.get(User, alice).role = "reviewer"
    with pytest.raises(ActRefused) as refused:
        services.assign_appeal(case.id, alice, NOW)
    assert refused.value.code == "first-handler"
    services.assign_appeal(case.id, promoted.id, NOW)
    with pytest.raises(ActRefused) as refused:
        services.decide_appeal(case.id, "confirmed", "Relu.", alice, NOW)
    assert refused.value.code == "first-handler"


@pytest.mark.parametrize(
    "outcome, words",
    [
        ("confirmed", "Notre première réponse est confirmée."),
        ("partly_changed", "Notre première réponse est modifiée en partie."),
        ("overturned", "Notre première réponse est annulée ; celle-ci la remplace."),
    ],
)
def test_the_reviewer_decides_and_the_letter_says_it_is_the_last(app, outcome, words):
    case, _ = create_decided()
    services.file_appeal(case.id, NOW)
    bob = create_user("reviewer", name="Bob")
    services.assign_appeal(case.id, bob.id, NOW)
    services.decide_appeal(case.id, outcome, "Nous avons relu le relevé.", bob.id, NOW)
    letter = db.session.scalars(select(Letter).filter_by(kind="appeal_decision")).one()
    assert words in letter.body and "dernière réponse interne" in letter.body and "Médiateur" in letter.body
    assert (case.stages[1].outcome, case.stages[1].decided_by) == (outcome, bob.id)
    assert clocks_of(case)["legal"].met_at == NOW
    services.close(case.id, bob.id, NOW)
    assert case.state == "closed"


def test_a_second_appeal_is_refused(app):
    case, _ = create_decided()
    services.file_appeal(case.id, NOW)
    bob = create_user("reviewer")
    services.assign_appeal(case.id, bob.id, NOW)
    services.decide_appeal(case.id, "confirmed", "Relu.", bob.id, NOW)
    services.close(case.id, bob.id, NOW)
    with pytest.raises(ActRefused) as refused:
        services.file_appeal(case.id, TOO_LATE)
    assert refused.value.code == "already-appealed"


def test_there_is_nothing_to_appeal_against_before_an_answer(app, committed):
    case = create_case()
    with pytest.raises(ActRefused) as refused:
        services.file_appeal(case.id, NOW)
    assert refused.value.code == "not-now"
    assert db.session.get(Case, case.id).state == "received"


def test_a_late_appeal_is_settled_by_a_date_that_the_customer_is_told(app):
    case, _ = create_decided()
    services.close_expired(TOO_LATE)
    services.file_appeal(case.id, TOO_LATE)  # a Sunday, in Paris
    due = clocks_of(case)["late_appeal"]
    assert (due.started_on, due.due_on, case.due_kind) == (date(2027, 1, 24), date(2027, 2, 5), "late_appeal")
    assert "au plus tard le vendredi 5 février 2027" in last_message(case).body
    services.accept_late_appeal(case.id, create_user("manager").id, TOO_LATE + timedelta(days=2))
    assert due.met_at is not None and case.due_kind == "appeal_answer"


def test_a_late_appeal_that_has_its_own_case_is_not_lodged_again(app):
    case, _ = create_decided()
    services.file_appeal(case.id, TOO_LATE)
    services.refer_late_appeal(case.id, create_user("manager").id, TOO_LATE)
    assert clocks_of(case)["late_appeal"].met_at == TOO_LATE and case.due_at is None
    with pytest.raises(ActRefused) as refused:
        services.file_appeal(case.id, TOO_LATE + timedelta(days=1), "Encore.")
    assert refused.value.code == "already-appealed"


def test_a_manager_gives_the_appeal_to_nobody_of_the_first_level(app):
    case, alice = create_decided()
    bob, manager = create_user("reviewer"), create_user("manager")
    services.file_appeal(case.id, NOW)
    db.session.get_one(User, alice).role = "reviewer"  # she moved to appeals since
    with pytest.raises(ActRefused) as refused:
        services.entrust(case.id, alice, manager.id, NOW)
    assert refused.value.code == "first-handler"
    services.entrust(case.id, bob.id, manager.id, NOW)
    assert (case.state, case.handler_id) == ("appeal_in_progress", bob.id)
    with pytest.raises(ActRefused):
        services.decide_appeal(case.id, "confirmed", "Relu.", manager.id, NOW)
    services.decide_appeal(case.id, "confirmed", "Relu.", bob.id, NOW)


def test_whoever_was_given_the_complaint_is_of_the_first_level_even_without_deciding(app):
    case = create_case()
    dana, eve, manager = create_user("handler"), create_user("handler"), create_user("manager")
    services.entrust(case.id, dana.id, manager.id, NOW)
    services.entrust(case.id, eve.id, manager.id, NOW)
    services.decide(case.id, "rejected", "Vu.", eve.id, NOW)
    services.file_appeal(case.id, NOW)
    for person in (dana, eve):
        person.role = "reviewer"
        with pytest.raises(ActRefused) as refused:
            services.assign_appeal(case.id, person.id, NOW)
        assert refused.value.code == "first-handler"


def test_whoever_acknowledged_the_complaint_is_of_the_first_level_too(app):
    case, dana, alice = create_case(), create_user("handler"), create_user("handler")
    services.acknowledge(case.id, dana.id, NOW)
    services.assign(case.id, alice.id, NOW)
    services.decide(case.id, "rejected", "Vu.", alice.id, NOW)
    services.file_appeal(case.id, NOW)
    dana.role = "reviewer"
    with pytest.raises(ActRefused) as refused:
        services.assign_appeal(case.id, dana.id, NOW)
    assert refused.value.code == "first-handler"
