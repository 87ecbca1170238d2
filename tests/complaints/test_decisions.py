"""From the handler's desk to the letter: assigning, acknowledging, deciding, closing, withdrawing."""

import hashlib
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from complaints import services, signals
from complaints.clocks import standing
from complaints.errors import ActRefused, StaleCase
from complaints.models import Case, CaseMessage, InternalNote, Letter
from foundation.database import db
from notifications.models import OutboxMessage
from tests.complaints.factories import create_case, create_decided, create_principal
from tests.conftest import NOW, create_user, signed_in


def clocks_of(case):
    return {clock.kind: clock for clock in case.clocks}


def letter_of(case):
    return db.session.scalars(select(Letter).filter_by(case_id=case.id).order_by(Letter.id.desc())).first()


def test_the_acknowledgement_is_sent_recorded_and_meets_its_clock(app):
    case, alice = create_case(), create_user("handler")
    services.acknowledge(case.id, alice.id, NOW)
    sent = db.session.scalars(select(OutboxMessage).filter_by(purpose="acknowledgement")).all()[-1]
    assert "au plus tard le lundi 7 décembre 2026" in sent.body
    assert "Médiateur de l’énergie, 1 rue de la Médiation" in sent.body
    assert clocks_of(case)["acknowledgement"].met_at == NOW
    assert case.due_kind == "answer"


def test_acknowledging_twice_is_refused(app):
    case, alice = create_case(), create_user("handler")
    services.acknowledge(case.id, alice.id, NOW)
    with pytest.raises(ActRefused) as refused:
        services.acknowledge(case.id, alice.id, NOW)
    assert refused.value.code == "already-acknowledged"


def test_an_answer_sent_first_is_an_acknowledgement_too(app):
    case, alice = create_case(), create_user("handler")
    services.assign(case.id, alice.id, NOW)
    services.decide(case.id, "upheld", "Vous avez raison.", alice.id, NOW)
    assert {kind: standing(c.due_at, c.met_at, c.void_at, NOW) for kind, c in clocks_of(case).items()} == {
        "acknowledgement": "met",
        "answer": "met",
        "legal": "met",
        "appeal_window": "running",
    }
    assert case.due_at is None


def test_the_letter_names_the_way_to_appeal_and_the_mediator_and_is_frozen(app):
    case, _ = create_decided()
    letter = letter_of(case)
    assert "jusqu’au samedi 23 janvier 2027 inclus" in letter.body
    assert "dans les 20 jours ouvrés" in letter.body
    assert "Médiateur de l’énergie, 1 rue de la Médiation, 75001 Paris" in letter.body
    assert "Le relevé du technicien fait foi." in letter.body
    assert letter.sha256 == hashlib.sha256(letter.body.encode()).hexdigest()
    sent = db.session.scalars(select(OutboxMessage).filter_by(purpose="decision")).one()
    assert sent.body == letter.body


def test_without_a_mediator_the_letter_speaks_of_none(app):
    nobody = create_principal(mediator_name="", mediator_address="", mediator_url="")
    case, _ = create_decided(nobody)
    assert "médiateur" not in letter_of(case).body


def test_without_address_the_letter_waits_on_the_page_and_is_marked_so(app):
    case, _ = create_decided(email=None)
    assert letter_of(case).delivered_by == "follow"
    assert db.session.scalars(select(OutboxMessage)).first() is None


def test_by_sms_goes_only_where_to_read_it(app):
    case, _ = create_decided(email=None, phone="+33612345678")
    sent = db.session.scalars(select(OutboxMessage).filter_by(purpose="decision")).one()
    assert "Le relevé" not in sent.body and "/follow" in sent.body
    assert "Le relevé" in letter_of(case).body


def test_only_the_one_in_charge_decides(app):
    case, alice, dana = create_case(), create_user("handler"), create_user("handler")
    services.assign(case.id, alice.id, NOW)
    with pytest.raises(ActRefused) as refused:
        services.decide(case.id, "rejected", "Non.", dana.id, NOW)
    assert (refused.value.code, refused.value.by) == ("not-in-charge", ("complaints.handle",))


def test_whoever_saw_an_older_case_is_told_and_changes_nothing(app):
    case, alice, dana = create_case(), create_user("handler"), create_user("handler")
    seen = case.version
    services.assign(case.id, alice.id, NOW, seen=seen)
    db.session.commit()
    with pytest.raises(StaleCase) as stale:
        services.send_message(case.id, "Bonjour.", dana.id, NOW, seen=seen)
    assert (stale.value.seen, stale.value.current) == (1, 2)


def test_the_same_click_is_done_once(app):
    case, alice = create_case(), create_user("handler")
    for _ in range(2):
        services.send_message(case.id, "Pouvez-vous préciser ?", alice.id, NOW, seen=1, key="click")
        db.session.commit()
    ours = db.session.scalars(select(CaseMessage).filter_by(case_id=case.id, kind="message")).all()
    assert [message.body for message in ours] == ["Pouvez-vous préciser ?"]


def test_notes_are_kept_apart_from_messages(app):
    case, alice = create_case(), create_user("handler")
    services.note(case.id, "Appeler le technicien.", alice.id, NOW)
    assert db.session.scalars(select(InternalNote.body)).all() == ["Appeler le technicien."]
    assert "technicien" not in " ".join(db.session.scalars(select(CaseMessage.body)).all())
    assert "technicien" not in " ".join(db.session.scalars(select(OutboxMessage.body)).all())


def test_closing_waits_for_the_end_of_the_window(app):
    case, alice = create_decided()
    last_minute = datetime(2027, 1, 23, 22, 59, tzinfo=UTC)
    with pytest.raises(ActRefused) as refused:
        services.close(case.id, alice, last_minute)
    assert refused.value.code == "window-open"
    assert services.close_expired(last_minute) == []
    assert services.close_expired(last_minute + timedelta(minutes=1)) == [case.reference]
    assert (case.state, case.ended_at) == ("closed", last_minute + timedelta(minutes=1))


def test_a_withdrawal_ends_the_case_and_a_miss_before_it_stays_a_miss(app):
    in_time, late = create_case(), create_case()
    services.withdraw(in_time.id, NOW)
    after = datetime(2026, 12, 5, 9, 0, tzinfo=UTC)
    services.withdraw(late.id, after)
    found = {case.id: [standing(c.due_at, c.met_at, c.void_at, after) for c in case.clocks] for case in (in_time, late)}
    assert found[in_time.id] == ["void", "void", "void"]
    assert found[late.id] == ["missed", "void", "void"]


def test_a_withdrawal_by_staff_keeps_how_they_know(app):
    case, alice = create_case(), create_user("handler")
    services.withdraw(case.id, NOW, alice.id, "Appel du 23 novembre, confirmé par courriel.")
    assert db.session.scalars(select(InternalNote.body)).one().startswith("Appel du 23")


def test_opening_ending_and_decisions_are_told_to_whoever_listens(app):
    heard = []
    listeners = [
        (signals.case_opened, lambda case, now: heard.append("opened")),
        (signals.decision_notified, lambda case, level, now: heard.append(f"decided {level}")),
        (signals.case_ended, lambda case, now: heard.append("ended")),
    ]
    for signal, listener in listeners:
        signal.connect(listener)
    create_decided()
    services.close_expired(NOW + timedelta(days=90))
    assert heard == ["opened", "decided 1", "ended"]


def test_the_reference_is_not_reused_when_a_case_ends(app):
    case = create_case()
    services.withdraw(case.id, NOW)
    db.session.commit()
    assert create_case().number == case.number + 1
    assert db.session.get(Case, case.id).ended_at == NOW


def test_a_clock_that_was_met_stays_met_after_its_date(app):
    case, _ = create_decided()
    assert clocks_of(case)["answer"].due_on == date(2026, 12, 7)
    services.close_expired(NOW + timedelta(days=400))
    clock = clocks_of(case)["answer"]
    assert standing(clock.due_at, clock.met_at, clock.void_at, NOW + timedelta(days=400)) == "met"


def test_whoever_writes_is_told_that_the_letter_would_name_no_mediator(app):
    alice = create_user("handler")
    for changes, warned in (({}, False), ({"mediator_name": "", "mediator_address": "", "mediator_url": ""}, True)):
        case = create_case(create_principal(**changes))
        services.assign(case.id, alice.id, NOW)
        db.session.commit()
        page = signed_in(app, alice).get(f"/complaints/{case.reference}/act/decide").text
        assert ("la lettre n’en nomme donc aucun" in page) is warned
