"""The desk between the thread that keeps the books and those that send."""

import threading

from foundation.web.clock import utc_now
from notifications.dispatcher.claims import Claimed
from notifications.dispatcher.desk import Desk, Result
from notifications.dispatcher.senders import BULK, INTERACTIVE
from notifications.providers import Accepted
from tests.notifications.factories import outgoing

SMS = ("sms", "")


def claimed(number, lane):
    return Claimed(number, *SMS, lane, 1, utc_now(), outgoing())


def in_line(desk, channel, lane, taken):
    """Let a thread wait for one message."""
    thread = threading.Thread(target=lambda: taken.append(desk.take(channel, lane)), daemon=True)
    thread.start()
    threading.Event().wait(0.05)
    return thread


def test_a_slot_that_an_interactive_message_frees_goes_to_whoever_can_send_what_waits():
    """One request at once: who waits for e-mails, or for interactive messages only, must not be woken in vain."""
    desk, taken = Desk(), []
    desk.allow(SMS, 1, paused=False)
    desk.put(SMS, [claimed(1, INTERACTIVE), claimed(2, BULK)])
    first = desk.take("sms", INTERACTIVE)
    in_line(desk, "email", BULK, taken)
    in_line(desk, "sms", INTERACTIVE, taken)
    bulk = in_line(desk, "sms", BULK, taken)
    desk.give(Result(first, Accepted("SM1"), utc_now(), utc_now()))
    bulk.join(5)
    desk.close()
    assert [one.id for one in taken if one is not None] == [2]
