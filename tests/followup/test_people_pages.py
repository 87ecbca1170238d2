"""The pages and commands about one person, and where people may complain."""

import json
from pathlib import Path

import pytest
import sqlalchemy as sa

from complaints import services
from contacts.models import Customer, CustomerLink, Erasure, Principal
from foundation.database import db
from foundation.ledger.models import Access
from notifications.models import OutboxMessage
from tests.complaints.factories import create_case
from tests.complaints.factories import create_principal as with_mediator
from tests.conftest import NOW, create_user, token_in
from tests.contacts.factories import create_contact, create_customer, create_principal

PHONE, EMAIL = "+33639981234", "zoe@example.org"


@pytest.fixture
def zoe(app):
    """Zoé at Belline, and the same number at Orme."""
    belline, orme = (
        create_principal(key="belline", name="Belline"),
        create_principal(key="orme", name="Orme", brand="Orme"),
    )
    row = create_customer(belline, phone=PHONE, email=EMAIL, name="Zoé Martin")
    create_customer(orme, phone=PHONE, name="Zoé chez Orme")
    create_contact(belline, customer=row, external_id="APPEL-77")
    db.session.commit()
    return row


@pytest.mark.parametrize("term", ["06 39 98 12 34", "+33 6 39 98 12 34", "ZOE@example.org", "APPEL-77"])
def test_a_person_is_found_without_a_trace_in_the_address(zoe, sign_in, submit, term):
    quality = sign_in("quality", principal_ids=[zoe.principal_id])
    found = submit("/contacts/people", client=quality, term=term)
    assert (found.status_code, found.location) == (302, f"/contacts/people/{zoe.id}")


def test_who_sees_several_principals_chooses_and_who_is_not_found_is_said(zoe, sign_in, submit):
    quality = sign_in("quality")
    page = submit("/contacts/people", client=quality, term=PHONE)
    assert "Zoé Martin" in page.text and "Zoé chez Orme" in page.text
    nobody = submit("/contacts/people", client=quality, term="06 00 00 00 00")
    assert nobody.status_code == 404
    assert "Personne n’a été trouvé" in nobody.text and 'value="06 00 00 00 00"' in nobody.text


def test_the_page_shows_one_principal_and_says_that_somebody_looked(zoe, sign_in):
    page = sign_in("quality").get(f"/contacts/people/{zoe.id}")
    assert page.status_code == 200
    assert "APPEL-77" in page.text and "chez Orme" not in page.text
    assert [row.subject for row in db.session.scalars(sa.select(Access))] == [f"person:{zoe.id}"]


@pytest.mark.parametrize("scope", [{"principal_ids": [999]}, {"site_ids": [1]}])
def test_nobody_else_opens_exports_or_erases_them(zoe, sign_in, scope):
    quality = sign_in("quality", **scope)
    token = token_in(quality.get("/accounts/password").text)
    there = f"/contacts/people/{zoe.id}"
    assert [quality.get(url).status_code for url in (there, f"{there}/erase")] == [404, 404]
    assert quality.post(f"{there}/export.json", data={"csrf_token": token}).status_code == 404


@pytest.mark.parametrize("form", ["json", "html"])
def test_what_is_held_is_handed_out(zoe, sign_in, form):
    quality = sign_in("quality")
    there = f"/contacts/people/{zoe.id}"
    token = token_in(quality.get(there).text)
    handed = quality.post(f"{there}/export.{form}", data={"csrf_token": token})
    assert handed.headers["Content-Disposition"] == f'attachment; filename="person-{zoe.id}.{form}"'
    assert PHONE in handed.text and "chez Orme" not in handed.text


def test_erasing_takes_two_steps_and_keeps_what_was_typed(zoe, sign_in, submit):
    quality, url = sign_in("quality"), f"/contacts/people/{zoe.id}/erase"
    summary = quality.get(url).text
    assert "Contacts</dt><dd>1</dd>" in summary and "chez Orme" not in summary
    unsure = submit(url, client=quality, note="Lettre du 20")
    assert unsure.status_code == 400 and 'value="Lettre du 20"' in unsure.text
    assert zoe.erased_at is None
    assert submit(url, client=quality, note="Lettre du 20", sure="y").status_code == 302
    assert db.session.get_one(Customer, zoe.id, populate_existing=True).phone is None
    page = quality.get(f"/contacts/people/{zoe.id}").text
    assert "Effacement E-1" in page and "Lettre du 20" in page


def test_a_manager_looks_and_may_not_erase(zoe, sign_in):
    manager = sign_in("manager")
    page = manager.get(f"/contacts/people/{zoe.id}").text
    assert "Zoé Martin" in page and "/erase" not in page
    assert manager.get(f"/contacts/people/{zoe.id}/erase").status_code == 403


def test_who_only_complained_gets_a_page(app, sign_in, submit):
    case = create_case(with_mediator(key="edr"), name="Luc Petit", phone="+33639987777", email="luc@example.org")
    quality = sign_in("quality")
    listed = submit("/contacts/people", client=quality, term=case.reference)
    assert "Luc Petit" in listed.text and "créer sa page" in listed.text
    opened = submit("/contacts/people/open", client=quality, page="/contacts/people", term=case.reference)
    assert case.reference in quality.get(opened.location).text


def test_two_rows_are_decided_about_by_a_person_and_told_apart_again(zoe, sign_in, submit):
    other = create_customer(_principal(zoe), phone="+33639985555", email=EMAIL, name="MARTIN Zoé")
    db.session.commit()
    quality, page = sign_in("quality"), "/contacts/people/duplicates"
    assert "MARTIN Zoé" in quality.get(page).text
    decided = submit(f"{page}/merge", client=quality, page=page, kept=zoe.id, other=other.id)
    assert decided.status_code == 302
    assert quality.get(f"/contacts/people/{other.id}").location == f"/contacts/people/{zoe.id}"
    link = db.session.scalars(sa.select(CustomerLink)).one()
    submit(f"/contacts/people/links/{link.id}/undo", client=quality, page=f"/contacts/people/{zoe.id}")
    assert db.session.get_one(CustomerLink, link.id, populate_existing=True).undone_at is not None
    assert quality.get(f"/contacts/people/{other.id}").status_code == 200


def _principal(row):
    return db.session.get_one(Principal, row.principal_id)


AGREEMENT = {
    "widens": "quarantine", "legal_basis": "Article 26 du RGPD", "signed_on": "2026-10-01",
    "signed_by": "Mme Aubry, M. Costa", "first_day": "2026-11-01",
}  # fmt: skip


def test_an_agreement_is_recorded_ended_and_read_by_whoever_sees_a_party(zoe, sign_in):
    admin, url = sign_in("admin"), "/contacts/agreements/new"
    token = token_in(admin.get(url).text)
    alone = admin.post(url, data={**AGREEMENT, "csrf_token": token, "parties": ["1"]})
    assert alone.status_code == 400 and "Article 26 du RGPD" in alone.text
    assert admin.post(url, data={**AGREEMENT, "csrf_token": token, "parties": ["1", "2"]}).status_code == 302
    ended = {**AGREEMENT, "csrf_token": token, "parties": ["1", "2"], "version": "1", "last_day": "2026-11-30"}
    assert admin.post("/contacts/agreements/1/change", data=ended).status_code == 302
    assert admin.post("/contacts/agreements/1/change", data=ended).status_code == 409
    page = sign_in("auditor", principal_ids=[2]).get("/contacts/agreements/1").text
    assert "Version 2" in page and "Version 1" in page and "lundi 30 novembre 2026" in page
    assert sign_in("auditor", principal_ids=[999]).get("/contacts/agreements/1").status_code == 404


def test_the_commands_export_and_erase_by_what_is_piped_in(zoe, app, tmp_path):
    run = app.test_cli_runner().invoke
    out, html = tmp_path / "zoe.json", tmp_path / "zoe.html"
    wanted = ["contacts", "person", "export", "--principal", "belline", "--out", str(out), "--html", str(html)]
    assert run(args=wanted, input=f"{PHONE}\n").exit_code == 0
    assert json.loads(Path(out).read_text())["held"]["customers"][0]["phone"] == PHONE
    assert "Zoé Martin" in html.read_text()
    erase = ["contacts", "person", "erase", "--principal", "belline", "--note", "Lettre"]
    refused = run(args=[*erase, PHONE], input="n\n")
    assert (refused.exit_code, db.session.scalars(sa.select(Erasure)).all()) == (2, [])
    done = run(args=[*erase, PHONE, "--yes"])
    assert done.exit_code == 0 and "E-1" in done.output
    assert run(args=[*erase, PHONE, "--yes"]).exit_code == 2
    create_case(with_mediator(key="edr"), phone="+33639987777")
    assert run(args=["contacts", "purge"]).exit_code == 0


def test_a_principal_has_its_own_address_for_complaints_and_may_take_none(zoe, client, submit):
    belline = _principal(zoe)
    belline.complaint_address, belline.complaint_email = "12 rue Basse, 69000 Lyon", "plaintes@belline.example"
    db.session.commit()
    own = client.get("/complain/belline").text
    assert "12 rue Basse, 69000 Lyon, plaintes@belline.example" in own and "Orme" not in own
    assert "Orme" in client.get("/complain").text
    sent = submit("/complain/belline", words="Rien ne va", email="zoe@example.org", key="k" * 20)
    assert sent.status_code == 302
    assert "12 rue Basse" not in db.session.scalars(sa.select(OutboxMessage.body)).one()
    kept = submit("/complain/belline", words="", name="Zoé", key="l" * 20)
    assert kept.status_code == 400 and 'value="Zoé"' in kept.text
    belline.takes_complaints = False
    db.session.commit()
    assert client.get("/complain/belline").status_code == 404
    assert "Belline" not in client.get("/complain").text
    assert client.get("/complain/nobody").status_code == 404
    assert client.get("/complain/receipt").status_code in (200, 302)


def test_the_letters_say_where_one_may_write(app):
    principal = with_mediator(key="edr", complaint_address="1 place du Puits, 42000 Saint-Étienne")
    case = create_case(principal)
    alice = create_user("handler")
    services.assign(case.id, alice.id, NOW)
    services.acknowledge(case.id, alice.id, NOW)
    db.session.commit()
    letters = db.session.scalars(sa.select(OutboxMessage.body).order_by(OutboxMessage.id)).all()
    assert "Vous pouvez aussi nous écrire : 1 place du Puits" in letters[-1].replace("\xa0", " ")


def test_a_shared_sender_is_said_where_stops_are_seen(zoe, sign_in):
    page = sign_in("admin").get(f"/contacts/scope/principals/{zoe.principal_id}").text
    assert "Cet émetteur est aussi celui de Orme" in page
    assert "Orme" in sign_in("quality").get(f"/contacts/people/{zoe.id}").text
