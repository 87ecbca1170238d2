import csv
import io
from datetime import date

import pytest

from contacts.certified import Span
from contacts.models import CertifiedSpan
from contacts.scope_map import Count, Place, Point, scope_map
from contacts.services import add_entry_point
from foundation.accounts.scope import EVERYTHING
from foundation.database import db
from surveys.queries.answered_places import answered_places
from tests.contacts.factories import CREATED, create_contact, create_principal, create_site
from tests.surveys import factories as surveys

DAYS = (date(2026, 10, 1), date(2026, 10, 31))
POINT = {"channel": "phone", "direction": "in", "address": "accueil", "name": "Accueil"}
NOW_OPEN = Point(1, "Accueil", "accueil", "phone", "in", 1, None, None)


def marks(points=(), counted=None, answers=None, spans=None):
    lines = scope_map(points, counted or {}, answers, spans or {1: [Span(date(2026, 1, 1))]}, 7, DAYS)
    return [(line.place.address, line.contacts, line.marks) for line in lines]


def test_a_point_without_contact_is_marked_and_has_a_line():
    assert marks([NOW_OPEN]) == [("accueil", 0, ("no-contact",))]


def test_a_point_has_a_line_for_each_site_and_each_says_whether_it_is_certified():
    counted = {Place(1, "accueil", site, "phone", "in"): Count(site, 0) for site in (1, 2)}
    assert marks([NOW_OPEN], counted) == [("accueil", 1, ()), ("accueil", 2, ("outside",))]
    half = {1: [Span(date(2026, 10, 16))], 2: [Span(date(2026, 1, 1))]}
    assert marks([NOW_OPEN], counted, spans=half)[0] == ("accueil", 1, ("partly-outside",))


def test_what_is_in_no_list_comes_last_and_what_the_log_does_not_name_after_it():
    counted = {
        Place(None, "", 1, "phone", "in"): Count(3, 3),
        Place(None, "zeta", 1, "phone", "in"): Count(2, 2),
    }
    found = marks([NOW_OPEN], counted)
    assert found == [("accueil", 0, ("no-contact",)), ("zeta", 2, ("unknown",)), ("", 3, ("not-said",))]


def test_a_point_that_is_not_open_is_not_missed_but_its_contacts_are_marked():
    closed = Point(1, "Ancien", "old", "phone", "in", 1, None, date(2026, 9, 30))
    assert marks([closed]) == [("old", 0, ("not-open",))]
    assert marks([closed], {Place(1, "old", 1, "phone", "in"): Count(1, 1)}) == [("old", 1, ("not-open",))]
    last = Point(1, "Ancien", "old", "phone", "in", 1, None, date(2026, 10, 1))
    assert marks([last]) == [("old", 0, ("no-contact",))]


def test_contacts_of_a_point_that_was_listed_too_late_are_said_to_be_so():
    counted = {Place(None, "accueil", 1, "phone", "in"): Count(2, 2)}
    assert marks([NOW_OPEN], counted) == [("accueil", 2, ("listed-late",))]
    other_way = {Place(None, "accueil", 1, "phone", "out"): Count(2, 2)}
    assert marks([NOW_OPEN], other_way) == [("accueil", 0, ("no-contact",)), ("accueil", 2, ("unknown",))]


def test_no_answer_is_only_said_where_answers_are_counted_and_there_were_contacts():
    place = Place(1, "accueil", 1, "phone", "in")
    assert marks([NOW_OPEN], {place: Count(5, 5)}, answers={}) == [("accueil", 5, ("no-answer",))]
    assert marks([NOW_OPEN], {place: Count(5, 5)}, answers={place: 1}) == [("accueil", 5, ())]
    assert marks([NOW_OPEN], answers={}) == [("accueil", 0, ("no-contact",))]


@pytest.fixture
def place(app):
    principal, site, hidden = create_principal(), create_site(key="lyon", name="Lyon"), create_site(name="Lille")
    point, _taken = add_entry_point(principal.id, POINT, CREATED)
    for where in (site, site, hidden):
        create_contact(principal, where, entry_point_id=point.id, entry_address="accueil", outcome="answered")
    create_contact(principal, hidden, entry_address="+33145678901", outcome="unanswered")
    db.session.add(CertifiedSpan(site_id=site.id, first_day=date(2026, 1, 1), created_at=CREATED))
    db.session.commit()
    return principal, site


def page_of(client, principal, page="scope"):
    return client.get(f"/contacts/{page}?principal={principal.id}&from=2026-10-01&to=2026-10-31")


def test_the_page_and_its_csv_say_the_same_and_lead_to_the_contacts(place, sign_in):
    principal, site = place
    quality = sign_in("quality")
    page = page_of(quality, principal).text
    assert "Accueil" in page and "+33145678901" in page and "hors du périmètre certifié" in page
    rows = list(csv.DictReader(io.StringIO(page_of(quality, principal, "scope.csv").text[1:]), delimiter=";"))
    assert [(row["Adresse"], row["Contacts"], row["Pris en charge"]) for row in rows] == [
        ("accueil", "2", "2"), ("accueil", "1", "1"), ("+33145678901", "1", "0"),
    ]  # fmt: skip
    assert rows[0]["Périmètre certifié"] == "dedans" and rows[0]["À regarder"] == "aucune réponse"
    there = f"/contacts?principal={principal.id}&from=2026-10-01&to=2026-10-31&channel=phone&direction=in"
    assert quality.get(f"{there}&address=%2B33145678901").text.count("téléphone</td>") == 2
    assert f"site={site.id}" in page


def test_staff_see_their_sites_and_a_principal_its_own(place, sign_in):
    principal, site = place
    narrow = page_of(sign_in("manager", site_ids=[site.id]), principal).text
    assert "Lille" not in narrow and "+33145678901" not in narrow and "Accueil" in narrow
    own = sign_in("principal", principal_ids=[principal.id])
    assert "Accueil" in page_of(own, principal).text and "/contacts?" not in page_of(own, principal).text
    assert page_of(sign_in("principal", principal_ids=[create_principal().id]), principal).status_code == 404
    assert page_of(sign_in("handler"), principal).status_code == 403


def test_answers_are_counted_where_their_contacts_came_in(app):

    principal, site = surveys.create_principal(), surveys.create_site()
    surveys.create_contacts(principal, [site], 4, entry_address="accueil")
    surveys.create_period(principal)
    draw = surveys.create_draw(surveys.create_programme_of(principal, sample_size=2))
    surveys.invitations_of(draw)[0].disposition = "completed"
    db.session.commit()

    assert answered_places(principal.id, *DAYS, EVERYTHING) == {Place(None, "accueil", site.id, "phone", "in"): 1}
