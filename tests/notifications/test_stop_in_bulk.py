"""STOP in the middle of a bulk send: once it is committed, nothing more is claimed for that person."""

import os
import threading
import time
from collections import Counter
from dataclasses import replace

import pytest

from foundation.database import db
from foundation.web import clock
from notifications import inbound, services
from notifications.dispatcher.sending import dispatch
from notifications.models import OptOutLink, OutboxEvent, OutboxMessage
from notifications.providers import NotTaken
from tests.notifications.factories import PHONE, QUICK, ScriptedProvider, create_message, later, post_of
from tests.notifications.test_concurrency import Shared, any_app, in_threads  # noqa: F401

OTHERS = [f"+3363998{number:04}" for number in range(8)]


def claims_of(recipient):
    """When invitations of ``recipient`` were claimed; the confirmation of the STOP itself goes out."""
    claimed = db.select(OutboxEvent.at).join(OutboxMessage, OutboxMessage.id == OutboxEvent.message_id)
    surveys = (OutboxMessage.recipient == recipient, OutboxMessage.purpose == "survey")
    return db.session.scalars(claimed.where(OutboxEvent.state == "claimed", *surveys)).all()


def wait_until_some_left(provider, count):
    while len(provider.sent) < count:
        time.sleep(0.005)


WAYS = ["sms", "link", "person", "provider"]


@pytest.mark.parametrize("how", WAYS if os.environ.get("LONG") else WAYS[:1])
def test_nothing_to_that_person_is_claimed_after_stop_commits_and_all_others_get_theirs(any_app, how):  # noqa: F811
    for number in range(48):
        create_message(recipient=PHONE if number % 2 else OTHERS[number // 2 % len(OTHERS)], principal_id=1)
    services.opt_out_link(PHONE, 1, clock.utc_now(), public_url="")
    db.session.commit()
    provider = Shared(0.01)
    senders = in_threads(any_app, 2, lambda: dispatch(post_of(provider), replace(QUICK, batch=4)))
    wait_until_some_left(provider, 6)
    say_stop(how)
    stopped_at = clock.utc_now()
    for sender in senders:
        sender.join()
    db.session.rollback()
    assert [at for at in claims_of(PHONE) if at > stopped_at] == []
    states = {
        recipient: Counter(
            db.session.scalars(db.select(OutboxMessage.state).filter_by(recipient=recipient, purpose="survey"))
        )
        for recipient in (PHONE, *OTHERS)
    }
    assert states[PHONE]["suppressed"] > 0 and set(states[PHONE]) <= {"accepted", "suppressed"}
    assert all(set(states[other]) == {"accepted"} for other in OTHERS)
    asked = [message for message in provider.sent if message.purpose == "survey"]
    assert Counter(message.recipient for message in asked)[PHONE] == states[PHONE]["accepted"]


def say_stop(how):
    """Let the person say stop in one of the ways there are, committed."""
    now = clock.utc_now()
    if how == "sms":
        inbound.receive(provider_id="SM1", sender=PHONE, recipient="38600", body="Stop", now=now)
    elif how == "link":
        link = db.session.scalars(db.select(OptOutLink)).one()
        services.stop_by_link(link, "survey", False, now)
    elif how == "person":
        services.record_told_stop(PHONE, 1, "all", "phone", "", now, actor_id=1)
    else:
        services.stop_sender(PHONE, "38600", "provider", now)
    db.session.commit()


def test_what_is_queued_while_stop_is_being_said_is_never_sent(any_app):  # noqa: F811
    """One transaction queues and another says stop, neither seeing the other: the claim looks again."""
    provider, ready, go = Shared(), threading.Event(), threading.Event()

    def queue():
        for number in range(20):
            create_message(business_key=f"race:{number}", principal_id=1)
            ready.set()
        go.wait(5)

    (thread,) = in_threads(any_app, 1, queue)
    ready.wait(5)
    services.opt_out(PHONE, 1, "sms", clock.utc_now())
    db.session.commit()
    go.set()
    thread.join()
    dispatch(post_of(provider), QUICK)
    db.session.rollback()
    states = Counter(db.session.scalars(db.select(OutboxMessage.state)))
    assert states == Counter(suppressed=20) and provider.sent == []


def test_a_stop_recorded_under_a_claim_holds_when_the_message_comes_back(any_app):  # noqa: F811
    """The provider takes nothing for now; STOP comes while the message is with it; it is not tried again."""

    class Interrupted(ScriptedProvider):
        def send(self, message):
            with any_app.app_context():
                services.opt_out(PHONE, 1, "sms", clock.utc_now())
                db.session.commit()
            return super().send(message)

    message = create_message(principal_id=1)
    provider = Interrupted(NotTaken("20429", whole_channel=False))
    dispatch(post_of(provider), QUICK)
    later(hours=1)
    dispatch(post_of(provider), QUICK)
    db.session.rollback()
    assert (len(provider.sent), db.session.get_one(OutboxMessage, message.id).state) == (1, "suppressed")
