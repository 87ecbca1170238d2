import json
from datetime import UTC, datetime

import pytest

from tests.contacts.sources.readers import called, entries, lines, outcomes, table

ATTRIBUTES = {
    "direction": "inbound",
    "channelType": "voice",
    "from": "+33639980101",
    "to": "+33170000001",
    "conversations": {"case": "Contrat"},
    "customers": {"email": "anne@exemple.fr", "name": "Anne"},
    "zone": {"centre": "Lille"},
}


def event(name, after=0, task="WT1", attributes=ATTRIBUTES, **changes):
    """One CloudEvent, ``after`` seconds behind the creation of the task."""
    payload = {
        "eventtype": name,
        "timestamp": f"2026-10-05T07:00:{after:02}.000Z",
        "task_sid": task,
        "task_date_created": "1791183600",
        "task_attributes": json.dumps(attributes),
        "task_queue_name": "Accueil",
        "task_channel_unique_name": "voice",
        **changes,
    }
    return {"specversion": "1.0", "type": f"com.twilio.taskrouter.{name}", "data": {"payload": payload}}


ACCEPTED = event("reservation.accepted", 12, worker_sid="WK1")


def test_the_events_of_a_task_are_one_contact():
    (entry,) = entries("taskrouter", lines(event("task.created"), ACCEPTED, event("task.completed", 50)))
    assert (entry.external_id, entry.channel, entry.direction, entry.outcome) == ("WT1", "phone", "in", "answered")
    assert entry.started_at == datetime(2026, 10, 5, 7, 0, tzinfo=UTC)
    assert entry.ended_at == datetime(2026, 10, 5, 7, 0, 50, tzinfo=UTC)
    assert (entry.phone.e164, entry.email, entry.name) == ("+33639980101", "anne@exemple.fr", "Anne")
    assert (entry.agent, entry.reason, entry.entry_address) == (called("WK1"), "Contrat", "+33170000001")
    assert entry.facts == {"queue": "Accueil"}


def test_sinks_deliver_arrays_and_in_any_order():
    events = [event("task.completed", 50), event("task.created"), ACCEPTED]
    (entry,) = entries("taskrouter", events)
    assert (entry.outcome, entry.ended_at.second) == ("answered", 50)


@pytest.mark.parametrize(
    "reason, outcome", [("hangup", "abandoned"), ("Task TTL Exceeded", "unanswered"), ("", "unanswered")]
)
def test_a_canceled_task_is_abandoned_only_by_hanging_up(reason, outcome):
    canceled = event("task.canceled", 30, task_canceled_reason=reason)
    assert entries("taskrouter", lines(event("task.created"), canceled))[0].outcome == outcome


def test_a_task_hung_up_on_after_it_was_taken_is_answered():
    canceled = event("task.canceled", 30, task_canceled_reason="hangup")
    assert entries("taskrouter", lines(ACCEPTED, canceled))[0].outcome == "answered"


def test_callbacks_tell_the_age_of_the_task_instead_of_its_beginning():
    callback = {
        "EventType": "task.canceled", "Timestamp": "1791183630", "TaskSid": "WT1", "TaskAge": "30",
        "TaskAttributes": json.dumps(ATTRIBUTES), "TaskCanceledReason": "hangup", "TaskQueueName": "Accueil",
        "TaskChannelUniqueName": "voice",
    }  # fmt: skip
    (entry,) = entries("taskrouter", callback)
    assert (entry.started_at, entry.outcome) == (datetime(2026, 10, 5, 7, 0, tzinfo=UTC), "abandoned")


def test_attributes_are_free_so_their_paths_can_be_given():
    free = {"sens": "outbound", "canal": "sms", "client": {"tel": "whatsapp:+33639980102"}, "objet": "Devis"}
    paths = {"path.direction": "sens", "path.channel": "canal", "path.out": "client.tel", "path.reason": "objet"}
    (entry,) = entries("taskrouter", event("task.created", attributes=free), **paths)
    assert (entry.direction, entry.channel, entry.phone.e164, entry.reason) == ("out", "sms", "+33639980102", "Devis")


def test_the_site_may_be_an_attribute():
    settings = {"site": "", "site_by": "site", "path.site": "zone.centre", "site.Lille": "lille"}
    assert entries("taskrouter", event("task.created"), **settings)[0].site_id == 2


def test_a_task_that_does_not_say_its_direction_comes_back_unless_it_is_set():
    silent = event("task.created", attributes={"from": "+33639980101"})
    (row,) = outcomes("taskrouter", silent)
    assert [(fault.field, fault.code) for fault in row.faults] == [("direction", "empty")]
    assert entries("taskrouter", silent, direction="in")[0].direction == "in"


@pytest.mark.parametrize("written", ["{", "[1]", "null", '"x"'])
def test_attributes_that_are_no_object_are_none(written):
    odd = event("task.created", task_attributes=written)
    assert entries("taskrouter", odd, direction="in")[0].phone is None


def test_events_of_workers_are_no_contacts():
    worker = {"type": "com.twilio.taskrouter.worker.activity.update", "data": {"payload": {"worker_sid": "WK1"}}}
    read = table("taskrouter", lines(worker, event("task.created")))
    assert len(list(read.rows())) == 1
    assert read.counted.left_out == {"other-events": 1}
