from datetime import UTC, datetime, timedelta

import pytest

from contacts import services
from contacts.models import Hold
from contacts.queries import held, held_contacts
from foundation.database import db
from tests.contacts.factories import create_contact, create_customer, create_principal

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
LATER = NOW + timedelta(days=1)


@pytest.fixture
def customer(app):
    return create_customer(create_principal())


def test_a_customer_is_held_from_now_until_it_is_lifted(customer):
    services.hold_customer(customer.id, "complaint", "complaint:7", NOW)
    assert held([customer.id], NOW) == {customer.id: "complaint"}
    assert held([customer.id], NOW - timedelta(seconds=1)) == {}
    services.lift_hold("complaint:7", LATER)
    assert held([customer.id], LATER - timedelta(seconds=1)) == {customer.id: "complaint"}
    assert held([customer.id], LATER) == {}


def test_a_hold_ends_by_itself(customer):
    services.hold_customer(customer.id, "test", "test:1", NOW, until=LATER)
    assert held([customer.id], LATER - timedelta(seconds=1)) == {customer.id: "test"}
    assert held([customer.id], LATER) == {}


def test_the_same_key_holds_once(customer):
    services.hold_customer(customer.id, "complaint", "complaint:7", NOW)
    services.hold_customer(customer.id, "complaint", "complaint:7", LATER)
    assert db.session.scalar(db.select(db.func.count()).select_from(Hold)) == 1


def test_lifting_twice_keeps_the_first_moment(customer):
    services.hold_customer(customer.id, "complaint", "complaint:7", NOW)
    services.lift_hold("complaint:7", LATER)
    services.lift_hold("complaint:7", LATER + timedelta(days=1))
    assert db.session.scalars(db.select(Hold.lifted_at)).one() == LATER


def test_of_two_holds_one_left_still_holds_and_the_oldest_gives_the_code(customer):
    services.hold_customer(customer.id, "complaint", "complaint:7", NOW)
    services.hold_customer(customer.id, "staff", "staff:1", NOW)
    assert held([customer.id], LATER) == {customer.id: "complaint"}
    services.lift_hold("complaint:7", NOW)
    assert held([customer.id], LATER) == {customer.id: "staff"}


def test_others_are_not_held_however_many_are_asked_about(customer):
    services.hold_customer(customer.id, "complaint", "complaint:7", NOW)
    assert held(range(customer.id + 1, customer.id + 2000), NOW) == {}
    assert held(range(customer.id, customer.id + 2000), NOW) == {customer.id: "complaint"}


def test_a_contact_can_be_held_by_itself(customer):
    contact = create_contact()
    services.hold_contact(contact.id, "test", "test:1", NOW)
    assert held_contacts([contact.id], NOW) == {contact.id: "test"}
    assert held([contact.id], NOW) == {}
