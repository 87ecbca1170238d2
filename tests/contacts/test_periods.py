from datetime import UTC, date, datetime, timedelta

import pytest

from contacts import services
from contacts.frames import frame_hash
from contacts.models import Period
from contacts.queries import contact_counts, late_counts, period_frame
from contacts.services import PeriodRefused
from foundation.database import db
from foundation.ledger.models import Entry
from tests.contacts.factories import create_contact, create_customer, create_period, create_principal, create_site

OCTOBER = (date(2026, 10, 1), date(2026, 10, 31))
AFTER = datetime(2026, 10, 31, 23, 0, tzinfo=UTC)  # midnight in Paris


@pytest.fixture
def principal(app):
    return create_principal()


def test_closing_fixes_the_population_and_tells_the_ledger(principal):
    site = create_site()
    contacts = [create_contact(principal, site) for _ in range(3)]
    period = services.close_period(principal.id, *OCTOBER, AFTER, actor_id=7)
    db.session.commit()
    assert (period.population, period.closed_at, period.closed_by) == (3, AFTER, 7)
    assert frame_hash(period_frame(period.id)) == (period.frame_hash, 3)
    assert [row.public_id for row in period_frame(period.id)] == sorted(contact.public_id for contact in contacts)
    entry = db.session.scalars(db.select(Entry)).one()
    assert (entry.kind, entry.subject) == ("contacts.period-closed", f"period:{period.id}")
    assert period.frame_hash in entry.facts


def test_a_period_is_over_when_its_last_day_is_in_the_principals_zone(principal):
    with pytest.raises(PeriodRefused, match="period-not-over"):
        services.close_period(principal.id, *OCTOBER, AFTER - timedelta(seconds=1))
    reunion = create_principal(zone="Indian/Reunion")
    services.close_period(reunion.id, *OCTOBER, AFTER - timedelta(hours=3))


def test_a_day_is_in_one_closed_period_only(principal):
    services.close_period(principal.id, *OCTOBER, AFTER)
    with pytest.raises(PeriodRefused) as refused:
        services.close_period(principal.id, date(2026, 9, 1), date(2026, 10, 1), AFTER)
    assert (refused.value.code, refused.value.first_day) == ("period-overlaps", OCTOBER[0])
    services.close_period(principal.id, date(2026, 9, 1), date(2026, 9, 30), AFTER)
    services.close_period(create_principal().id, *OCTOBER, AFTER)


def test_a_period_that_ends_before_it_begins_is_refused(principal):
    with pytest.raises(PeriodRefused, match="period-reversed"):
        services.close_period(principal.id, date(2026, 10, 2), date(2026, 10, 1), AFTER)


def test_a_frame_has_the_days_of_its_period_and_no_late_contact(principal):
    site = create_site()
    first = create_contact(principal, site, started_at=datetime(2026, 9, 30, 22, 0, tzinfo=UTC))
    last = create_contact(principal, site, started_at=AFTER - timedelta(seconds=1))
    create_contact(principal, site, started_at=AFTER)
    create_contact(principal, site, started_at=datetime(2026, 9, 30, 21, 59, tzinfo=UTC))
    create_contact(principal, site, late=True)
    create_contact(create_principal(), site)
    period = create_period(principal, *OCTOBER)
    assert {row.contact_id for row in period_frame(period.id)} == {first.id, last.id}
    assert contact_counts(principal.id, *OCTOBER) == {(site.id, "phone"): 2}
    assert late_counts(principal.id, *OCTOBER) == {(site.id, "phone"): 1}


def test_a_frame_knows_who_can_be_asked_where(principal):
    mobile = create_contact(principal, customer=create_customer(principal))
    fixed = create_contact(principal, customer=create_customer(principal, phone="+33123456789", phone_takes_sms=False))
    mail = create_contact(principal, customer=create_customer(principal, phone=None, email="a@example.org"))
    nobody = create_contact(principal)
    period = create_period(principal, *OCTOBER)
    addresses = {row.contact_id: (row.has_phone, row.has_email) for row in period_frame(period.id)}
    assert addresses == {
        mobile.id: (True, False),
        fixed.id: (False, False),
        mail.id: (False, True),
        nobody.id: (False, False),
    }


def test_an_empty_period_can_be_closed(principal):
    assert services.close_period(principal.id, *OCTOBER, AFTER).population == 0
    assert db.session.scalar(db.select(db.func.count()).select_from(Period)) == 1
