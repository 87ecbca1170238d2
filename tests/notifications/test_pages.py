from dataclasses import replace
from datetime import timedelta

import pytest

from foundation.database import db
from foundation.web import clock
from notifications import inbound, services, simulator
from notifications.dispatcher.sending import dispatch
from notifications.models import InboundMessage, OutboxMessage
from notifications.providers import CONFIG, Refused
from notifications.windows import Window
from tests.conftest import NOW
from tests.notifications.factories import PHONE, QUICK, ScriptedProvider, create_message

HIDDEN = "+33639985678"


def let_the_network_work(app):
    """Send what is queued and give its receipts, however long the sending took."""
    dispatch(app.extensions["notifications"], QUICK)
    for seconds in (2, 4):
        simulator.give_receipts(clock.utc_now() + timedelta(seconds=seconds))


@pytest.fixture
def quality(sign_in):
    return sign_in("quality")


def phone_page(client):
    return client.get("/notifications/phone", follow_redirects=True)


def test_the_page_says_what_waits_what_went_and_why_not(app, quality):
    create_message(principal_id=1)
    create_message(principal_id=1, recipient="+33639980001")
    create_message(principal_id=1, window=Window(), zone="America/Martinique", region="martinique")
    let_the_network_work(app)
    page = quality.get("/notifications/").text
    assert "ce n’est pas un numéro de téléphone" in page
    assert "hors des heures d’envoi permises" in page
    assert PHONE not in page and "+336•••34" in page


@pytest.fixture
def real_sms(app):
    """Let SMS go to another provider than the simulator."""
    post = app.extensions["notifications"]

    def use(provider):
        app.extensions["notifications"] = replace(post, providers={**post.providers, "sms": provider})

    yield use
    app.extensions["notifications"] = post


def test_a_channel_that_waits_is_said_on_top(app, quality, real_sms):
    create_message()
    real_sms(ScriptedProvider(Refused("20003", CONFIG)))
    dispatch(app.extensions["notifications"], QUICK)
    assert "l’opérateur refuse nos identifiants" in quality.get("/notifications/").text


def test_a_recipient_is_searched_without_their_number_in_the_address(app, quality, submit):
    create_message()
    create_message(recipient=HIDDEN, purpose="reminder")
    answer = submit("/notifications/search", client=quality, page="/notifications/", recipient="06 39 98 12 34")
    assert answer.status_code == 302
    assert "1234" not in answer.location
    page = quality.get(answer.location).text
    assert "+336•••34" in page and "+336•••78" not in page


def test_one_message_shows_its_events_and_not_its_secrets(app, quality):
    message = create_message()
    page = quality.get(f"/notifications/{message.id}").text
    assert "/s/•••" in page and "abcdefgh12345" not in page
    let_the_network_work(app)
    page = quality.get(f"/notifications/{message.id}").text
    assert "pris en charge par l’opérateur" in page and "arrivé" in page


def test_a_principal_s_messages_are_shown_to_their_own_people_only(app, sign_in):
    ours, theirs = create_message(principal_id=1), create_message(principal_id=2, recipient=HIDDEN)
    let_the_network_work(app)
    dana = sign_in("quality", principal_ids=[1])
    assert dana.get(f"/notifications/{ours.id}").status_code == 200
    assert dana.get(f"/notifications/{theirs.id}").status_code == 404
    assert "+336•••78" not in dana.get("/notifications/").text
    assert HIDDEN not in phone_page(dana).text
    assert dana.get(f"/notifications/phone/{theirs.recipient_hash}").status_code == 404
    assert dana.get(f"/notifications/phone/{theirs.recipient_hash}/thread").status_code == 404


def test_a_phone_shared_by_two_principals_shows_each_only_their_own(app, sign_in):
    create_message(principal_id=1, body="de la part de un")
    create_message(principal_id=2, body="de la part de deux")
    let_the_network_work(app)
    page = phone_page(sign_in("quality", principal_ids=[1])).text
    assert "de la part de un" in page and "de la part de deux" not in page


def test_the_phone_shows_what_came_and_takes_an_answer(app, quality, submit):
    message = create_message(body="Votre avis : https://x.example/s/abcdefgh12345.")
    let_the_network_work(app)
    page = phone_page(quality).text
    assert 'href="https://x.example/s/abcdefgh12345"' in page
    answer = submit(f"/notifications/phone/{message.recipient_hash}", client=quality, body="êtes-vous là ?")
    assert answer.status_code == 302
    received = db.session.scalars(db.select(InboundMessage)).one()
    assert (received.sender, received.recipient, received.body) == (PHONE, simulator.NUMBER, "êtes-vous là ?")
    page = phone_page(quality).text
    assert "êtes-vous là ?" in page and '<meta http-equiv="refresh"' in page


def test_an_empty_answer_is_refused_in_words(app, quality, submit):
    message = create_message()
    let_the_network_work(app)
    answer = submit(f"/notifications/phone/{message.recipient_hash}", client=quality, body="")
    assert answer.status_code == 400
    assert "errors" in answer.text


def test_there_is_no_simulated_phone_where_sms_are_real(app, quality, real_sms):
    create_message()
    real_sms(ScriptedProvider())
    assert quality.get("/notifications/phone").status_code == 404
    assert "Téléphone simulé" not in quality.get("/notifications/").text


def test_the_mail_folder_is_read_on_a_page(app, quality):
    message = create_message(
        channel="email",
        recipient="jeanne@example.org",
        subject="Votre dossier",
        body="Suivre : https://x.example/follow",
    )
    let_the_network_work(app)
    assert "Votre dossier" in quality.get("/notifications/mail").text
    page = quality.get(f"/notifications/mail/{message.public_id}").text
    assert 'href="https://x.example/follow"' in page and "jeanne@example.org" in page


def test_a_mail_that_sets_a_password_is_not_for_everybody(app, quality, sign_in):
    message = create_message(channel="email", recipient="admin@example.org", purpose="account")
    let_the_network_work(app)
    address = f"/notifications/mail/{message.public_id}"
    assert (quality.get(address).status_code, sign_in("admin").get(address).status_code) == (404, 200)


def test_a_person_reads_what_nobody_took_and_says_what_was_done(app, quality, submit):
    message = inbound.receive(provider_id="SM1", sender=PHONE, recipient="38600", body="Ouvert samedi ?", now=NOW)
    assert "Ouvert samedi ?" in quality.get("/notifications/inbox").text
    address = f"/notifications/inbox/{message.id}"
    assert submit(address, client=quality, note="Rappelée").status_code == 302
    assert "Rappelée" in quality.get("/notifications/inbox").text
    second = submit(address, client=quality, note="Moi aussi")
    assert second.status_code == 409
    assert "Rappelée" in second.text and "Moi aussi" in second.text


def test_an_auditor_reads_and_does_not_handle(app, sign_in, submit):
    message = inbound.receive(provider_id="SM1", sender=PHONE, recipient="38600", body="Ouvert samedi ?", now=NOW)
    sent = create_message()
    auditor = sign_in("auditor")
    assert PHONE not in auditor.get(f"/notifications/{sent.id}").text
    page = auditor.get("/notifications/inbox").text
    assert "Ouvert samedi ?" in page and "Marquer comme traité" not in page and PHONE not in page
    address = f"/notifications/inbox/{message.id}"
    assert "<textarea" not in auditor.get(address).text and PHONE not in auditor.get(address).text
    assert submit(address, client=auditor, page="/notifications/inbox", note="x").status_code == 403


def test_a_person_settles_a_message_in_doubt_on_its_page(app, quality, submit):
    message = create_message()
    message.state, message.rank = "needs_human", 2
    db.session.commit()
    page = f"/notifications/{message.id}"
    assert submit(f"{page}/decide", client=quality, page=page).status_code == 400
    assert submit(f"{page}/decide", client=quality, page=page, sent="yes").status_code == 302
    assert db.session.get(OutboxMessage, message.id).state == "sent"
    assert "Quality" in quality.get(page).text


@pytest.mark.parametrize("language, words", [("fr", "Arrêter ces messages"), ("en", "Stop these messages")])
def test_the_opt_out_page_speaks_the_customer_s_language(app, client, language, words):
    link = services.opt_out_link(PHONE, 1, NOW, public_url="", brand="Énergie du Rhône", language=language)
    db.session.commit()
    page = client.get(link).text
    assert words in page and "Énergie du Rhône" in page
    assert PHONE not in page


def test_opening_the_link_changes_nothing_and_pressing_the_button_does(app, client, submit):
    waiting = create_message(principal_id=1)
    other = create_message(principal_id=2)
    link = services.opt_out_link(PHONE, 1, NOW, public_url="")
    db.session.commit()
    for _ in range(2):
        client.get(link)
    assert waiting.state == "queued"
    assert submit(link).status_code == 302
    db.session.expire_all()
    assert (waiting.state, other.state) == ("suppressed", "queued")
    assert submit(link).status_code == 302
    assert client.get(f"{link}/done").status_code == 200


def test_a_link_that_is_not_ours_is_answered_kindly(client):
    for address in ("/o/abcdefgh12345", "/o/abcdefgh12345/done"):
        answer = client.get(address)
        assert (answer.status_code, "Ce lien ne mène nulle part" in answer.text) == (404, True)


def test_who_sees_one_site_sees_no_message_about_another(app, sign_in):
    own, far, none = (create_message(principal_id=1, site_id=site) for site in (1, 2, None))
    manager = sign_in("manager", site_ids=[1])
    statuses = [manager.get(f"/notifications/{message.id}").status_code for message in (own, far, none)]
    assert statuses == [200, 404, 200]
    listed = manager.get("/notifications/").text
    assert f"/notifications/{own.id}" in listed and f"/notifications/{far.id}" not in listed


def test_an_auditor_reads_no_letter_that_names_the_customer(app, sign_in):
    letter = create_message(principal_id=1, purpose="decision", channel="email", recipient="h@example.org",
                            body="Bonjour Mme Hoarau,")  # fmt: skip
    asked = create_message(principal_id=1, body="Votre avis ?")
    auditor = sign_in("auditor")
    page = auditor.get(f"/notifications/{letter.id}").text
    assert "Hoarau" not in page and "sans le nom" in page
    assert "Votre avis ?" in auditor.get(f"/notifications/{asked.id}").text
    assert "Bonjour Mme Hoarau" in sign_in("manager").get(f"/notifications/{letter.id}").text
