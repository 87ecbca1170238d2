"""An objection by link and the dispatcher want the same message and the same invitation: nobody waits in a ring."""

import threading
import time
from datetime import timedelta

import pytest

from foundation.database import db
from foundation.web import clock
from notifications import outbox
from notifications.dispatcher.claims import Claimed
from notifications.dispatcher.desk import Result
from notifications.dispatcher.recording import Dated, _hold
from notifications.dispatcher.senders import due_senders
from notifications.models import OutboxMessage
from notifications.providers import CONFIG, NotTaken, Refused
from notifications.services import enqueue
from surveys.models import Invitation
from surveys.services.interviews import object_to_surveys
from surveys.services.sending import send_invitations
from tests.notifications.factories import QUICK, ScriptedProvider, create_message, outgoing, post_of
from tests.surveys.factories import (
    NOW,
    create_contacts,
    create_draw,
    create_period,
    create_principal,
    create_programme_of,
    create_site,
)

pytestmark = pytest.mark.postgresql


def invited():
    """A customer whose invitation went out, and for whom a reminder waits."""
    principal = create_principal()
    create_contacts(principal, [create_site()], each=12)
    create_period(principal)
    draw = create_draw(create_programme_of(principal, sample_size=2))
    for _piece in send_invitations(draw.id, "a secret for tests that is long enough", "https://avis.example", NOW):
        db.session.commit()
    first = db.session.scalars(db.select(OutboxMessage).order_by(OutboxMessage.id)).first()
    outbox.advance(first.id, "delivered", NOW)
    reminder = enqueue(
        channel="sms", recipient=first.recipient, body="Rappel", purpose="reminder", business_key="reminder",
        principal_id=principal.id, subject_key=first.subject_key, now=NOW,
    )  # fmt: skip
    db.session.commit()
    return int(first.subject_key.partition(":")[2]), reminder.id


def waits_for_a_lock():
    waiting = db.text("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'")
    with db.engine.connect() as connection:
        return connection.scalar(waiting) > 0


def test_an_objection_waits_for_the_dispatcher_and_both_come_through(pg_app):
    invitation_id, message_id = invited()
    failures = []

    def objects():
        with pg_app.app_context():
            try:
                object_to_surveys(invitation_id, clock.utc_now())
                db.session.commit()
            except Exception as failure:
                failures.append(failure)

    outbox.lock([message_id])  # the dispatcher begins with its messages
    customer = threading.Thread(target=objects)
    customer.start()
    deadline = time.monotonic() + 10
    while not waits_for_a_lock():
        assert time.monotonic() < deadline
        time.sleep(0.01)
    outbox.advance(message_id, "expired", NOW)  # and goes on to the invitation
    db.session.execute(db.select(Invitation.id).filter_by(id=invitation_id).with_for_update())
    db.session.commit()
    customer.join(10)
    assert failures == []
    assert db.session.get(OutboxMessage, message_id, populate_existing=True).state == "expired"
    assert db.session.get(Invitation, invitation_id, populate_existing=True).disposition == "refused"


def test_news_of_many_messages_takes_their_invitations_in_order_of_id(pg_app):
    """Two batches over the same two invitations, told in opposite order, as two processes may."""
    principal = create_principal()
    create_contacts(principal, [create_site()], each=12)
    create_period(principal)
    draw = create_draw(create_programme_of(principal, sample_size=2))
    for _piece in send_invitations(draw.id, "a secret for tests that is long enough", "https://avis.example", NOW):
        db.session.commit()
    ids = list(db.session.scalars(db.select(OutboxMessage.id).order_by(OutboxMessage.id)))
    db.session.rollback()
    failures = []

    def news(order, states):
        with pg_app.app_context():
            try:
                for state in states:
                    outbox.advance_many([outbox.Rise(message_id, state, NOW) for message_id in order])
                    db.session.commit()
            except Exception as failure:
                failures.append(failure)

    states = ("accepted", "sending", "sent", "delivered")
    threads = [threading.Thread(target=news, args=(order, states)) for order in (ids, ids[::-1]) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert set(db.session.scalars(db.select(Invitation.disposition).filter(Invitation.token_hash.is_not(None)))) == {
        "delivered"
    }


def test_what_a_provider_says_of_several_senders_takes_their_rows_in_order_of_id(pg_app):
    """Two processes are told to wait by the same senders, in opposite order, and once that all of them must."""
    for sender in ("38600", "38601"):
        create_message(sender=sender)
    (due, other), now = due_senders(["sms"], NOW), clock.utc_now()
    failures = []

    def told(first, second):
        with pg_app.app_context():
            for turn in range(40):
                try:
                    answers = (first, NotTaken("20429", 1.0, too_many=True)), (second, Refused("20003", CONFIG))
                    _hold([result_of(sender, turn, answer) for sender, answer in answers], post_of(ScriptedProvider()))
                    db.session.commit()
                except Exception as failure:
                    failures.append(failure)
                    db.session.rollback()

    def result_of(sender, turn, answer):
        claimed = Claimed(0, "sms", sender, 1, 1, now, outgoing(sender=sender))
        at = now + timedelta(seconds=turn)
        return Dated(Result(claimed, answer, at, at), at + QUICK.config_pause, timedelta())

    pairs = (due.sender, other.sender), (other.sender, due.sender)
    threads = [threading.Thread(target=told, args=pair) for pair in pairs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
