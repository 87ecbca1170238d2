"""The simulated phone and the page of its network, as somebody at a browser meets them."""

import re
from datetime import timedelta
from html import unescape

import pytest

from foundation.database import db
from foundation.web import clock
from notifications import inbound, simulator
from notifications.dispatcher.sending import dispatch
from notifications.models import InboundMessage, SimulatedMessage
from notifications.networks import PRESETS, Network
from notifications.simulator import network
from tests.conftest import NOW, token_in
from tests.notifications.factories import PHONE, QUICK, create_message

PAGE = "/notifications/phone/network"


def let_the_network_work(app, seconds=4):
    dispatch(app.extensions["notifications"], QUICK)
    simulator.give_receipts(clock.utc_now() + timedelta(seconds=seconds))


@pytest.fixture
def quality(sign_in):
    return sign_in("quality")


def address_of(message):
    return f"/notifications/phone/{message.recipient_hash}"


def test_a_bubble_says_its_parts_its_encoding_and_what_became_of_it(app, quality):
    arrived = create_message(body="Votre avis ? " + "x" * 160)
    let_the_network_work(app)
    page = quality.get(address_of(arrived)).text
    assert "2 SMS · GSM-7" in page and "arrivé" in page
    lost = create_message(recipient="+33639980003", body="Vous êtes là ?")
    let_the_network_work(app)
    page = quality.get(address_of(lost)).text
    assert "1 SMS · UCS-2" in page and "non arrivé" in page and "éteint" in page


def test_the_thread_is_sent_again_when_a_message_gets_further_and_not_otherwise(app, quality):
    message = create_message()
    dispatch(app.extensions["notifications"], QUICK)

    def seen():
        return re.search(r"seen=([\w-]+)", quality.get(address_of(message)).text)[1]

    first = seen()
    assert quality.get(f"{address_of(message)}/thread?seen={first}").status_code == 204
    let_the_network_work(app)
    assert quality.get(f"{address_of(message)}/thread?seen={first}").status_code == 200
    assert quality.get(f"{address_of(message)}/thread?seen={seen()}").status_code == 204


def test_a_likely_answer_is_one_press_away(app, quality):
    message = create_message(body="Nous recommanderiez-vous ? Répondez par un chiffre de 0 à 10.")
    let_the_network_work(app)
    page = quality.get(address_of(message)).text
    offered = re.findall(r'name="quick" value="(\w+)"', page)
    assert offered == [*(str(value) for value in range(11)), "STOP", "START"]
    answer = quality.post(address_of(message), data={"csrf_token": token_in(page), "body": "", "quick": "9"})
    assert answer.status_code == 302
    assert db.session.scalars(db.select(InboundMessage.body)).one() == "9"


def test_what_the_customer_wrote_says_where_it_went(app, quality, submit):
    message = create_message()
    let_the_network_work(app)
    submit(address_of(message), client=quality, body="Stop")
    assert "compris comme STOP" in quality.get(address_of(message)).text


def test_the_list_of_phones_shows_the_last_words_of_each_and_only_of_one_s_own_principals(app, sign_in):
    create_message(principal_id=1, body="de la part de un")
    create_message(principal_id=1, recipient="+33639985678", body="un autre téléphone")
    create_message(principal_id=2, recipient="+33639989999", body="de la part de deux")
    let_the_network_work(app)
    page = sign_in("quality", principal_ids=[1]).get("/notifications/phone/all").text
    assert "de la part de un" in page and "un autre téléphone" in page
    assert "+33639989999" not in page and "de la part de deux" not in page


def test_who_sees_one_site_sees_no_phone_of_another(app, sign_in):
    far = create_message(principal_id=1, site_id=2, body="de l’autre site")
    let_the_network_work(app)
    lyon = sign_in("quality", site_ids=[1])
    assert lyon.get(address_of(far)).status_code == 404
    assert PHONE not in lyon.get("/notifications/phone/all").text


def test_an_empty_list_says_how_a_phone_comes_to_be(quality):
    assert "Aucun téléphone n’a encore rien reçu" in quality.get("/notifications/phone").text


def fields_of(page):
    """Return what the form of the network holds."""
    return dict(re.findall(r'name="(\w+)"[^>]*?value="([^"]*)"', unescape(page[page.index('class="weather"') :])))


def set_weather(quality, **changes):
    page = quality.get(PAGE).text
    return quality.post(PAGE, data=fields_of(page) | {"own_stops": "y"} | changes | {"csrf_token": token_in(page)})


def test_what_is_set_on_the_page_is_what_the_worker_reads(app, quality):
    assert set_weather(quality, quickest="3", slowest="9", failure_30005="40", seed="tuesday").status_code == 302
    db.session.rollback()
    expected = Network(quickest=3, slowest=9, failures={"30005": 40}, own_stops=True, seed="tuesday")
    assert network.current() == (expected, None)
    assert 'value="tuesday"' in quality.get(PAGE).text


@pytest.mark.parametrize(
    "typed", [{"quickest": "9", "slowest": "3"}, {"failure_30003": "60", "failure_30005": "60"}, {"missing": "101"}]
)
def test_a_weather_that_cannot_be_is_refused_and_what_was_typed_stays(app, quality, typed):
    answer = set_weather(quality, seed="kept", **typed)
    assert answer.status_code == 400 and 'value="kept"' in answer.text and 'id="errors"' in answer.text
    assert network.current() == (Network(), None)


def test_a_ready_made_weather_is_one_press_and_calm_undoes_it(app, quality):
    for name in ("bad", "calm"):
        token = token_in(quality.get(PAGE).text)
        assert quality.post(f"{PAGE}/preset", data={"csrf_token": token, "name": name}).status_code == 302
        db.session.rollback()
        weather, refuses_until = network.current()
        assert weather == PRESETS[name][0]
        assert (refuses_until is not None) == bool(PRESETS[name][1])


def test_the_page_explains_the_numbers_that_behave_badly(quality):
    page = quality.get(PAGE).text
    for ending, code in [("0001", "21211"), ("0003", "30003"), ("0005", "30005"), ("0010", "21610")]:
        assert f">{ending}</th>" in page and f">{code}</td>" in page


def test_a_provider_with_a_list_of_its_own_answers_stop_itself_and_refuses_afterwards(app, quality, submit):
    message = create_message(principal_id=1)
    let_the_network_work(app)
    network.set_weather(Network(own_stops=True), 0, NOW)
    db.session.commit()
    submit(address_of(message), client=quality, body="STOP")
    said = db.session.scalars(db.select(InboundMessage)).one()
    assert (said.provider_keyword, said.routed_to) == ("STOP", "stop")
    let_the_network_work(app)
    bodies = list(db.session.scalars(db.select(SimulatedMessage.body).filter_by(direction="out")))
    assert len(bodies) == 2 and bodies[1].startswith("Vous ne recevrez plus"), "we do not answer as well"
    reply = create_message(purpose="reply", body="Votre dossier est traité.")
    let_the_network_work(app)
    assert (reply.state, reply.last_error) == ("rejected", "21610")
    submit(address_of(message), client=quality, body="START")
    again = create_message(purpose="reply", body="Votre dossier est clos.")
    let_the_network_work(app)
    assert again.state == "delivered"


def test_a_message_that_no_one_sent_through_us_does_not_break_the_phone(app, quality):
    """A customer may write before anything was sent to them, and again."""
    inbound.receive(provider_id="SM1", sender=PHONE, recipient="38600", body="Bonjour", now=NOW)
    message = create_message()
    let_the_network_work(app)
    assert quality.get(address_of(message)).status_code == 200
