from datetime import timedelta

import pytest

from foundation.database import db
from notifications import inbound, queries, services
from notifications.errors import NotificationRefused
from notifications.models import InboundMessage, OutboxMessage
from tests.conftest import NOW
from tests.notifications.factories import PHONE, create_message


def receive(body, provider_id="SM1", **changes):
    values = {"provider_id": provider_id, "sender": PHONE, "recipient": "38600", "body": body, "now": NOW}
    return inbound.receive(**(values | changes))


@pytest.fixture
def routes(app):
    app.extensions["inbound_routes"], before = [], app.extensions["inbound_routes"]
    yield app.extensions["inbound_routes"]
    app.extensions["inbound_routes"] = before


def test_a_message_is_routed_once_whoever_comes_to_it_again(app, routes):
    seen = []
    routes.append((20, "interview", lambda message, now: seen.append(message.id) or True))
    message = receive("8")
    assert inbound.route(message.id, NOW) is None
    assert (seen, message.routed_to) == ([message.id], "interview")


def test_the_first_route_that_takes_a_message_keeps_it(app, routes):
    seen = []

    def route(name, takes):
        return lambda message, now: seen.append(name) or takes

    routes += [(30, "words", route("words", True)), (10, "interview", route("interview", False))]
    routes += [(20, "case", route("case", True))]
    assert receive("bonjour").routed_to == "case"
    assert seen == ["interview", "case"]


def test_a_message_that_comes_twice_is_routed_once(app, routes, committed):
    seen = []
    routes.append((10, "interview", lambda message, now: seen.append(message.body) or True))
    receive("8")
    receive("8")
    assert (seen, committed(InboundMessage)) == (["8"], 1)


def test_what_no_route_takes_waits_for_a_person_who_marks_it_handled_once(app, routes):
    message = receive("Vous êtes ouverts samedi ?")
    assert message.routed_to == "person"
    services.mark_handled(message.id, " répondu par téléphone ", NOW, actor_id=3)
    db.session.commit()
    assert (message.note, message.handled_by) == ("répondu par téléphone", 3)
    with pytest.raises(NotificationRefused):
        services.mark_handled(message.id, "autre", NOW, actor_id=4)
    assert message.note == "répondu par téléphone"


def test_a_route_that_breaks_loses_nothing_and_is_tried_again(app, routes):
    broken = [RuntimeError, RuntimeError]

    def handler(message, now):
        create_side_effect()
        if broken:
            raise broken.pop()
        return True

    def create_side_effect():
        services.enqueue(channel="sms", recipient=PHONE, body="Merci", purpose="reply", business_key="thanks", now=NOW)

    routes.append((10, "interview", handler))
    message = receive("8")
    assert (message.routed_at, message.attempt, message.last_error) == (None, 1, "RuntimeError")
    assert db.session.scalar(db.select(db.func.count(OutboxMessage.id))) == 0
    inbound.route_waiting(NOW + timedelta(seconds=4))
    assert message.attempt == 2
    inbound.route_waiting(NOW + timedelta(minutes=5))
    assert (message.routed_to, message.last_error) == ("interview", None)
    assert db.session.scalar(db.select(db.func.count(OutboxMessage.id))) == 1


def test_a_route_that_never_works_ends_with_a_person(app, routes):
    def handler(message, now):
        raise RuntimeError

    routes.append((10, "interview", handler))
    message = receive("8")
    for hour in range(1, 12):
        inbound.route_waiting(NOW + timedelta(hours=hour))
    assert (message.routed_to, message.last_error, message.attempt) == ("person", "RuntimeError", 8)


def test_stop_comes_before_every_route_and_is_confirmed_once(app, routes):
    routes.append((1, "interview", lambda message, now: True))
    asked = create_message(principal_id=4, language="fr")
    assert receive("Stop.").routed_to == "stop"
    confirmation = db.session.scalars(db.select(OutboxMessage).filter_by(purpose="confirmation")).one()
    assert asked.state == "suppressed"
    assert (confirmation.state, confirmation.sender, confirmation.parts) == ("queued", "38600", 1)
    assert "START" in confirmation.body
    assert queries.opted_out([PHONE], 9, "survey") == {PHONE}
    assert receive("START", provider_id="SM2").routed_to == "start"
    assert queries.opted_out([PHONE], 9, "survey") == set()


def test_a_stop_the_provider_answers_itself_is_not_answered_twice(app, routes):
    receive("halte", provider_keyword="STOP")
    assert queries.opted_out([PHONE], None, "survey") == {PHONE}
    assert db.session.scalar(db.select(db.func.count(OutboxMessage.id))) == 0


def test_more_than_a_bare_stop_goes_on_to_the_routes(app, routes):
    routes.append((10, "complaint", lambda message, now: "réclamation" in message.body))
    assert receive("STOP, c'est ma 3e réclamation").routed_to == "complaint"
    assert queries.opted_out([PHONE], None, "survey") == set()


def test_an_answer_belongs_to_the_principal_who_wrote_last(app, routes):
    create_message(principal_id=4, language="en")
    message = receive("hello")
    assert (message.principal_id, message.language) == (4, "en")
