import io
from datetime import date

import pytest

from contacts.models import Contact, EntryPoint
from contacts.queries.entry_points import unlisted
from contacts.services import EntryPointRefused, add_entry_point
from foundation.database import db
from foundation.ledger.models import Entry
from tests.contacts.factories import CREATED, STARTED, create_contact, create_period, create_principal, create_site

NUMBER = "+33800123456"
POINT = {"channel": "phone", "direction": "in", "address": "0800 123 456", "name": "Service client"}


@pytest.fixture
def place(app):
    return create_principal(), create_site(key="lyon", name="Lyon")


def named(place, **changes):
    values = {"entry_address": NUMBER, "started_at": STARTED, **changes}
    return create_contact(*place, **values)


def test_a_point_added_later_takes_up_contacts_of_open_periods_and_of_no_closed_one(place):
    open_one, other_way = named(place), named(place, direction="out")
    closed = named(place, started_at=STARTED.replace(month=9))
    create_period(place[0], date(2026, 9, 1), date(2026, 9, 30))
    point, taken = add_entry_point(place[0].id, POINT, CREATED)
    db.session.commit()
    assert (point.address, point.key, taken) == (NUMBER, "service-client-phone", 1)
    assert [one.entry_point_id for one in (open_one, closed, other_way)] == [point.id, None, None]
    assert db.session.scalars(db.select(Entry.kind)).one() == "contacts.entry-point-added"


def test_an_address_is_in_the_list_once_and_keys_are_kept_apart(place):
    add_entry_point(place[0].id, POINT, CREATED)
    with pytest.raises(EntryPointRefused, match="entry-point-known"):
        add_entry_point(place[0].id, {**POINT, "address": "+33 800 12 34 56"}, CREATED)
    other, _taken = add_entry_point(place[0].id, {**POINT, "address": "accueil"}, CREATED)
    assert other.key == "service-client-phone-2"


def test_what_contacts_named_is_proposed_until_it_is_listed(place):
    for _n in range(3):
        named(place)
    named(place, entry_address="accueil")
    named((create_principal(), place[1]), entry_address="elsewhere")
    assert [(one.address, one.contacts) for one in unlisted(place[0].id)] == [(NUMBER, 3), ("accueil", 1)]
    add_entry_point(place[0].id, POINT, CREATED)
    assert [one.address for one in unlisted(place[0].id)] == ["accueil"]


def test_one_press_adds_what_was_proposed(place, sign_in, submit):
    contact = named(place)
    db.session.commit()
    quality = sign_in("quality")
    page = "/contacts/entry-points"
    assert NUMBER in quality.get(page).text
    pressed = {"principal": place[0].id, "channel": "phone", "direction": "in", "address": NUMBER}
    assert submit("/contacts/entry-points/new", client=quality, page=page, **pressed).status_code == 302
    assert db.session.get_one(Contact, contact.id, populate_existing=True).entry_point_id is not None
    assert "1 contact" in quality.get(page).text


def test_a_point_is_changed_and_closed_by_its_last_day_and_two_editors_meet(place, sign_in, submit):
    point, _taken = add_entry_point(place[0].id, POINT, CREATED)
    db.session.commit()
    quality, url = sign_in("quality"), f"/contacts/entry-points/{point.id}"
    typed = {"version": 1, "name": "Ancien numéro", "site_id": place[1].id, "last_day": "2026-06-30"}
    assert submit(url, client=quality, **typed).status_code == 302
    point = db.session.get_one(EntryPoint, point.id, populate_existing=True)
    assert (point.name, point.site_id, point.last_day) == ("Ancien numéro", place[1].id, date(2026, 6, 30))
    second = submit(url, client=quality, **{**typed, "name": "Autre"})
    assert second.status_code == 409 and "Ancien numéro" in second.text and 'value="Autre"' in second.text
    wrong = submit(url, client=quality, **{**typed, "version": 2, "first_day": "2026-07-01"})
    assert wrong.status_code == 400


FILE = (
    "Adresse;Canal;Sens;Nom;Site;Fin\r\n"
    "0800 123 456;Téléphone;entrant;Service client;Lyon;\r\n"
    "accueil;chat;entrant;;;30/06/2026\r\n"
    "0800 123 456;téléphone;entrant;;;\r\n"
    "0800 999 999;fumée;entrant;;Lille;demain\r\n"
)


def test_a_file_adds_points_and_its_faults_go_back(place, sign_in, submit):
    db.session.commit()
    quality = sign_in("quality")
    sent = {"principal": place[0].id, "file": (io.BytesIO(FILE.encode()), "points.csv")}
    answer = submit("/contacts/entry-points/import", client=quality, page="/contacts/entry-points", **sent)
    assert answer.status_code == 422 and answer.mimetype == "text/csv"
    header, refused, *rest = answer.text.lstrip("\ufeff").splitlines()
    assert header.endswith("reject_line;reject_field;reject_reason") and not rest
    assert refused.startswith("0800 999 999;fumée") and ";5;" in refused
    points = {point.address: point for point in db.session.scalars(db.select(EntryPoint))}
    assert set(points) == {NUMBER, "accueil"}
    assert points[NUMBER].site_id == place[1].id and points["accueil"].last_day == date(2026, 6, 30)


@pytest.mark.parametrize(("file", "words"), [(b"", "vide"), (b"Nom;Sens\r\nx;entrant\r\n", "colonne")])
def test_a_file_that_is_no_list_is_refused_as_a_whole(place, sign_in, submit, file, words):
    db.session.commit()
    sent = {"principal": place[0].id, "file": (io.BytesIO(file), "points.csv")}
    quality = sign_in("quality")
    page = submit("/contacts/entry-points/import", client=quality, page="/contacts/entry-points", **sent)
    assert page.status_code == 400 and words in page.text


def test_whoever_sees_one_site_sees_and_adds_only_there(place, sign_in, submit):
    other = create_site(key="lille")
    elsewhere, _taken = add_entry_point(place[0].id, {**POINT, "name": "Secret", "site_id": other.id}, CREATED)
    named((place[0], other), entry_address="queue de Lille")
    db.session.commit()
    narrow = sign_in("quality", site_ids=[place[1].id])
    page = narrow.get("/contacts/entry-points").text
    assert "Secret" not in page and "queue de Lille" not in page
    assert narrow.get(f"/contacts/entry-points/{elsewhere.id}").status_code == 404
    typed = {"principal": place[0].id, **POINT, "address": "accueil"}
    url = f"/contacts/entry-points/new?principal={place[0].id}"
    assert submit(url, client=narrow, **typed).status_code == 400, "a point of several sites is not theirs to add"
    assert submit(url, client=narrow, **typed, site_id=place[1].id).status_code == 302


def test_an_address_that_contacts_of_other_sites_named_is_not_theirs_to_add(place, sign_in, submit):
    other = create_site(key="lille")
    named((place[0], other), entry_address="standard")
    named(place, entry_address="standard")
    db.session.commit()
    typed = {"principal": place[0].id, **POINT, "address": "standard", "site_id": place[1].id}
    url = f"/contacts/entry-points/new?principal={place[0].id}"
    refused = submit(url, client=sign_in("quality", "en", site_ids=[place[1].id]), **typed)
    assert refused.status_code == 400 and "Contacts of other sites named this address too" in refused.text
    file = f"channel;direction;address;site\nphone;{POINT['direction']};standard;{place[1].key}\n".encode()
    sent = {"principal": place[0].id, "file": (io.BytesIO(file), "points.csv")}
    narrow = sign_in("quality", "en", site_ids=[place[1].id])
    back = submit("/contacts/entry-points/import", client=narrow, page="/contacts/entry-points", **sent)
    assert back.status_code == 422 and "Contacts of other sites named this address too" in back.text
    assert submit(url, client=sign_in("quality", site_ids=[other.id, place[1].id]), **typed).status_code == 302
