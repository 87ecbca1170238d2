from datetime import date

import pytest

from contacts.models import Principal, Site
from foundation.database import db
from foundation.ledger.models import Entry
from tests.contacts.factories import create_period, create_principal, create_site

PRINCIPAL = {
    "key": "belline",
    "name": "Mutuelle Belline",
    "brand": "Belline",
    "zone": "Europe/Paris",
    "language": "fr",
    "mediator_name": "La Médiation",
    "mediator_url": "https://mediation.example",
    "notice_fr": "Vos réponses restent confidentielles.",
}
SITE = {"key": "lyon", "name": "Lyon", "zone": "Europe/Paris", "holiday_region": "metropole"}


@pytest.fixture
def admin(app, sign_in):
    return sign_in("admin")


def test_a_principal_is_added(admin, submit):
    assert submit("/contacts/scope/principals/new", client=admin, **PRINCIPAL).status_code == 302
    principal = db.session.scalars(db.select(Principal)).one()
    assert (principal.key, principal.mediator_name, principal.notice("fr")) == (
        "belline",
        "La Médiation",
        "Vos réponses restent confidentielles.",
    )
    assert "Mutuelle Belline" in admin.get("/contacts/scope/parties").text
    assert db.session.scalars(db.select(Entry.kind)).one() == "contacts.principal-added"


def test_a_site_is_added_and_offered_to_accounts(admin, submit):
    assert submit("/contacts/scope/sites/new", client=admin, **SITE).status_code == 302
    assert db.session.scalars(db.select(Site)).one().holiday_region == "metropole"
    assert "Lyon" in admin.get("/accounts/new").text


@pytest.mark.parametrize(
    "changes",
    [{"key": "Lyon 1"}, {"key": ""}, {"zone": "Europe/Nowhere"}, {"holiday_region": "bretagne"}, {"name": ""}],
)
def test_a_site_that_cannot_be_is_refused(admin, submit, committed, changes):
    assert submit("/contacts/scope/sites/new", client=admin, **{**SITE, **changes}).status_code == 400
    assert committed(Site) == 0


@pytest.mark.parametrize("changes", [{"sms_sender": "a name that is too long"}, {"mediator_url": "mediation"}])
def test_a_principal_that_cannot_be_is_refused(admin, submit, committed, changes):
    assert submit("/contacts/scope/principals/new", client=admin, **{**PRINCIPAL, **changes}).status_code == 400
    assert committed(Principal) == 0


def test_a_key_is_given_once(admin, submit, committed):
    submit("/contacts/scope/sites/new", client=admin, **SITE)
    again = submit("/contacts/scope/sites/new", client=admin, **{**SITE, "name": "Other"})
    assert "Cette clé est déjà prise." in again.text
    assert committed(Site) == 1


def test_a_change_is_saved_and_known_to_the_ledger(admin, submit):
    site = create_site(key="lyon")
    db.session.commit()
    fields = {**SITE, "name": "Lyon Part-Dieu", "version": 1}
    assert submit(f"/contacts/scope/sites/{site.id}", client=admin, **fields).status_code == 302
    assert (site.name, site.version, site.key) == ("Lyon Part-Dieu", 2, "lyon")
    assert "Part-Dieu" in db.session.scalars(db.select(Entry.facts)).one()


def test_of_two_editors_the_second_keeps_the_text_and_sees_the_others(admin, submit):
    principal = create_principal(key="belline", name="Old")
    db.session.commit()
    url = f"/contacts/scope/principals/{principal.id}"
    submit(url, client=admin, **{**PRINCIPAL, "name": "First", "version": 1})
    second = submit(url, client=admin, **{**PRINCIPAL, "name": "Second", "version": 1})
    assert second.status_code == 409
    assert "<dd>First</dd>" in second.text
    assert 'value="Second"' in second.text
    assert 'name="version" type="hidden" value="2"' in second.text
    assert submit(url, client=admin, **{**PRINCIPAL, "name": "Second", "version": 2}).status_code == 302
    assert principal.name == "Second"


def test_the_zone_stays_once_a_period_is_closed(admin, submit):
    principal = create_principal(zone="Europe/Paris")
    create_period(principal, date(2026, 10, 1), date(2026, 10, 31))
    db.session.commit()
    url = f"/contacts/scope/principals/{principal.id}"
    response = submit(url, client=admin, **{**PRINCIPAL, "zone": "Indian/Reunion", "version": 1})
    assert response.status_code == 400
    assert "ses jours ont été comptés dans le fuseau actuel" in response.text
    assert principal.zone == "Europe/Paris"


def test_only_administrators_manage_principals(app, sign_in):
    assert sign_in("quality").get("/contacts/scope/parties").status_code == 403
