"""The same person on the database whose locks and types differ."""

from datetime import timedelta

import sqlalchemy as sa

from contacts import exports
from contacts.models import Customer
from contacts.services.agreements import Agreed, record_agreement
from contacts.services.erasing import erase_person
from contacts.services.merging import apply_rules, undo_merge
from contacts.services.purging import purge
from foundation.database import db
from foundation.ledger import queries as ledger
from foundation.ledger.services import seal_committed
from tests.conftest import NOW
from tests.followup.people import EMAIL, PHONE, known, known_to
from tests.followup.test_people import close_case, figures, traces
from tests.surveys import factories


def test_a_person_is_merged_shown_purged_and_erased_on_postgresql(pg_app):
    site = factories.create_site("lyon")
    for key in ("belline", "orme"):
        known_to(pg_app, key, site, others=1)
    belline, orme = known("belline"), known("orme")
    twice = factories.create_customer(belline.principal, phone=None, email=EMAIL, name="MARTIN Zoe")
    db.session.commit()
    assert sum(apply_rules(belline.principal.id, NOW)) == 1
    link_id = db.session.scalar(sa.text("SELECT id FROM customer_links"))
    db.session.commit()
    undo_merge(link_id, NOW)
    db.session.commit()
    assert db.session.get_one(Customer, twice.id).merged_into_id is None
    assert PHONE in exports.as_json(belline.customer, NOW)
    close_case(belline, NOW - timedelta(days=6 * 366))
    before, theirs = figures(belline), exports.as_json(orme.customer, NOW)
    orme.principal.text_months = orme.principal.link_months = 60
    said = Agreed(("quarantine",), "Responsabilité conjointe", NOW.date(), "Mme Aubry", NOW.date())
    record_agreement([belline.principal.id, orme.principal.id], said, NOW)
    erase_person(twice.id, NOW)
    erase_person(belline.customer.id, NOW)
    db.session.commit()
    for _piece in purge(NOW):
        db.session.commit()
    assert traces(belline) == []
    assert (figures(belline), exports.as_json(orme.customer, NOW)) == (before, theirs)
    for _piece in purge(NOW + timedelta(days=61 * 31)):
        db.session.commit()
    assert db.session.get_one(Customer, orme.invitation.customer_id).erased_at is not None
    assert orme.customer.phone == PHONE
    seal_committed()
    db.session.commit()
    assert ledger.verify().broken is None
