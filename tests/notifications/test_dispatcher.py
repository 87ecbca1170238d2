from dataclasses import replace
from datetime import timedelta

import pytest

from foundation.database import db
from foundation.jobs.engines import run_until_idle
from foundation.web import clock
from notifications import services
from notifications.dispatcher.reconciling import ask_after, doubt_expired_leases, reconcile
from notifications.dispatcher.sending import dispatch
from notifications.dispatcher.sweeping import sweep
from notifications.models import OptOut, OutboxMessage, Sender
from notifications.providers import CONFIG, STOP, TEMPORARY, Accepted, Found, NotTaken, Refused, Unknown
from notifications.signals import messages_changed
from notifications.windows import Window
from tests.conftest import NOW
from tests.notifications.factories import PHONE, QUICK, ScriptedProvider, create_message, later, post_of, states_of


def test_a_message_goes_out_once_and_keeps_the_provider_s_id(app):
    message, provider = create_message(), ScriptedProvider()
    assert dispatch(post_of(provider), QUICK) == 1
    assert dispatch(post_of(provider), QUICK) == 0
    assert (message.state, message.provider_id) == ("accepted", f"SM{1:032}")
    assert states_of(message) == ["queued", "claimed", "accepted"]
    assert provider.sent[0].body == message.body


def test_interactive_messages_go_first(app):
    create_message(body="bulk", priority=1)
    create_message(body="answer", priority=0)
    provider = ScriptedProvider()
    dispatch(post_of(provider), QUICK)
    assert [sent.body for sent in provider.sent] == ["answer", "bulk"]


def test_no_database_connection_is_held_while_it_is_sent(app):
    held = []

    class Watching(ScriptedProvider):
        def send(self, message):
            held.append(db.session.registry().in_transaction())
            return super().send(message)

    create_message()
    dispatch(post_of(Watching()), QUICK)
    assert held == [False]


def test_what_is_not_due_waits(app):
    message = create_message(not_before=NOW + timedelta(hours=1))
    provider = ScriptedProvider()
    dispatch(post_of(provider), QUICK)
    assert (provider.sent, message.held) == ([], "asked")
    later(minutes=61)
    dispatch(post_of(provider), QUICK)
    assert len(provider.sent) == 1


def test_expiry_opt_out_and_window_are_looked_at_again_when_it_is_claimed(app):
    expired = create_message(expires_at=NOW - timedelta(seconds=1))
    stopped = create_message(recipient="+33639985678")
    values = {"address_hash": stopped.recipient_hash, "scope": "all", "source": "sms", "at": NOW}
    db.session.add(OptOut(**values))  # as another transaction would, that did not see this message
    closed = create_message(window=Window())
    closed.window = Window(closes=Window().closes.replace(hour=9)).document()  # 10:00 in Paris is too late now
    db.session.commit()
    provider = ScriptedProvider()
    dispatch(post_of(provider), QUICK)
    assert provider.sent == []
    assert (expired.state, stopped.state, stopped.last_error) == ("expired", "suppressed", "opted-out")
    assert (closed.state, closed.held, closed.attempt) == ("queued", "window", 0)
    assert closed.not_before == NOW + timedelta(hours=22)


def test_a_permanent_refusal_is_the_end_of_it(app):
    message = create_message()
    dispatch(post_of(ScriptedProvider(Refused("21211"))), QUICK)
    assert (message.state, message.last_error) == ("rejected", "21211")


def test_a_person_who_said_stop_at_the_provider_is_not_written_to_again(app):
    first = create_message()
    provider = ScriptedProvider(Refused("21610", STOP))
    dispatch(post_of(provider), QUICK)
    assert first.state == "rejected"
    assert create_message().state == "suppressed"


def test_too_many_requests_pauses_the_channel_for_as_long_as_it_is_asked(app):
    messages = [create_message(), create_message(), create_message()]
    provider = ScriptedProvider(Accepted("SM1"), NotTaken("20429", 30))
    dispatch(post_of(provider), QUICK)
    assert [message.state for message in messages] == ["accepted", "queued", "queued"]
    assert len(provider.sent) == 2
    assert [message.attempt for message in messages] == [1, 0, 0]
    later(seconds=29)
    dispatch(post_of(provider), QUICK)
    assert len(provider.sent) == 2
    later(seconds=2)
    dispatch(post_of(provider), QUICK)
    assert [message.state for message in messages] == ["accepted"] * 3


def test_what_the_provider_does_not_take_now_is_tried_again_and_given_up_after_twelve_attempts(app):
    message = create_message()
    provider = ScriptedProvider(*[Refused("30001", TEMPORARY)] * 20)
    for _ in range(20):
        dispatch(post_of(provider), QUICK)
        later(minutes=16)
    assert (message.state, message.last_error, len(provider.sent)) == ("failed", "gave-up", 12)


def test_waiting_as_long_as_the_provider_asks_is_no_attempt_that_failed(app):
    """Twelve times « in one second » is twelve seconds: no reason to lose anything."""
    message = create_message()
    provider = ScriptedProvider(*[NotTaken("20429", 1.0, too_many=True)] * 15)
    for _ in range(16):
        dispatch(post_of(provider), QUICK)
        later(seconds=2)
    assert (message.state, len(provider.sent)) == ("accepted", 16)


def test_what_expires_while_it_lies_claimed_is_not_sent(app):
    class Slow(ScriptedProvider):
        def send(self, message):
            later(seconds=30)
            return super().send(message)

    first, second = create_message(), create_message(expires_at=NOW + timedelta(seconds=20))
    provider = Slow()
    dispatch(post_of(provider), QUICK)
    assert (first.state, second.state, len(provider.sent)) == ("accepted", "expired", 1)


def test_one_message_that_is_not_taken_now_does_not_hold_up_the_others(app):
    first, second = create_message(), create_message()
    dispatch(post_of(ScriptedProvider(Refused("21611", TEMPORARY))), QUICK)
    assert (first.state, first.held, second.state) == ("queued", "retry", "accepted")


def test_refused_credentials_stop_the_channel_and_lose_nothing(app):
    message, other = create_message(), create_message()
    provider = ScriptedProvider(Refused("20003", CONFIG))
    dispatch(post_of(provider), QUICK)
    pause = db.session.scalars(db.select(Sender)).one()
    assert (pause.pause_code, pause.paused_until - pause.paused_since) == ("20003", QUICK.config_pause)
    assert (message.state, other.state, len(provider.sent)) == ("queued", "queued", 1)


def test_in_doubt_is_looked_up_and_found(app):
    message = create_message()
    provider = ScriptedProvider(Unknown("ReadTimeout"))
    dispatch(post_of(provider), QUICK)
    assert (message.state, message.last_error) == ("in_doubt", "ReadTimeout")
    provider.listed = [Found("SMx", "sent", clock.utc_now())]
    assert reconcile(post_of(provider), later(seconds=59), QUICK) == 0
    reconcile(post_of(provider), later(seconds=2), QUICK)
    assert (message.state, message.provider_id, len(provider.sent)) == ("sent", "SMx", 1)


def test_in_doubt_is_found_although_our_clock_is_far_ahead_of_the_provider_s(app):
    message = create_message()
    provider = ScriptedProvider(Unknown("ReadTimeout"))
    dispatch(post_of(provider), QUICK)
    provider.listed = [Found("SMx", "sent", clock.utc_now() - timedelta(minutes=61))]  # a zone mistaken by an hour
    reconcile(post_of(provider), later(seconds=61), QUICK)
    assert (message.state, message.provider_id) == ("sent", "SMx")


def test_in_doubt_and_twice_not_found_goes_out_again(app):
    message = create_message()
    provider = ScriptedProvider(Unknown("http-503"))
    dispatch(post_of(provider), QUICK)
    reconcile(post_of(provider), later(seconds=61), QUICK)
    assert (message.state, message.looks) == ("in_doubt", 1)
    reconcile(post_of(provider), later(seconds=30), QUICK)
    assert message.state == "in_doubt"
    reconcile(post_of(provider), later(seconds=31), QUICK)
    assert message.state == "queued"
    dispatch(post_of(provider), QUICK)
    assert (message.state, len(provider.sent)) == ("accepted", 2)


def test_what_ends_in_doubt_each_time_is_given_to_a_person_after_twelve_attempts(app):
    message = create_message()
    provider = ScriptedProvider(*[Unknown("ReadTimeout")] * 20)
    for _ in range(20):
        dispatch(post_of(provider), QUICK)
        for _look in range(QUICK.looks):
            reconcile(post_of(provider), later(seconds=61), QUICK)
    assert (message.state, message.last_error, len(provider.sent)) == ("needs_human", "gave-up", 12)


def test_what_is_known_to_be_another_message_with_the_same_words_is_not_taken_for_this_one(app):
    known = create_message(body="Merci")
    provider = ScriptedProvider(Accepted("SMknown"), Unknown("ReadTimeout"), Unknown("ReadTimeout"))
    dispatch(post_of(provider), QUICK)
    first, second = create_message(body="Merci"), create_message(body="Merci")
    dispatch(post_of(provider), QUICK)
    provider.listed = [Found("SMknown", "sent", NOW), Found("SMother", "sent", NOW)]
    for _ in range(2):
        reconcile(post_of(provider), later(seconds=61), QUICK)
    assert (known.provider_id, first.provider_id, second.state) == ("SMknown", "SMother", "queued")


def test_in_doubt_without_a_provider_to_ask_waits_and_then_needs_a_person(app):
    message = create_message()
    provider = ScriptedProvider(Unknown("ReadTimeout"))
    dispatch(post_of(provider), QUICK)
    provider.reachable = False
    reconcile(post_of(provider), later(hours=23), QUICK)
    assert message.state == "in_doubt"
    reconcile(post_of(provider), later(hours=2), QUICK)
    assert (message.state, len(provider.sent)) == ("needs_human", 1)
    dispatch(post_of(provider), QUICK)
    assert len(provider.sent) == 1


def test_a_person_settles_what_only_a_person_can(app):
    for sent, state in ((True, "sent"), (False, "queued")):
        message = create_message()
        message.state, message.rank = "needs_human", 2
        db.session.commit()
        services.decide_by_hand(message.id, sent, NOW, actor_id=5)
        assert message.state == state


def test_a_provider_that_breaks_leaves_the_message_in_doubt(app):
    message = create_message()
    dispatch(post_of(ScriptedProvider(RuntimeError("?"))), QUICK)
    assert (message.state, message.last_error) == ("in_doubt", "RuntimeError")


def test_a_lease_that_runs_out_leaves_the_message_in_doubt_not_in_the_queue(app):
    message = create_message()

    class Dies(ScriptedProvider):
        def send(self, outgoing):
            raise KeyboardInterrupt

    provider = Dies()
    with pytest.raises(KeyboardInterrupt):
        dispatch(post_of(provider), QUICK)
    db.session.rollback()
    assert doubt_expired_leases(post_of(provider), later(seconds=80)) == 0
    assert doubt_expired_leases(post_of(provider), later(seconds=20)) == 1
    assert (message.state, message.last_error) == ("in_doubt", "interrupted")


def test_nothing_is_begun_that_could_outlive_its_lease(app):
    slow, waiting = create_message(), create_message()

    class Slow(ScriptedProvider):
        def send(self, outgoing):
            later(seconds=88)
            return super().send(outgoing)

    provider = Slow()
    provider.timeout = 5.0
    dispatch(post_of(provider), replace(QUICK, round_seconds=0.001))
    assert (slow.state, waiting.state, waiting.attempt, len(provider.sent)) == ("accepted", "queued", 0, 1)


def test_the_sweep_expires_what_waits_too_long(app):
    message = create_message(not_before=NOW + timedelta(days=2), expires_at=NOW + timedelta(days=1))
    sweep(post_of(ScriptedProvider()), later(hours=25), QUICK)
    assert message.state == "expired"


def test_silence_is_asked_after_and_ends_after_three_days(app):
    message, provider = create_message(), ScriptedProvider()
    dispatch(post_of(provider), QUICK)
    provider.listed = [Found(message.provider_id, "sent", NOW)]
    assert ask_after(post_of(provider), later(minutes=14), QUICK) == 0
    ask_after(post_of(provider), later(minutes=2), QUICK)
    assert message.state == "sent"
    ask_after(post_of(provider), later(hours=72), QUICK)
    assert message.state == "timed_out"
    assert "abcdefgh12345" not in db.session.get(OutboxMessage, message.id).body


def test_a_subscriber_that_breaks_costs_its_own_message_a_delay_and_nothing_else(app):
    first, second = create_message(), create_message()
    provider = ScriptedProvider()

    def breaks(changes):
        if any(change.message_id == first.id for change in changes):
            raise RuntimeError

    with messages_changed.connected_to(breaks):
        dispatch(post_of(provider), QUICK)
        assert (first.state, second.state) == ("claimed", "accepted")
        provider.listed = [Found("SM" + "0" * 31 + "1", "sent", clock.utc_now())]
        sweep(post_of(provider), later(seconds=91), QUICK)
    sweep(post_of(provider), later(seconds=91), QUICK)
    sweep(post_of(provider), later(seconds=91), QUICK)
    assert (first.state, len(provider.sent)) == ("sent", 2)


def test_a_message_that_cannot_be_settled_keeps_no_other_from_going_out(app):
    expired = create_message(expires_at=NOW - timedelta(seconds=1))
    other, provider = create_message(), ScriptedProvider()

    def breaks(changes):
        if any(change.message_id == expired.id for change in changes):
            raise RuntimeError

    with messages_changed.connected_to(breaks):
        dispatch(post_of(provider), QUICK)
    assert (expired.state, other.state, len(provider.sent)) == ("claimed", "accepted", 1)
    doubt_expired_leases(post_of(provider), later(seconds=91))
    for _ in range(QUICK.looks):
        reconcile(post_of(provider), later(seconds=61), QUICK)
    dispatch(post_of(provider), QUICK)
    assert (expired.state, len(provider.sent)) == ("expired", 1)


def test_the_schedule_sends_what_is_queued(app):
    message = create_message()
    run_until_idle(app)
    later(seconds=2)
    run_until_idle(app)
    assert message.state in ("sent", "delivered")


def test_the_log_of_a_send_has_neither_number_nor_words(app, capfd):
    create_message(body="un secret de polichinelle")
    dispatch(post_of(ScriptedProvider(RuntimeError(PHONE))), QUICK)
    logged = "".join(capfd.readouterr())
    assert "RuntimeError" in logged
    assert PHONE[-6:] not in logged and "polichinelle" not in logged
