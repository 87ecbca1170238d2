from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from twilio.request_validator import RequestValidator

from foundation.database import db
from notifications import queries
from notifications.models import InboundMessage, OutboxEvent, OutboxMessage
from notifications.queries.webhooks import refusals_since
from tests.conftest import NOW
from tests.notifications.factories import PHONE, create_message, states_of

PUBLIC = "https://centre.example"
STATUS, INBOUND = "/webhooks/twilio/status", "/webhooks/twilio/inbound"


@pytest.fixture
def call(app, client):
    """Call a webhook as Twilio would, signed with Twilio's own code."""
    before = {name: app.config[name] for name in ("PUBLIC_URL", "TWILIO_AUTH_TOKEN", "TWILIO_AUTH_TOKEN_PREVIOUS")}
    app.config |= {"PUBLIC_URL": PUBLIC, "TWILIO_AUTH_TOKEN": "new", "TWILIO_AUTH_TOKEN_PREVIOUS": "old"}

    def post(path, token="new", public=PUBLIC, url=None, signature=None, algorithm=None, **options):
        tampered, headers = options.pop("tampered", {}), options.pop("headers", {})
        if signature is None:
            signature = RequestValidator(token).compute_signature(public + path, options, algorithm)
        headers = headers | {"X-Twilio-Signature": signature}
        if algorithm:
            headers["X-Twilio-Webhooks-Signature-Settings"] = f"key=k,algorithm={algorithm}"
        return client.post(url or path, data=options | tampered, headers=headers)

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


def test_a_status_nobody_knows_is_kept_and_changes_nothing(call):
    message = create_message()
    assert call(f"{STATUS}?id={message.public_id}", **news("teleported")).status_code == 204
    assert (message.state, states_of(message)) == ("queued", ["queued", "unknown"])
    kept = db.session.scalars(db.select(OutboxEvent).filter_by(state="unknown")).one()
    assert (kept.code, kept.applied_at is not None) == ("teleported", True)
    call(f"{STATUS}?id={message.public_id}", **news("sent"))
    assert message.state == "sent"


@pytest.mark.parametrize("state", ["claimed", "in_doubt", "needs_human"])
def test_news_with_our_own_id_mends_a_row_whose_send_was_never_recorded(call, state):
    message = create_message()
    message.state, message.rank = state, 2
    if state == "claimed":
        message.lease_owner, message.lease_until = "gone", NOW + timedelta(seconds=90)
    db.session.commit()
    call(f"{STATUS}?id={message.public_id}", **news("sent", MessageSid="SM7"))
    assert (message.state, message.provider_id) == ("sent", "SM7")
    call(STATUS, **news("delivered", MessageSid="SM7"))
    assert message.state == "delivered"


def test_a_field_that_is_missing_is_refused_plainly(call):
    assert call(STATUS, MessageSid="SM1").status_code == 400


def test_neither_the_host_nor_a_proxy_s_headers_change_what_is_signed(call):
    headers = {"Host": "web:8000", "X-Forwarded-Proto": "http", "X-Forwarded-Host": "evil.example"}
    assert call(STATUS, headers=headers, **news("sent")).status_code == 204


@pytest.mark.parametrize(
    "changes",
    [{"url": f"{STATUS}?id=1"}, {"public": "http://centre.example"}, {"public": "https://other.example"},
     {"tampered": {"ErrorCode": "30005"}}, {"token": "wrong"}, {"token": ""}, {"signature": ""}],
    ids=["query", "scheme", "host", "a field more", "token", "empty token", "no signature"],
)  # fmt: skip
def test_what_twilio_did_not_sign_is_refused_and_counted_and_not_kept(call, committed, changes):
    assert call(STATUS, **changes, **news("sent")).status_code == 403
    assert call(INBOUND, token="wrong", MessageSid="SM9", From=PHONE, To="38600", Body="x").status_code == 403
    assert refusals_since(NOW.date()) == 2
    assert refusals_since(NOW.date() + timedelta(days=1)) == 0
    assert (committed(OutboxEvent), committed(InboundMessage)) == (0, 0)


def test_the_operator_is_told_that_requests_were_refused(call, sign_in):
    quality = sign_in("admin")
    assert "n’avait pas signée" not in quality.get("/notifications/").text
    call(STATUS, token="wrong", **news("sent"))
    assert "n’avait pas signée" in quality.get("/notifications/").text


def test_twilio_s_own_start_lifts_what_its_stop_set(call):
    call(INBOUND, MessageSid="SM8", From=PHONE, To="38600", Body="STOP", OptOutType="STOP")
    call(INBOUND, MessageSid="SM9", From=PHONE, To="38600", Body="START", OptOutType="START")
    assert queries.opted_out([PHONE], None, "survey") == set()


@pytest.mark.parametrize("keyword", ["STOP", "START", "HELP"])
def test_what_twilio_answers_itself_is_kept_and_not_answered_by_us(call, committed, keyword):
    call(INBOUND, MessageSid="SM9", From=PHONE, To="38600", Body=keyword, OptOutType=keyword)
    assert (committed(InboundMessage), committed(OutboxMessage)) == (1, 0)


def test_a_call_for_help_goes_to_a_person_and_is_no_answer_to_a_question(call, app):
    taken = []
    app.extensions["inbound_routes"].insert(0, (0, "greedy", lambda message, now: taken.append(message.id) or True))
    try:
        call(INBOUND, MessageSid="SM9", From=PHONE, To="38600", Body="AIDE", OptOutType="HELP")
    finally:
        app.extensions["inbound_routes"].pop(0)
    assert (taken, db.session.scalars(db.select(InboundMessage.routed_to)).one()) == ([], "person")


def test_a_picture_without_words_is_kept_with_where_it_is(call):
    picture = {"NumMedia": "1", "MediaUrl0": "https://api.twilio.com/x/Media/ME1", "MediaContentType0": "image/jpeg"}
    call(INBOUND, MessageSid="MM9", From=PHONE, To="38600", Body="", **picture)
    kept = db.session.scalars(db.select(InboundMessage)).one()
    assert (kept.body, kept.routed_to) == ("", "person")
    assert kept.attachments == [{"type": "image/jpeg", "url": "https://api.twilio.com/x/Media/ME1"}]


@pytest.mark.parametrize("number", ["", "-1", "two", "9999"])
def test_a_number_of_pictures_that_is_none_does_no_harm(call, committed, number):
    call(INBOUND, MessageSid="MM9", From=PHONE, To="38600", Body="Bonjour", NumMedia=number)
    assert committed(InboundMessage) == 1


@pytest.fixture
def away(app):
    """Take the database away for a while."""

    @contextmanager
    def gone():
        database = Path(app.instance_path) / "test.sqlite3"
        db.session.remove()
        db.engine.dispose()
        aside = database.rename(database.with_suffix(".away"))
        database.mkdir()
        yield
        db.session.remove()
        db.engine.dispose()
        database.rmdir()
        aside.rename(database)

    return gone


def test_while_the_database_is_away_twilio_is_asked_to_come_again_and_nothing_is_lost(call, committed, away):
    message = create_message()
    calls = [
        (INBOUND, {"MessageSid": "SM9", "From": PHONE, "To": "38600", "Body": "Bonjour"}),
        (f"{STATUS}?id={message.public_id}", news("delivered")),
    ]
    with away():
        assert [call(path, **fields).status_code for path, fields in calls] == [503, 503]
    assert [call(path, **fields).status_code for path, fields in calls] == [200, 204]
    assert committed(InboundMessage) == 1
    assert db.session.scalars(db.select(OutboxMessage.state)).one() == "delivered"


def test_a_forged_request_is_refused_also_while_the_database_is_away(call, away):
    with away():
        assert call(STATUS, token="wrong", **news("sent")).status_code == 403
