from datetime import timedelta

import pytest

from foundation.database import db
from notifications import outbox, queries, services
from notifications.errors import NotificationRefused
from notifications.models import OutboxMessage
from notifications.signals import messages_changed
from notifications.windows import Window
from tests.conftest import NOW
from tests.notifications.factories import PHONE, create_message, states_of


def test_asking_twice_for_the_same_message_is_one_message(app, committed):
    first = create_message(business_key="invitation:12:first", body="one")
    second = create_message(business_key="invitation:12:first", body="two")
    assert (second.id, second.body) == (first.id, "one")
    assert committed(OutboxMessage) == 1


def test_the_caller_s_rollback_takes_the_message_back(app, committed):
    services.enqueue(channel="sms", recipient=PHONE, body="x", purpose="survey", business_key="k", now=NOW)
    db.session.rollback()
    assert committed(OutboxMessage) == 0


@pytest.mark.parametrize(
    "changes, code",
    [
        ({"body": "  "}, "empty"),
        ({"body": "a" * 1601}, "too-long"),
        ({"body": "ê" * 671}, "too-long"),  # eleven parts
        ({"channel": "pigeon"}, "unknown-channel"),
        ({"purpose": "spam"}, "unknown-purpose"),
    ],
)
def test_what_cannot_be_sent_is_refused_when_it_is_asked_for(app, changes, code):
    with pytest.raises(NotificationRefused) as refusal:
        create_message(**changes)
    assert refusal.value.code == code


def test_ten_parts_are_the_most(app):
    assert create_message(body="ê" * 670).parts == 10


def test_states_only_rise_and_every_event_is_kept(app):
    message = create_message()
    for state in ("accepted", "delivered", "sent", "undelivered"):
        outbox.advance(message.id, state, NOW, source="provider")
    assert message.state == "delivered"
    assert states_of(message) == ["queued", "accepted", "delivered", "sent", "undelivered"]


@pytest.mark.parametrize("fixture", ["app", "pg_app"])
def test_two_rises_in_one_batch_keep_when_it_went_out_and_the_provider_s_name_for_it(request, fixture):
    request.getfixturevalue(fixture)
    message, other = create_message(), create_message()
    later = NOW + timedelta(minutes=5)
    outbox.advance_many(
        [
            outbox.Rise(message.id, "accepted", NOW, provider_id="SM1"),
            outbox.Rise(other.id, "rejected", NOW, code="21211"),
            outbox.Rise(message.id, "undelivered", later, code="30005"),
        ]
    )
    assert (message.state, message.sent_at, message.changed_at) == ("undelivered", NOW, later)
    assert (message.provider_id, message.last_error, message.lease_owner) == ("SM1", "30005", None)
    assert (other.state, other.sent_at, other.provider_id, other.last_error) == ("rejected", None, None, "21211")


def test_subscribers_hear_of_a_rise_once_and_in_the_same_transaction(app):
    message = create_message()
    heard = []

    def listen(changes):
        heard.extend((change.message_id, change.state, change.at) for change in changes)

    with messages_changed.connected_to(listen):
        outbox.advance(message.id, "accepted", NOW)
        outbox.advance(message.id, "accepted", NOW)
    assert heard == [(message.id, "accepted", NOW)]


def test_links_and_secrets_are_readable_until_the_message_is_final_and_not_after(app):
    message = create_message(
        body="Avis : https://x.example/s/abcdefgh12345 code K7Q2", html="<a href='/o/abcdefgh12345'>", secrets=["K7Q2"]
    )
    outbox.advance(message.id, "sent", NOW)
    assert "abcdefgh12345" in message.body
    outbox.advance(message.id, "delivered", NOW)
    assert message.body == "Avis : https://x.example/s/••• code •••"
    assert message.html == "<a href='/o/•••'>"
    assert message.secrets == []


def test_an_e_mail_handed_over_is_final(app):
    message = create_message(channel="email", recipient="a@example.org")
    outbox.advance(message.id, "sent", NOW)
    assert "abcdefgh12345" not in message.body


def test_a_window_moves_the_message_to_the_recipient_s_next_lawful_moment(app):
    # Monday 23 November, 09:00 UTC: 13:00 in Réunion is lawful, 05:00 in Martinique waits for 08:00 there.
    assert create_message(window=Window(), zone="Indian/Reunion", region="la-reunion").not_before == NOW
    waits = create_message(window=Window(), zone="America/Martinique", region="martinique")
    assert (waits.not_before, waits.held) == (NOW + timedelta(hours=3), "window")
    assert create_message(window=None, zone="America/Martinique").not_before == NOW


def test_stop_suppresses_what_waits_and_what_comes_but_not_the_person_s_own_complaint(app):
    waiting = create_message()
    reply = create_message(purpose="reply")
    services.opt_out(PHONE, None, "sms", NOW)
    db.session.commit()
    later = create_message()
    assert (waiting.state, reply.state, later.state) == ("suppressed", "queued", "suppressed")
    assert later.last_error == "opted-out"
    assert queries.opted_out([PHONE, "+33639985678"], 7, "reminder") == {PHONE}
    assert queries.opted_out([PHONE], 7, "decision") == set()


def test_a_stop_for_one_principal_leaves_the_others(app):
    services.opt_out("A@Example.org", 1, "link", NOW)
    assert queries.opted_out(["a@example.org"], 1, "survey") == {"a@example.org"}
    assert queries.opted_out(["a@example.org"], 2, "survey") == set()


def test_start_lifts_only_what_a_keyword_put(app):
    services.opt_out(PHONE, None, "sms", NOW)
    services.opt_out(PHONE, 1, "link", NOW)
    assert services.lift_stop(PHONE, NOW) == 1
    assert queries.opted_out([PHONE], 1, "survey") == {PHONE}
    assert queries.opted_out([PHONE], 2, "survey") == set()


def test_the_address_is_not_in_the_list_of_opt_outs(app):
    services.opt_out(PHONE, None, "sms", NOW)
    row = db.session.execute(db.text("SELECT * FROM opt_outs")).one()
    assert PHONE not in str(row)
