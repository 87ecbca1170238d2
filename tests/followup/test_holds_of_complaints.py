"""Nobody is surveyed while a complaint of theirs is open, even one that opens again."""

from datetime import timedelta

from complaints import services
from contacts.queries import held
from foundation.database import db
from tests.complaints.factories import create_case, create_customer, create_decided, create_principal
from tests.conftest import NOW


def test_a_hold_lasts_as_long_as_the_complaint(app):
    principal = create_principal()
    customer = create_customer(principal)
    case = create_case(principal, customer_id=customer.id)
    assert held([customer.id], NOW) == {customer.id: "complaint"}
    services.withdraw(case.id, NOW + timedelta(hours=1))
    assert held([customer.id], NOW + timedelta(hours=2)) == {}


def test_a_late_appeal_holds_again_until_it_is_settled(app):
    principal = create_principal()
    customer = create_customer(principal)
    case, _ = create_decided(principal, customer_id=customer.id)
    later = NOW + timedelta(days=90)
    services.close_expired(later)
    assert held([customer.id], later) == {}
    services.file_appeal(case.id, later)
    db.session.commit()
    assert held([customer.id], later + timedelta(hours=1)) == {customer.id: "complaint"}
    services.withdraw(case.id, later + timedelta(days=1))
    assert held([customer.id], later + timedelta(days=2)) == {}
