"""Entries written to the log, whatever way they came, and who is told of them."""

from datetime import UTC, date, datetime, timedelta

import pytest

from contacts import services
from contacts.addresses import Phone
from contacts.agents import Agent
from contacts.entries import Entry
from contacts.models import Contact, Customer, Principal
from contacts.signals import contacts_recorded
from foundation.database import db
from tests.contacts.factories import create_period, create_principal, create_site

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
AT = datetime(2026, 10, 5, 7, 0, tzinfo=UTC)


@pytest.fixture(params=["app", "pg_app"])
def place(request):
    request.getfixturevalue(request.param)
    principal, site = create_principal(), create_site()
    db.session.commit()
    return principal.id, site.id


@pytest.fixture
def told():
    heard = []

    def hear(principal_id, **payload):
        heard.append((principal_id, payload))

    with contacts_recorded.connected_to(hear):
        yield heard


def entry(site_id, key, at=AT, **more):
    return Entry(key, at, site_id, "phone", "in", "answered", **more)


def contacts():
    return db.session.scalars(db.select(Contact).order_by(Contact.external_id)).all()


def test_each_entry_is_answered_in_its_place(place):
    principal_id, site_id = place
    create_period(db.session.get_one(Principal, principal_id), date(2026, 9, 1), date(2026, 9, 30))
    services.record_entries(principal_id, "api", [entry(site_id, "A1")], NOW)
    db.session.commit()
    again = [entry(site_id, "A2"), entry(site_id, "A1"), entry(site_id, "A2"), entry(site_id, "A0", AT - timedelta(20))]
    assert services.record_entries(principal_id, "api", again, NOW) == ["added", "known", "twice", "late"]
    db.session.commit()
    assert [(one.external_id, one.late) for one in contacts()] == [("A0", True), ("A1", False), ("A2", False)]


def test_what_an_entry_says_comes_back(place):
    principal_id, site_id = place
    ended = AT + timedelta(minutes=3, microseconds=7)
    facts = {"Motif détaillé": 'l\'été \\ \t\n "x"', "vide": ""}
    said = entry(
        site_id, "É'1\\", ended_at=ended, phone=Phone("+33123456789", False), email="a@example.org", name="Zoé \\N",
        reason="Facture\tdeux", agent=Agent("A;7"), language="fr", phone_state="given", facts=facts,
    )  # fmt: skip
    services.record_entries(principal_id, "api", [said], NOW)
    db.session.commit()
    (one,) = contacts()
    assert (one.external_id, one.started_at, one.ended_at, one.recorded_at) == ("É'1\\", AT, ended, NOW)
    assert (one.reason, one.agent, one.language, one.phone_state, one.facts) == (
        *("Facture\tdeux", "A;7", "fr", "given"), facts,
    )  # fmt: skip
    customer = db.session.get_one(Customer, one.customer_id)
    assert (customer.phone, customer.phone_takes_sms, customer.email) == ("+33123456789", False, "a@example.org")
    assert (customer.name, customer.created_at) == ("Zoé \\N", NOW)
    assert len(one.public_id) == 32


def test_who_listens_is_told_once_for_each_piece_in_its_transaction(place, told):
    principal_id, site_id = place
    create_period(db.session.get_one(Principal, principal_id), date(2026, 9, 1), date(2026, 9, 30))
    entries = [entry(site_id, "A1"), entry(site_id, "A2", AT - timedelta(20)), entry(site_id, "A3")]
    services.record_entries(principal_id, "api", entries, NOW)
    db.session.commit()
    one, late, other = contacts()
    assert told == [
        (
            principal_id,
            {
                "ids": [one.id, other.id],
                "public_ids": [one.public_id, other.public_id],
                "late_ids": [late.id],
                "now": NOW,
            },
        )
    ]


def test_a_piece_that_adds_nothing_tells_nothing(place, told):
    principal_id, site_id = place
    services.record_entries(principal_id, "api", [entry(site_id, "A1")], NOW)
    services.record_entries(principal_id, "api", [entry(site_id, "A1")], NOW)
    services.record_entries(principal_id, "api", [], NOW)
    assert len(told) == 1


def test_a_listener_that_fails_leaves_nothing_behind(place):
    principal_id, site_id = place

    def refuse(_principal_id, **_payload):
        raise RuntimeError

    with contacts_recorded.connected_to(refuse), pytest.raises(RuntimeError):
        services.record_entries(principal_id, "api", [entry(site_id, "A1")], NOW)
    db.session.rollback()
    assert contacts() == []
