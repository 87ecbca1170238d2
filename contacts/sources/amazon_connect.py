"""Amazon Connect: contact records as Kinesis delivers them, in any of the ways JSON can be strung together."""

from collections.abc import Iterator
from typing import Any, BinaryIO

from contacts.sources.grouping import grouped
from contacts.sources.plain import Broken, Counted, Plain, SourceTable, place
from contacts.sources.quoting import quoted
from contacts.sources.ready import ReadySource
from contacts.sources.records import Records
from contacts.sources.settings import Setting, Settings
from contacts.sources.values import address, dig, first_text, text

CHANNELS = {"VOICE": "phone", "CHAT": "chat", "EMAIL": "email"}
SUBTYPES = {"connect:SMS": "sms", "connect:WhatsApp": "social", "connect:Apple": "social", "connect:Email": "email"}
SUBTYPE = "connect:Subtype"
DIRECTIONS = {
    "INBOUND": "in",
    "WEBRTC_API": "in",
    "API": "in",
    "OUTBOUND": "out",
    "EXTERNAL_OUTBOUND": "out",
    "CALLBACK": "out",
    "AGENT_REPLY": "out",
    "FLOW": "out",
}
#: Contacts that are work inside the centre, not a contact with a customer.
INSIDE = {"MONITOR": "monitoring"}
Piece = tuple[int, dict[str, Any]]


def read(source: BinaryIO, settings: Settings, columns: list[str]) -> SourceTable:
    """One contact a chain: all records with the same InitialContactId."""
    return SourceTable(columns, lambda counted: _contacts(Records(source), settings, counted))


def _contacts(records: Records, settings: Settings, counted: Counted) -> Iterator[Plain | Broken]:
    for chain in grouped(_keyed(records, counted), _Chain):
        yield chain if isinstance(chain, Broken) else chain.contact(settings)


def _keyed(records: Records, counted: Counted) -> Iterator[tuple[str, Piece] | Broken]:
    for line, record in records:
        key = first_text(record, "InitialContactId", "ContactId")
        inside = INSIDE.get(text(record, "InitiationMethod")) or ("task" if text(record, "Channel") == "TASK" else "")
        if not text(record, "ContactId"):
            yield quoted(line, record)
        elif inside:
            counted.add(inside)
        else:
            yield key, (line, record)


class _Chain:
    """The records of one contact with a customer, each in its latest version."""

    def __init__(self, first: Piece) -> None:
        self.line = first[0]
        self.records: dict[str, dict[str, Any]] = {}

    def add(self, piece: Piece) -> None:
        record = piece[1]
        known = self.records.get(text(record, "ContactId"))
        if known is None or text(record, "LastUpdateTimestamp") >= text(known, "LastUpdateTimestamp"):
            self.records[text(record, "ContactId")] = record

    def contact(self, settings: Settings) -> Plain:
        ordered = sorted(self.records.values(), key=lambda record: text(record, "InitiationTimestamp"))
        first = next((record for record in ordered if not text(record, "PreviousContactId")), ordered[0])
        method, channel = text(first, "InitiationMethod"), text(first, "Channel")
        contact = Plain(
            self.line,
            id=first_text(first, "InitialContactId", "ContactId"),
            started_at=text(first, "InitiationTimestamp"),
            ended_at=max(text(record, "DisconnectTimestamp") for record in ordered),
            channel=SUBTYPES.get(_subtype(first), CHANNELS.get(channel, channel)),
            direction=DIRECTIONS.get(method, ""),
            agent=next((name for record in ordered if (name := text(record, "Agent.Username"))), ""),
            reason=_attribute(ordered, settings.get("reason_attribute", "")),
            language=text(first, "LanguageCode").partition("-")[0],
        )
        contact.outcome = _outcome(ordered, contact.direction)
        customer = address(text(first, "CustomerEndpoint.Address"))
        contact.email, contact.phone = (customer, "") if "@" in customer else ("", customer)
        place(contact, _words(ordered, first, settings), settings)
        return contact


def _words(ordered: list[dict[str, Any]], first: dict[str, Any], settings: Settings) -> dict[str, str]:
    return {
        "queue": next((name for record in ordered if (name := text(record, "Queue.Name"))), ""),
        "number": address(text(first, "SystemEndpoint.Address")),
        "attribute": _attribute(ordered, settings.get("site_attribute", "")),
    }


def _subtype(record: dict[str, Any]) -> str:
    attributes = dig(record, "SegmentAttributes")
    subtype = attributes.get(SUBTYPE) if isinstance(attributes, dict) else None
    return text({"subtype": subtype}, "subtype") or text(subtype, "ValueString")


def _attribute(ordered: list[dict[str, Any]], name: str) -> str:
    """The contact attribute ``name``, as it stood last: flows complete attributes on the way."""
    found = [dig(record, "Attributes") for record in reversed(ordered)]
    return next((value for held in found if name and (value := text(held, name))), "")


def _outcome(ordered: list[dict[str, Any]], direction: str) -> str:
    """Coming in, answered by an agent; going out, answered by the customer, which is when the system is connected."""
    if direction == "out":
        return "answered" if text(ordered[0], "ConnectedToSystemTimestamp") else "unanswered"
    if any(text(record, "Agent.ConnectedToAgentTimestamp") for record in ordered):
        return "answered"
    if not any(text(record, "DisconnectTimestamp") for record in ordered):
        return "unknown"
    queued = any(text(record, "Queue.Name") or text(record, "Queue.EnqueueTimestamp") for record in ordered)
    hung_up = text(ordered[-1], "DisconnectReason") == "CUSTOMER_DISCONNECT"
    return "abandoned" if queued and hung_up else "unanswered"


READY = ReadySource(
    "amazon-connect",
    "Amazon Connect",
    "connect_contact_id",
    read,
    own=(
        Setting("site_by", "choice", default="queue", choices=("queue", "number", "attribute")),
        Setting("entry_by", "choice", default="number", choices=("number", "queue")),
        Setting("site_attribute"),
        Setting("reason_attribute"),
    ),
)
