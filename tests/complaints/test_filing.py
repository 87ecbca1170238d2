"""A complaint comes in: reference, clocks, receipt, one case a click."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import func, select

from complaints import services
from complaints.errors import DatesOutOfOrder
from complaints.keys import case_key
from complaints.models import Case, CaseEvent, CaseMessage, HistoryIsClosed
from complaints.references import read_reference, same_code
from complaints.services.people import known_customer
from complaints.services.texts import code_of
from foundation.database import db
from notifications.models import OutboxMessage
from tests.complaints.factories import a_filing, create_case, create_customer, create_principal, create_site
from tests.conftest import NOW


def clocks_of(case):
    return {clock.kind: clock for clock in case.clocks}


def test_a_complaint_gets_the_next_number_and_its_three_clocks(app):
    case = create_case()
    assert read_reference(case.reference).number == 1
    assert {kind: clock.due_on for kind, clock in clocks_of(case).items()} == {
        "acknowledgement": date(2026, 12, 4),
        "answer": date(2026, 12, 7),
        "legal": date(2027, 1, 23),
    }
    assert (case.due_kind, case.due_at) == ("acknowledgement", datetime(2026, 12, 4, 23, 0, tzinfo=UTC))


def test_clocks_start_at_sending_or_receipt_in_the_days_of_the_site(app):
    island = create_site(zone="Indian/Reunion", holiday_region="la-reunion")
    sent, received = datetime(2026, 12, 14, 21, 0, tzinfo=UTC), datetime(2026, 12, 16, 8, 0, tzinfo=UTC)
    case = create_case(site_id=island.id, sent_at=sent, received_at=received, now=received)
    clocks = clocks_of(case)
    assert clocks["acknowledgement"].started_on == date(2026, 12, 15)  # already the 15th over there
    assert clocks["answer"].started_on == date(2026, 12, 16)
    assert {clock.region for clock in case.clocks} == {"la-reunion"}


def test_without_a_site_the_days_are_those_of_the_principal(app):
    case = create_case(create_principal(zone="America/Cayenne"))
    assert {clock.region for clock in case.clocks} == {"guyane"}


def test_the_same_click_makes_one_case(app, committed):
    filing = a_filing(create_principal())
    first, second = (services.file_complaint(filing, NOW) for _ in range(2))
    db.session.commit()
    assert first is second
    assert committed(Case) == 1
    assert db.session.scalar(select(func.count()).select_from(OutboxMessage)) == 1


def test_numbers_start_again_each_local_year_and_leave_no_gap(app):
    principal = create_principal()
    new_year = datetime(2026, 12, 31, 23, 30, tzinfo=UTC)  # half past midnight in Paris
    create_case(principal)
    services.file_complaint(a_filing(principal), NOW)
    db.session.rollback()
    last = create_case(principal)
    first = create_case(principal, now=new_year)
    assert read_reference(last.reference).number == 2
    assert first.reference.startswith("R-2027-000001-")


@pytest.mark.parametrize("sent, received", [(1, 0), (0, 1), (1, 1)])
def test_dates_out_of_order_or_to_come_are_refused(app, sent, received):
    filing = a_filing(
        create_principal(), sent_at=NOW + timedelta(hours=sent), received_at=NOW + timedelta(hours=received)
    )
    with pytest.raises(DatesOutOfOrder):
        services.file_complaint(filing, NOW)


def test_the_receipt_goes_by_email_with_reference_and_code(app):
    case = create_case()
    message = db.session.scalars(select(OutboxMessage)).one()
    assert (message.channel, message.recipient, message.subject_key) == ("email", "hoarau@example.org", "complaint:1")
    assert case.reference in message.body and code_of(case) in message.body and "412 €" in message.body
    assert message.secrets == [code_of(case)]


def test_the_case_never_holds_its_code(app):
    case = create_case()
    kept = db.session.scalars(select(CaseMessage.body)).all()
    assert not any(code_of(case) in body for body in kept)
    assert same_code(case.secret_hash, case_key(), code_of(case))


def test_without_email_the_receipt_is_an_sms_of_plain_letters(app):
    case = create_case(email=None, phone="+33612345678")
    message = db.session.scalars(select(OutboxMessage)).one()
    assert message.channel == "sms" and code_of(case) in message.body
    assert message.body.startswith("EDR : réclamation R-2026-000001")
    assert message.parts <= 2


def test_without_address_nothing_is_sent_and_the_case_says_so(app):
    case = create_case(email=None)
    assert db.session.scalars(select(OutboxMessage)).first() is None
    receipt = db.session.scalars(select(CaseMessage).filter_by(case_id=case.id, kind="receipt")).one()
    assert (receipt.channel, receipt.outbox_key) == ("follow", None)


def test_english_customers_are_written_in_english(app):
    create_case(language="en")
    message = db.session.scalars(select(OutboxMessage)).one()
    assert message.subject.startswith("Your complaint R-2026-")
    assert "Monday 7 December 2026" in message.body


def test_events_are_never_changed_nor_deleted(app):
    create_case()
    event = db.session.scalars(select(CaseEvent)).one()
    event.kind = "close"
    with pytest.raises(HistoryIsClosed):
        db.session.flush()
    db.session.rollback()
    db.session.delete(db.session.scalars(select(CaseEvent)).one())
    with pytest.raises(HistoryIsClosed):
        db.session.flush()


def test_a_customer_is_known_by_phone_and_by_an_email_only_one_has(app):
    principal = create_principal()
    hoarau = create_customer(principal, email="home@example.org")
    assert known_customer(principal.id, "+33612345678", None) == hoarau.id
    assert known_customer(principal.id, None, "home@example.org") == hoarau.id
    create_customer(principal, phone="+33612345679", email="home@example.org")
    assert known_customer(principal.id, None, "home@example.org") is None
    assert known_customer(create_principal().id, "+33612345678", None) is None
