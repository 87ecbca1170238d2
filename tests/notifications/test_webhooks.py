import pytest
from twilio.request_validator import RequestValidator

from foundation.database import db
from notifications import queries
from notifications.models import InboundMessage, OutboxEvent
from tests.notifications.factories import PHONE, create_message, states_of

PUBLIC = "https://centre.example"
STATUS, INBOUND = "/webhooks/twilio/status", "/webhooks/twilio/inbound"


@pytest.fixture
def call(app, client):
    """Call a webhook as Twilio would, signed with Twilio's own code."""
    before = {name: app.config[name] for name in ("PUBLIC_URL", "TWILIO_AUTH_TOKEN", "TWILIO_AUTH_TOKEN_PREVIOUS")}
    app.config |= {"PUBLIC_URL": PUBLIC, "TWILIO_AUTH_TOKEN": "new", "TWILIO_AUTH_TOKEN_PREVIOUS": "old"}

    def post(path, token="new", tampered=None, algorithm=None, **fields):
        signature = RequestValidator(token).compute_signature(PUBLIC + path, fields, algorithm)
        headers = {"X-Twilio-Signature": signature}
        if algorithm:
            headers["X-Twilio-Webhooks-Signature-Settings"] = f"key=k,algorithm={algorithm}"
        return client.post(path, data=fields | (tampered or {}), headers=headers)

    yield post
    app.config |= before


def news(status, **changes):
    return {"MessageSid": "SM1", "MessageStatus": status} | changes


def test_an_incoming_sms_is_kept_and_answered_with_nothing(call, committed):
    answer = call(INBOUND, MessageSid="SM9", From=PHONE, To="38600", Body="Bonjour")
    assert (answer.status_code, answer.mimetype) == (200, "text/xml")
    assert b"<Response/>" in answer.data
    assert committed(InboundMessage) == 1


def test_the_same_sms_again_is_one_sms(call, committed):
    for _ in range(3):
        call(INBOUND, MessageSid="SM9", From=PHONE, To="38600", Body="Bonjour")
    assert committed(InboundMessage) == 1


def test_twilio_s_own_stop_is_obeyed(call):
    call(INBOUND, MessageSid="SM9", From=PHONE, To="38600", Body="Ça suffit", OptOutType="STOP")
    assert queries.opted_out([PHONE], None, "survey") == {PHONE}


@pytest.mark.parametrize("token, status", [("new", 204), ("old", 204), ("wrong", 403)])
def test_two_tokens_are_known_while_they_are_changed(call, token, status):
    assert call(STATUS, token, **news("sent")).status_code == status


@pytest.mark.parametrize("algorithm, status", [("HMAC_SHA1", 204), ("HMAC_SHA256", 204)])
def test_both_signature_algorithms_are_known(call, algorithm, status):
    assert call(STATUS, algorithm=algorithm, **news("sent")).status_code == status


def test_an_unknown_algorithm_is_refused(call, client):
    headers = {"X-Twilio-Signature": "x", "X-Twilio-Webhooks-Signature-Settings": "algorithm=ROT13"}
    assert client.post(STATUS, data=news("sent"), headers=headers).status_code == 403


def test_what_was_changed_on_the_way_is_refused_and_not_kept(call, committed):
    assert call(STATUS, tampered={"MessageStatus": "delivered"}, **news("sent")).status_code == 403
    assert committed(OutboxEvent) == 0


def test_nothing_is_let_in_without_a_token_configured(app, call):
    app.config |= {"TWILIO_AUTH_TOKEN": "", "TWILIO_AUTH_TOKEN_PREVIOUS": ""}
    assert call(STATUS, token="", **news("sent")).status_code == 403


def test_the_query_is_part_of_what_is_signed(call):
    message = create_message()
    path = f"{STATUS}?id={message.public_id}"
    assert call(path, **news("sent")).status_code == 204
    assert (message.state, message.provider_id) == ("sent", "SM1")


def test_news_in_any_order_and_repeated_ends_the_same(call):
    message = create_message()
    path = f"{STATUS}?id={message.public_id}"
    for status in ("delivered", "sent", "queued", "delivered", "sending", "sent"):
        assert call(path, **news(status)).status_code == 204
    assert message.state == "delivered"
    assert sorted(states_of(message)) == ["accepted", "delivered", "queued", "sending", "sent"]


def test_news_that_overtakes_the_record_of_its_send_is_kept_and_found_later(call, app):
    message = create_message()
    call(STATUS, **news("delivered"))
    assert message.state == "queued"
    message.provider_id = "SM1"
    db.session.commit()
    call(STATUS, **news("sent"))
    assert message.state == "delivered"


def test_why_it_was_not_delivered_is_kept(call):
    message = create_message()
    call(f"{STATUS}?id={message.public_id}", **news("undelivered", ErrorCode="30005"))
    assert (message.state, message.last_error) == ("undelivered", "30005")


def test_a_stop_told_in_a_receipt_is_obeyed(call):
    message = create_message()
    call(f"{STATUS}?id={message.public_id}", **news("failed", ErrorCode="21610"))
    assert queries.opted_out([PHONE], None, "survey") == {PHONE}


def test_a_status_nobody_knows_does_no_harm(call, committed):
    assert call(STATUS, **news("teleported")).status_code == 204
    assert committed(OutboxEvent) == 0


def test_a_field_that_is_missing_is_refused_plainly(call):
    assert call(STATUS, MessageSid="SM1").status_code == 400
