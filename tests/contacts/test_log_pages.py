from datetime import UTC, datetime

import pytest

from foundation.database import db
from foundation.ledger.models import Access
from tests.contacts.factories import create_contact, create_customer, create_principal, create_site


@pytest.fixture
def cast(app):
    """Belline with Marie's call in Lyon, and a mail to Énergie in Lille."""
    belline, energie = create_principal(name="Belline"), create_principal(name="Énergie du Rhône")
    lyon, lille = create_site(name="Lyon"), create_site(name="Lille")
    marie = create_customer(belline, name="Marie Curie", phone="+33639980101")
    call = create_contact(
        belline, lyon, marie, reason="Contrat", agent="Diane", external_id="ID77", facts={"carte": "1234"},
        started_at=datetime(2026, 10, 5, 22, 30, tzinfo=UTC),
    )  # fmt: skip
    mail = create_contact(
        energie, lille, channel="email", reason="Facture", late=True, started_at=datetime(2026, 9, 5, tzinfo=UTC)
    )
    db.session.commit()
    return {"belline": belline, "energie": energie, "lyon": lyon, "lille": lille, "call": call, "mail": mail}


def test_the_population_is_shown_by_site_and_channel(cast, sign_in):
    page = sign_in("quality").get("/contacts").text
    assert "1 contacts dans cette sélection" in page
    assert "1 arrivés après la clôture de leur période, non comptés" in page
    assert "6 oct. 2026, 0 h 30" in page  # in the zone of the site


@pytest.mark.parametrize("query", ["principal={belline.id}", "site={lyon.id}", "channel=phone", "from=2026-10-01"])
def test_the_log_is_filtered_by_the_address(cast, sign_in, query):
    page = sign_in("quality").get("/contacts?" + query.format(**cast)).text
    assert "Contrat" in page
    assert "Facture" not in page


def test_days_are_inclusive_and_of_the_zone(cast, sign_in):
    client = sign_in("quality")
    assert "Contrat" in client.get("/contacts?from=2026-10-06&to=2026-10-06").text
    assert "Contrat" not in client.get("/contacts?to=2026-10-05").text


def test_an_unreadable_filter_filters_nothing(cast, sign_in):
    page = sign_in("quality").get("/contacts?principal=x&site=&channel=pigeon&from=soon&page=-3")
    assert page.status_code == 200
    assert "Contrat" in page.text


def test_the_log_has_pages(cast, sign_in):
    for _ in range(50):
        create_contact(cast["belline"], cast["lyon"], started_at=datetime(2026, 11, 1, tzinfo=UTC))
    db.session.commit()
    client = sign_in("quality")
    assert "Contrat" not in client.get("/contacts").text
    assert "Contrat" in client.get("/contacts?page=2").text


def test_each_sees_the_own_principals_and_sites_only(cast, sign_in):
    for scope in ({"principal_ids": [cast["energie"].id]}, {"site_ids": [cast["lille"].id]}):
        client = sign_in("manager", **scope)
        page = client.get("/contacts").text
        assert "Facture" in page
        assert "Contrat" not in page
        assert client.get(f"/contacts/{cast['call'].id}").status_code == 404
        assert client.get(f"/contacts/{cast['mail'].id}").status_code == 200


def test_who_keeps_the_log_sees_the_person_and_that_is_logged(cast, sign_in, committed):
    page = sign_in("quality").get(f"/contacts/{cast['call'].id}").text
    for text in ("Marie Curie", "+33639980101", "Diane", "ID77", "1234"):
        assert text in page
    assert committed(Access) == 1


def test_an_auditor_sees_the_contact_without_the_person(cast, sign_in, committed):
    page = sign_in("auditor").get(f"/contacts/{cast['call'].id}").text
    assert cast["call"].public_id in page
    for text in ("Marie Curie", "+33639980101", "Diane", "ID77", "1234"):
        assert text not in page
    assert committed(Access) == 0


def test_a_late_contact_says_that_it_is_not_counted(cast, sign_in):
    page = sign_in("quality").get(f"/contacts/{cast['mail'].id}").text
    assert "arrivé après la clôture de sa période" in page


def test_an_empty_log_says_what_to_do(app, sign_in):
    assert "Aucun contact ne correspond. Importez un journal" in sign_in("quality").get("/contacts").text
