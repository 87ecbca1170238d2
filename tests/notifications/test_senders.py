"""A row for each sender: how fast it may send, and what holds it back."""

import pytest

from foundation import config
from foundation.database import db
from notifications.errors import NotificationRefused
from notifications.models import OutboxEvent, OutboxMessage, Sender
from notifications.services import enqueue_many, opt_out, set_rate
from tests.conftest import NOW
from tests.notifications.factories import PHONE, create_message


def rows(count, **changes):
    row = {"channel": "sms", "body": "Votre avis ?", "purpose": "survey"}
    return [row | {"recipient": f"+3363998{n:04}", "business_key": f"bulk:{n}"} | changes for n in range(count)]


def test_the_first_message_of_a_sender_makes_its_row_and_the_next_use_it(app):
    create_message(sender="+33700000001")
    create_message(sender="+33700000001")
    create_message(channel="email", recipient="a@example.org")
    senders = db.session.execute(db.select(Sender.channel, Sender.sender, Sender.rate).order_by(Sender.id)).all()
    assert senders == [("sms", "+33700000001", None), ("email", "", None)]


def test_a_new_sender_of_sms_begins_with_the_rate_of_the_setting(app, monkeypatch):
    monkeypatch.setitem(app.config, "SMS_RATE", 10.0)
    create_message()
    create_message(channel="email", recipient="a@example.org")
    assert dict(db.session.execute(db.select(Sender.channel, Sender.rate)).all()) == {"sms": 10.0, "email": None}


@pytest.mark.parametrize(
    "environment, rate",
    [
        ({}, None),
        ({"SATISFECIT_SMS_RATE": "2.5"}, 2.5),
        ({"SATISFECIT_SMS_RATE": "0"}, None),
        ({"SATISFECIT_SMS": "twilio"}, 10.0),
    ],
)
def test_the_setting_says_how_many_parts_a_second(tmp_path, environment, rate):
    account = {
        "SATISFECIT_TWILIO_ACCOUNT_SID": "AC",
        "SATISFECIT_TWILIO_AUTH_TOKEN": "t",
        "SATISFECIT_TWILIO_FROM": "+",
    }
    assert config.read_settings(account | environment, tmp_path)["SMS_RATE"] == rate


@pytest.mark.parametrize("written", ["fast", "-1", "10001", "nan"])
def test_a_rate_that_is_none_stops_the_program(tmp_path, written):
    with pytest.raises(config.ConfigurationError, match="SMS_RATE"):
        config.read_settings({"SATISFECIT_SMS_RATE": written}, tmp_path)


def test_a_person_sets_the_rate_of_one_sender(app):
    create_message()
    sender_id = db.session.scalars(db.select(Sender.id)).one()
    set_rate(sender_id, 3.5, NOW, actor_id=7)
    db.session.commit()
    sender = db.session.get(Sender, sender_id)
    assert (sender.rate, sender.rate_set_at, sender.rate_set_by) == (3.5, NOW, 7)
    assert set_rate(sender_id, None, NOW, actor_id=7).rate is None


@pytest.mark.parametrize("rate", [0, -1.0, 10_001, float("nan")])
def test_a_rate_must_be_one(app, rate):
    create_message()
    with pytest.raises(NotificationRefused, match="bad-rate"):
        set_rate(db.session.scalars(db.select(Sender.id)).one(), rate, NOW, actor_id=7)


def test_many_messages_are_queued_at_once_each_with_its_event(app):
    queued = enqueue_many(rows(1200), NOW)
    db.session.commit()
    ids_and_keys = db.select(OutboxMessage.id, OutboxMessage.business_key).order_by(OutboxMessage.id)
    stored = db.session.execute(ids_and_keys).all()
    assert [(one.message_id, one.business_key) for one in queued] == [tuple(row) for row in stored]
    assert all(one.is_new and one.state == "queued" for one in queued)
    assert db.session.scalar(db.select(db.func.count()).select_from(OutboxEvent)) == 1200


def test_asking_again_in_bulk_adds_only_what_is_new(app):
    enqueue_many(rows(3), NOW)
    queued = enqueue_many([*rows(5, body="Autre"), *rows(1)], NOW)
    assert [one.is_new for one in queued] == [False, False, False, True, True, False]
    bodies = db.session.scalars(db.select(OutboxMessage.body).order_by(OutboxMessage.id)).all()
    assert bodies == ["Votre avis ?"] * 3 + ["Autre"] * 2


def test_who_opted_out_gets_a_row_that_is_never_sent_in_bulk_too(app):
    opt_out(PHONE, None, "sms", NOW)
    survey, reply = enqueue_many(
        [rows(1, recipient=PHONE)[0], rows(1, recipient=PHONE, purpose="reply", business_key="r")[0]], NOW
    )
    states = dict(db.session.execute(db.select(OutboxMessage.id, OutboxMessage.state)).all())
    assert states == {survey.message_id: "suppressed", reply.message_id: "queued"}
    assert (survey.state, reply.state) == ("suppressed", "queued")


def test_a_text_that_cannot_be_sent_is_refused_in_bulk_and_nothing_of_its_batch_is_written(app, committed):
    with pytest.raises(NotificationRefused, match="too-long"):
        enqueue_many([*rows(2), rows(1, body="a" * 1601, business_key="long")[0]], NOW)
    db.session.commit()
    assert committed(OutboxMessage) == 0
