"""How fast messages go out, who goes first, and what a provider's patience does to it."""

import itertools
import threading
from collections import Counter
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from foundation.database import db
from foundation.web import clock
from notifications import pace
from notifications.dispatcher import senders
from notifications.dispatcher.claims import claim
from notifications.dispatcher.sending import dispatch
from notifications.dispatcher.sweeping import sweep
from notifications.models import OutboxMessage, Sender
from notifications.providers import NotTaken, Refused
from notifications.services import enqueue_many, set_rate
from tests.conftest import NOW
from tests.notifications.factories import QUICK, ScriptedProvider, create_message, later, post_of
from tests.notifications.test_concurrency import Shared, in_threads

TWO_PARTS = "ê" * 71


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def any_app(request):
    return request.getfixturevalue("app" if request.param == "sqlite" else "pg_app")


def fill(count, **changes):
    row = {"channel": "sms", "body": "Votre avis ?", "purpose": "survey"} | changes
    kind = changes.get("sender", "") + str(changes.get("priority", 1))
    enqueue_many([row | {"recipient": f"+336399{n:05}", "business_key": f"{kind}:{n}"} for n in range(count)], NOW)
    db.session.commit()


def limit(rate):
    set_rate(db.session.scalars(db.select(Sender.id)).one(), rate, NOW, actor_id=1)
    db.session.commit()


def take(now, owner="one", size=50):
    (due,) = senders.due_senders(["sms"], now)
    return claim(post_of(ScriptedProvider()), due, senders.BULK, size, owner, now, QUICK)


@given(
    st.floats(0.2, 50),
    st.lists(st.tuples(st.floats(0.0, 3.0), st.integers(1, 10)), min_size=1, max_size=60),
)
def test_no_span_of_time_carries_more_than_its_seconds_and_one_message_in_debt(rate, waits):
    at, tokens, refilled_at, sent = NOW, 0.0, None, []
    for wait, cost in waits:
        at += timedelta(seconds=wait)
        tokens = pace.refilled(tokens, refilled_at, rate, at)
        refilled_at = at
        if pace.affordable([cost], tokens):
            tokens -= cost
            sent.append((at, cost))
    for first, last in itertools.combinations_with_replacement(range(len(sent)), 2):
        seconds = (sent[last][0] - sent[first][0]).total_seconds()
        assert sum(cost for _, cost in sent[first : last + 1]) <= rate * seconds + pace.capacity(rate) + 9 + 1e-6


def test_the_longest_message_goes_even_where_the_rate_is_the_smallest():
    assert pace.affordable([10, 1], pace.refilled(0.0, None, 0.1, NOW)) == 1
    assert pace.wait_for_one(-9.0, 0.1) == timedelta(seconds=100)


def test_a_sender_s_rate_counts_parts_and_is_shared_by_all_processes(any_app):
    fill(60, body=TWO_PARTS)
    limit(10.0)
    taken = []
    for quarter in range(13):  # three seconds, two processes in turn
        got = take(NOW + timedelta(seconds=quarter / 4), owner=f"process {quarter % 2}")
        taken += [2] * got.taken
    # Ten parts at once after a rest, and ten for each second; a message of two may leave a debt of one.
    assert 40 <= sum(taken) <= 41


@pytest.mark.parametrize("act", ["pause", "rate"])
def test_what_was_decided_since_the_queue_was_looked_at_holds(any_app, act):
    """Another process paused the sender, or gave it a rate, between the look and the claim."""
    fill(20)
    (due,) = senders.due_senders(["sms"], NOW)
    if act == "pause":
        senders.pause("sms", "", "20429", NOW, NOW + timedelta(seconds=5))
        db.session.commit()
    else:
        limit(3.0)
    got = claim(post_of(ScriptedProvider()), due, senders.BULK, 20, "one", NOW, QUICK)
    assert got.taken == {"pause": 0, "rate": 3}[act]
    states = Counter(db.session.scalars(db.select(OutboxMessage.state)))
    assert states["claimed"] == got.taken


def test_a_sender_without_tokens_says_when_it_may_go_on(app):
    fill(20)
    limit(10.0)
    assert (take(NOW).taken, take(NOW).taken) == (10, 0)
    assert take(NOW).ready_at == NOW + timedelta(seconds=0.1)


def test_one_sender_s_rate_holds_up_no_other(app):
    fill(30, sender="+33700000001")
    limit(1.0)
    fill(30, sender="+33700000002")
    provider, began = ScriptedProvider(), clock.utc_now()

    def sent_by(sender):
        return sum(message.sender == sender for message in provider.sent)

    dispatch(post_of(provider), QUICK, stopping=lambda: sent_by("+33700000002") == 30)
    seconds = (clock.utc_now() - began).total_seconds()
    assert sent_by("+33700000002") == 30
    assert 1 <= sent_by("+33700000001") <= 1 + seconds


def test_a_round_for_one_sender_leaves_the_others(app):
    fill(3, sender="+33700000001")
    fill(3, sender="+33700000002")
    provider = ScriptedProvider()
    dispatch(post_of(provider), QUICK, only=("sms", "+33700000002"))
    assert [message.sender for message in provider.sent] == ["+33700000002"] * 3


def test_what_may_not_go_out_costs_nothing_of_the_rate(app):
    fill(10, expires_at=NOW + timedelta(seconds=1))
    fill(10, priority=0)
    limit(10.0)
    later(seconds=2)
    provider = ScriptedProvider()
    dispatch(post_of(provider), replace(QUICK, round_seconds=0.0))
    assert len(provider.sent) == 10


def test_senders_follow_the_setting_until_a_person_sets_their_rate(app, monkeypatch):
    fill(1, sender="+33700000001")
    limit(3.0)
    fill(1, sender="+33700000002")
    monkeypatch.setitem(app.config, "SMS_RATE", 7.0)
    sweep(post_of(ScriptedProvider()), NOW, QUICK)
    assert dict(db.session.execute(db.select(Sender.sender, Sender.rate)).all()) == {
        "+33700000001": 3.0,
        "+33700000002": 7.0,
    }


def test_a_setting_that_was_changed_holds_before_the_sweep_has_written_it_down(app, monkeypatch):
    """As after an update of the program, or when the simulator is exchanged for a real provider."""
    fill(20)
    monkeypatch.setitem(app.config, "SMS_RATE", 7.0)
    assert (take(NOW).taken, take(NOW).taken) == (7, 0)


def test_a_message_whose_sender_has_no_row_is_found_by_the_sweep(app):
    message = create_message()
    db.session.execute(db.delete(Sender))
    db.session.commit()
    provider = ScriptedProvider()
    dispatch(post_of(provider), QUICK)
    assert provider.sent == []
    sweep(post_of(provider), NOW, QUICK)
    dispatch(post_of(provider), QUICK)
    assert message.state == "accepted"


class Slots(Shared):
    """Two requests at once; bulk messages do not come back before an interactive one went out."""

    concurrency = 2

    def __init__(self):
        super().__init__()
        self.interactive = threading.Event()

    def send(self, message):
        if message.body != "answer":
            assert self.interactive.wait(10)
            return super().send(message)
        answer = super().send(message)
        self.interactive.set()
        return answer


def test_an_interactive_message_goes_out_while_every_slot_for_bulk_is_taken(any_app):
    fill(20)
    provider = Slots()
    (sender,) = in_threads(any_app, 1, lambda: dispatch(post_of(provider), QUICK))
    create_message(body="answer", priority=0)
    sender.join()
    db.session.rollback()
    assert provider.sent[0].body == "answer"
    assert set(db.session.scalars(db.select(OutboxMessage.state))) == {"accepted"}


def test_an_interactive_message_overtakes_the_bulk_that_waits(app):
    """About a second of bulk goes before it at most: here 8 at once, 20 ms each, so some 400."""
    fill(1000)
    position = []

    class Slow(Shared):
        concurrency = 8

        def send(self, message):
            if message.body == "answer":
                position.append(len(self.sent))
            return super().send(message)

    provider = Slow(0.02)
    (sender,) = in_threads(app, 1, lambda: dispatch(post_of(provider), QUICK))
    while len(provider.sent) < 50:
        threading.Event().wait(0.005)
    create_message(body="answer", priority=0)
    asked_at = len(provider.sent)
    sender.join()
    db.session.rollback()
    assert position[0] - asked_at < 400
    assert len(provider.sent) == 1001


def row():
    db.session.rollback()
    return db.session.scalars(db.select(Sender)).one()


def test_a_complaint_of_too_many_halves_the_requests_at_once_and_calm_brings_them_back(app):
    fill(6)
    provider = Shared()
    provider.concurrency, provider.answers = 8, [NotTaken("20429", 1.0, too_many=True)]
    dispatch(post_of(provider), QUICK)
    assert row().concurrency == 4
    for seconds, expected in ((29, 4), (2, 5), (60, 7), (30, None)):
        create_message()
        later(seconds=seconds)
        dispatch(post_of(provider), QUICK)
        assert row().concurrency == expected, seconds


def test_complaints_about_what_was_under_way_already_halve_it_once(app):
    fill(1)
    for begun, at, expected in ((0, 1, 4), (0, 1, 4), (0.5, 2, 4), (3, 4, 2), (5, 6, 1), (7, 8, 1)):
        senders.back_off("sms", "", NOW + timedelta(seconds=begun), NOW + timedelta(seconds=at), most=8)
        db.session.commit()
        assert row().concurrency == expected


def test_no_more_requests_are_under_way_than_a_slowed_sender_may_have(app):
    fill(30)
    db.session.execute(db.update(Sender).values(concurrency=2, clean_since=clock.utc_now()))
    db.session.commit()
    most, under_way = [], set()

    class Counting(Shared):
        concurrency = 8

        def send(self, message):
            under_way.add(message.public_id)
            most.append(len(under_way))
            answer = super().send(message)
            under_way.discard(message.public_id)
            return answer

    dispatch(post_of(Counting(0.005)), QUICK)
    assert (max(most), len(most)) == (2, 30)


def test_a_pause_is_its_sender_s_and_wrong_credentials_are_everybody_s(app):
    fill(2, sender="+33700000001")
    fill(2, sender="+33700000002")
    provider = ScriptedProvider(NotTaken("20429", 60.0, too_many=True))
    dispatch(post_of(provider), QUICK)
    first, second = db.session.scalars(db.select(Sender).order_by(Sender.sender)).all()
    assert (first.pause_code, first.paused_until > clock.utc_now(), second.paused_until) == ("20429", True, None)
    later(seconds=61)
    fill(3, sender="+33700000002")
    provider.answers = [Refused("20003", "config")]
    dispatch(post_of(provider), QUICK)
    assert set(db.session.scalars(db.select(Sender.pause_code))) == {"20003"}


def test_a_sender_whose_number_is_refused_holds_up_no_other(app):
    fill(2, sender="+33700000001")
    fill(2, sender="+33700000002")
    dispatch(post_of(ScriptedProvider(Refused("21606", "config"))), QUICK)
    states = db.session.execute(db.select(OutboxMessage.sender, OutboxMessage.state)).all()
    assert set(states) == {("+33700000001", "queued"), ("+33700000002", "accepted")}
