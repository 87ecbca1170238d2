"""Twilio TaskRouter and Flex: events as Event Streams or the callback delivers them, kept as JSON."""

import json
import re
from collections.abc import Iterator
from typing import Any, BinaryIO

from contacts.sources.grouping import grouped
from contacts.sources.plain import Broken, Counted, Plain, SourceTable, place
from contacts.sources.quoting import quoted
from contacts.sources.ready import ReadySource
from contacts.sources.records import Records
from contacts.sources.settings import Setting, Settings, pairs
from contacts.sources.values import address, dig, first_text, from_epoch

CHANNELS = {"voice": "phone", "web": "chat", "chat": "chat", "sms": "sms", "email": "email"}
CHANNELS |= dict.fromkeys(("whatsapp", "facebook", "messenger", "instagram", "social"), "social")
EPOCH, AGE = re.compile(r"\d{10}"), re.compile(r"\d{1,8}")
DIRECTIONS = {"inbound": "in", "outbound": "out"}
#: An agent has it: from here on the task was answered.
TAKEN = {"reservation.accepted", "task.wrapup", "task.completed", "reservation.wrapup", "reservation.completed"}
#: Where attributes stand when nobody says otherwise; attributes are free, so each can be given as ``path.<field>``.
PATHS = {
    "direction": ("direction",),
    "channel": ("channelType", "channel"),
    "in": ("customerAddress", "customers.phone", "from", "caller", "customers.email"),
    "out": ("outbound_to", "customerAddress", "customers.phone", "to", "customers.email"),
    "number": ("to", "called", "proxyAddress"),
    "reason": ("conversations.case", "reason"),
    "language": ("language", "conversations.language"),
    "name": ("customerName", "customers.name"),
    "email": ("customers.email", "email"),
    "site": (),
}
Piece = tuple[int, dict[str, Any], str]


def read(source: BinaryIO, settings: Settings, columns: list[str]) -> SourceTable:
    """One contact a task, from all its events."""
    return SourceTable(columns, lambda counted: _contacts(Records(source), settings, counted))


def _contacts(records: Records, settings: Settings, counted: Counted) -> Iterator[Plain | Broken]:
    for task in grouped(_keyed(records, counted), _Task):
        yield task if isinstance(task, Broken) else task.contact(settings)


def _keyed(records: Records, counted: Counted) -> Iterator[tuple[str, Piece] | Broken]:
    for line, record in records:
        payload, name = _payload(record), _event_name(record)
        key = first_text(payload, "task_sid", "TaskSid")
        if key and not name.startswith("task-queue."):
            yield key, (line, payload, name)
        elif name:
            counted.add("other-events")
        else:
            yield quoted(line, record)


def _payload(record: Any) -> dict[str, Any]:
    """What a CloudEvent carries, or the record itself where it is a callback."""
    payload = dig(record, "data.payload") or dig(record, "payload") or record
    return payload if isinstance(payload, dict) else {}


def _event_name(record: Any) -> str:
    """``task.canceled`` and the like, as both ways of delivery call it."""
    name = first_text(record, "type", "EventType", "data.payload.eventtype", "eventtype")
    return name.removeprefix("com.twilio.taskrouter.")


class _Task:
    """A task while its events come in, in whatever order."""

    def __init__(self, first: Piece) -> None:
        self.line = first[0]
        self.names: set[str] = set()
        self.latest: dict[str, Any] = {}
        self.at = ""
        self.created = self.agent = self.queue = self.canceled = ""

    def add(self, piece: Piece) -> None:
        _line, payload, name = piece
        self.names.add(name)
        at = from_epoch(first_text(payload, "timestamp", "Timestamp", "timestamp_ms"))
        self.created = self.created or from_epoch(first_text(payload, "task_date_created", "TaskDateCreated"))
        self.queue = self.queue or first_text(payload, "task_queue_name", "TaskQueueName")
        self.canceled = self.canceled or first_text(payload, "task_canceled_reason", "TaskCanceledReason")
        if name in TAKEN and not self.agent:
            self.agent = first_text(payload, "worker_sid", "WorkerSid")
        self.created = self.created or _created(payload)
        if at >= self.at:
            self.at, self.latest = at, payload

    def contact(self, settings: Settings) -> Plain:
        attributes = _Attributes(self.latest, settings)
        direction = attributes.text("direction").lower() or settings.get("direction", "")
        channel = (attributes.text("channel") or _channel(self.latest)).lower()
        contact = Plain(
            self.line,
            id=first_text(self.latest, "task_sid", "TaskSid"),
            started_at=self.created,
            ended_at=self.at if self.names & {"task.completed", "task.canceled", "task.deleted"} else "",
            channel=CHANNELS.get(channel, channel),
            direction=DIRECTIONS.get(direction, direction),
            outcome=self._outcome(),
            agent=self.agent,
            reason=attributes.text("reason"),
            language=attributes.text("language"),
            name=attributes.text("name"),
        )
        customer = address(attributes.text("out" if contact.direction == "out" else "in"))
        contact.phone = "" if "@" in customer else customer
        contact.email = customer if "@" in customer else attributes.text("email")
        words = {"queue": self.queue, "number": address(attributes.text("number")), "site": attributes.text("site")}
        place(contact, words, settings)
        return contact

    def _outcome(self) -> str:
        if self.names & TAKEN:
            return "answered"
        if "task.canceled" in self.names:
            return "abandoned" if self.canceled.lower() == "hangup" else "unanswered"
        return "unknown"


def _created(payload: dict[str, Any]) -> str:
    """When the task was created: the moment of the event less the age of the task, which callbacks tell instead."""
    at, age = first_text(payload, "timestamp", "Timestamp"), first_text(payload, "task_age", "TaskAge")
    is_known = EPOCH.fullmatch(at) and AGE.fullmatch(age)
    return from_epoch(str(int(at) - int(age))) if is_known else ""


def _channel(payload: dict[str, Any]) -> str:
    return first_text(payload, "task_channel_unique_name", "TaskChannelUniqueName")


class _Attributes:
    """The attributes of a task, which are JSON inside the JSON, by the paths that are set or usual."""

    def __init__(self, payload: dict[str, Any], settings: Settings) -> None:
        self.set = pairs(settings, "path.")
        written = first_text(payload, "task_attributes", "TaskAttributes", "attributes")
        held = dig(payload, "task_attributes")
        try:
            self.held = held if isinstance(held, dict) else json.loads(written or "{}")
        except (ValueError, RecursionError):
            self.held = {}

    def text(self, field: str) -> str:
        paths = (self.set[field],) if field in self.set else PATHS[field]
        return first_text(self.held, *paths)


READY = ReadySource(
    "taskrouter",
    "Twilio TaskRouter",
    "task_sid",
    read,
    own=(
        Setting("site_by", "choice", default="queue", choices=("queue", "number", "site")),
        Setting("entry_by", "choice", default="number", choices=("number", "queue")),
        Setting("direction", "choice", choices=("in", "out")),
        Setting("channel.", "pairs"),
        Setting("path.", "pairs"),
    ),
)
