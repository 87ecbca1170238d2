"""The page of a link, and the staff's pages of stops."""

import csv
import io
import re

import pytest
import sqlalchemy as sa

from contacts.models import Principal
from foundation.database import db
from foundation.ledger.models import Access
from notifications import queries, services
from notifications.models import OptOut, OptOutLink
from tests.conftest import NOW
from tests.notifications.factories import PHONE, create_message

TOLD = {"address": "06 39 98 12 34", "topic": "survey", "principal_id": "1", "means": "phone", "note": "Appel"}


@pytest.fixture
def principals(app):
    for name in ("Énergie du Rhône", "Belline"):
        values = {"key": name.lower()[:4], "name": name, "brand": name, "created_at": NOW}
        db.session.add(Principal(**values))
    db.session.commit()


def link(principal_id=1, brand="Énergie du Rhône"):
    url = services.opt_out_link(PHONE, principal_id, NOW, public_url="", brand=brand)
    db.session.commit()
    return url


def stopped(principal_id, purpose="survey"):
    return queries.opted_out([PHONE], principal_id, purpose) == {PHONE}


def test_the_customer_chooses_what_to_stop_and_from_whom(client, submit):
    address = link()
    page = client.get(address).text
    assert "Énergie du Rhône seulement" in page and "Toutes les entreprises" in page
    submit(address, topic="reminder", whom="principal")
    assert (stopped(1, "reminder"), stopped(1), stopped(2)) == (True, False, False)
    submit(address, topic="survey", whom="all")
    assert stopped(1) and stopped(2)
    done = client.get(f"{address}/done").text
    assert "aucun rappel" in done and "aucune des entreprises" in done


def test_the_customer_takes_it_back_on_the_same_page(client, submit):
    address = link()
    submit(address)
    assert stopped(1)
    assert submit(f"{address}/undo", page=f"{address}/done").status_code == 302
    assert not stopped(1)
    assert "de nouveau" in client.get(f"{address}/done").text


def test_whoever_opens_the_link_again_can_take_back_what_they_stopped(client, submit):
    address = link()
    button = f'action="{address}/undo"'
    assert button not in client.get(address).text
    submit(address)
    assert button in client.get(address).text
    assert submit(f"{address}/undo", page=address).status_code == 302
    assert not stopped(1)


def test_a_link_without_a_principal_stops_everyone_and_asks_no_more(client, submit):
    address = link(None)
    (choice,) = re.findall('<input[^>]*name="whom"[^>]*>', client.get(address).text)
    assert "checked" in choice
    assert submit(address).status_code == 302
    assert stopped(1) and stopped(2)


def test_a_mail_program_s_own_button_stops_without_our_form(client):
    address = link()
    assert client.post(address, data={"List-Unsubscribe": "One-Click"}).status_code == 204
    assert stopped(1) and not stopped(2)


def test_another_site_cannot_press_the_buttons(client):
    address = link()
    assert client.post(address, data={"topic": "survey"}).status_code == 400
    assert client.post(f"{address}/undo").status_code == 400
    assert not stopped(1)


def test_nonsense_in_the_form_is_refused_and_stops_nothing(client, submit):
    assert submit(link(), topic="everything").status_code == 400
    assert not stopped(1)


def test_the_page_of_a_link_outlives_the_erasure_of_the_address(client, submit):
    address = link()
    services.forget_address(PHONE)
    db.session.commit()
    assert submit(address).status_code == 302
    assert stopped(1)


def test_an_agent_records_a_stop_told_on_the_phone(app, sign_in, submit, principals):
    waiting = create_message(principal_id=1)
    agent = sign_in("agent")
    assert "Enregistrer une opposition" in agent.get("/notifications/opt-outs/new").text
    assert submit("/notifications/opt-outs/new", client=agent, **TOLD).status_code == 302
    assert agent.get("/notifications/opt-outs").status_code == 403
    db.session.expire_all()
    kept = db.session.scalars(sa.select(OptOut)).one()
    assert (kept.source, kept.means, kept.note, waiting.state) == ("person", "phone", "Appel", "suppressed")


@pytest.mark.parametrize("change", [{"address": "demain"}, {"means": "rumour"}, {"principal_id": "9"}, {"topic": ""}])
def test_what_cannot_be_recorded_is_refused_and_kept_in_the_form(sign_in, submit, principals, change):
    answer = submit("/notifications/opt-outs/new", client=sign_in("agent"), **(TOLD | change))
    assert answer.status_code == 400 and "Appel" in answer.text
    assert db.session.scalars(sa.select(OptOut)).first() is None


def test_who_sees_one_principal_records_for_that_one_only(sign_in, submit, principals):
    manager = sign_in("manager", principal_ids=[1])
    for principal_id, status in (("0", 400), ("2", 400), ("1", 302)):
        told = TOLD | {"principal_id": principal_id}
        assert submit("/notifications/opt-outs/new", client=manager, **told).status_code == status


def test_a_stop_is_found_by_the_address_however_it_is_written_and_listed_masked(sign_in, submit, principals):
    services.opt_out(PHONE, 1, "sms", NOW)
    db.session.commit()
    quality = sign_in("quality")
    listed = quality.get("/notifications/opt-outs").text
    assert "+336•••34" in listed and PHONE not in listed and "Énergie du Rhône" in listed
    found = submit("/notifications/opt-outs/search", client=quality, page="/notifications/opt-outs",
                   address="06.39.98.12.34")  # fmt: skip
    assert "STOP par SMS" in found.text
    other = submit("/notifications/opt-outs/search", client=quality, page="/notifications/opt-outs",
                   address="06 39 98 00 02")  # fmt: skip
    assert "Aucune n’est connue" in other.text and "STOP par SMS" not in other.text
    assert submit("/notifications/opt-outs/search", client=quality, page="/notifications/opt-outs",
                  address="?").status_code == 400  # fmt: skip


def test_a_stop_of_everybody_is_seen_across_the_border_only_by_who_knows_the_address(sign_in, submit, principals):
    services.opt_out(PHONE, None, "sms", NOW)
    db.session.commit()
    manager = sign_in("manager", principal_ids=[1])
    assert "+336•••34" not in manager.get("/notifications/opt-outs").text
    found = submit("/notifications/opt-outs/search", client=manager, page="/notifications/opt-outs", address=PHONE)
    assert "STOP par SMS" in found.text
    assert manager.get("/notifications/opt-outs/1").status_code == 404
    assert 'href="/notifications/opt-outs/1"' not in found.text
    lead = sign_in("manager", email="lead@example.org")
    found = submit("/notifications/opt-outs/search", client=lead, page="/notifications/opt-outs", address=PHONE)
    assert 'href="/notifications/opt-outs/1"' in found.text


def test_a_stop_is_lifted_with_a_reason_by_who_may_and_once(sign_in, submit, principals):
    kept = services.record_told_stop(PHONE, 1, "all", "letter", "Lettre du 3", NOW, actor_id=1)
    db.session.commit()
    page, quality = f"/notifications/opt-outs/{kept}", sign_in("quality")
    assert submit(f"{page}/lift", client=quality, page=page, reason="oui").status_code == 400
    assert stopped(1)
    assert submit(f"{page}/lift", client=quality, page=page, reason="Appel du 23 novembre").status_code == 302
    assert not stopped(1)
    assert "Appel du 23 novembre" in quality.get(page).text
    auditor = sign_in("auditor").get(page).text
    assert "Appel du 23" not in auditor and "Lettre du 3" not in auditor and "Lever cette opposition" not in auditor


def test_two_who_lift_the_same_stop_are_told_apart(sign_in, submit, principals):
    kept = services.record_told_stop(PHONE, 1, "all", "letter", "", NOW, actor_id=1)
    db.session.commit()
    page, quality = f"/notifications/opt-outs/{kept}", sign_in("quality")
    page_before = page
    services.lift_told(kept, "Un autre collègue", NOW, actor_id=1)
    token_page = "/notifications/opt-outs/new"
    db.session.commit()
    late = submit(f"{page_before}/lift", client=quality, page=token_page, reason="Appel du jour")
    assert late.status_code == 409 and "déjà levée" in late.text


def test_auditors_take_the_stops_without_anything_that_leads_to_a_person(sign_in, principals):
    services.record_told_stop(PHONE, 1, "survey", "letter", "Mme Hoarau", NOW, actor_id=1)
    services.opt_out("jeanne@example.org", None, "sms", NOW)
    db.session.commit()
    taken = sign_in("auditor").get("/notifications/opt-outs.csv")
    rows = list(csv.DictReader(io.StringIO(taken.text)))
    assert [(row["principal"], row["topic"], row["source"], row["means"]) for row in rows] == [
        ("Énergie du Rhône", "survey", "person", "letter"),
        ("*", "all", "sms", ""),
    ]
    (access,) = db.session.scalars(sa.select(Access))
    assert (access.subject, access.facts) == ("notifications:stops", {"how": "csv"}) and access.actor_id
    for secret in (
        PHONE,
        "+336",
        "jeanne",
        "Hoarau",
        "example.org",
        *db.session.scalars(sa.select(OptOut.address_hash)),
    ):
        assert secret not in taken.text


def test_a_key_that_was_lost_is_said_on_the_page(app, sign_in, principals):
    services.opt_out(PHONE, 1, "sms", NOW)
    db.session.execute(sa.update(OptOut).values(key_name="another"))
    db.session.commit()
    assert "ne peut plus être reconnue" in sign_in("quality").get("/notifications/opt-outs").text


def test_an_unknown_link_says_so_on_every_address(client, submit):
    assert db.session.scalars(sa.select(OptOutLink)).first() is None
    for address in ("/o/abcdefgh12345", "/o/abcdefgh12345/done"):
        assert client.get(address).status_code == 404
    assert client.post("/o/abcdefgh12345", data={"List-Unsubscribe": "One-Click"}).status_code == 404
