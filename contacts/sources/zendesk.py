"""Zendesk: tickets of a JSON export (one a line), or the answers of its API."""

from collections.abc import Iterator
from typing import Any, BinaryIO

from contacts.reading import UnreadableFile
from contacts.sources.plain import Broken, SourceTable, place
from contacts.sources.plain import Plain as Contact
from contacts.sources.quoting import quoted
from contacts.sources.ready import ReadySource
from contacts.sources.records import Records
from contacts.sources.settings import Setting, Settings
from contacts.sources.values import dig, first_text, maps, text

CHANNELS = {
    "email": "email",
    "web": "web",
    "web_widget": "web",
    "help_center": "web",
    "mobile": "web",
    "mobile_sdk": "web",
    "chat": "chat",
    "messaging": "chat",
    "native_messaging": "chat",
    "voice": "phone",
    "phone": "phone",
    "sms": "sms",
    "facebook": "social",
    "twitter": "social",
    "whatsapp": "social",
    "instagram": "social",
    "instagram_dm": "social",
}


def read(source: BinaryIO, settings: Settings, columns: list[str]) -> SourceTable:
    """One contact a ticket. Good and bad ratings are not read: they are no answers on a scale of one to five."""
    _check_whole(Records(source, "tickets"))
    return SourceTable(columns, lambda _counted: _contacts(Records(source, "tickets"), settings))


def _check_whole(records: Records) -> None:
    """Raises UnreadableFile ``partial-export`` where the API said that there is more to fetch."""
    count = sum(1 for _record in records)
    around = records.around
    total = text(around, "count")
    # Incremental exports say when they have reached the end; their count is of one page.
    ends = around.get("end_of_stream")
    more = bool(around.get("next_page") or dig(around, "meta.has_more")) if ends is None else ends is False
    if more or (ends is None and total.isdecimal() and int(total) > count):
        raise UnreadableFile("partial-export", names=(str(count), total or "?"))


def _contacts(records: Records, settings: Settings) -> Iterator[Contact | Broken]:
    for line, record in records:
        ticket = record["ticket"] if isinstance(record, dict) and isinstance(record.get("ticket"), dict) else record
        yield _contact(line, ticket, settings) if text(ticket, "id") else quoted(line, record)


def _contact(line: int, ticket: dict[str, Any], settings: Settings) -> Contact:
    channel = text(ticket, "via.channel").lower()
    is_out = text(ticket, "via.source.rel") == "outbound"
    ends = "to" if is_out else "from"
    other = "from" if is_out else "to"
    contact = Contact(
        line,
        id=text(ticket, "id"),
        started_at=text(ticket, "created_at"),
        ended_at=first_text(ticket, "metric_set.solved_at", "metrics.solved_at", "solved_at"),
        channel=CHANNELS.get(channel, channel),
        direction="out" if is_out else "in",
        outcome=_outcome(ticket),
        reason=_field(ticket, settings.get("reason_field", "")),
        agent=first_text(ticket, "assignee_id", "assignee.id"),
        language=first_text(ticket, "requester.locale").partition("-")[0],
        phone=first_text(ticket, f"via.source.{ends}.phone", "requester.phone"),
        email=_email(first_text(ticket, f"via.source.{ends}.address", "requester.email")),
        name=first_text(ticket, "requester.name", f"via.source.{ends}.name"),
    )
    group = first_text(ticket, "group_id", "group.id")
    words = {
        "group": group,
        "brand": first_text(ticket, "brand_id", "brand.id"),
        "queue": group,
        "number": first_text(ticket, f"via.source.{other}.address", f"via.source.{other}.phone", "recipient"),
    }
    place(contact, words, settings)
    return contact


def _email(written: str) -> str:
    return written if "@" in written else ""


def _field(ticket: dict[str, Any], wanted: str) -> str:
    """The value of the custom field with that number, or of the field of that name."""
    fields = maps(ticket, "custom_fields") + maps(ticket, "fields")
    own = next((text(field, "value") for field in fields if text(field, "id") == wanted), "")
    return own or (text(ticket, wanted) if wanted else "")


def _outcome(ticket: dict[str, Any]) -> str:
    """Answered where somebody replied; a ticket that nobody opened is unanswered."""
    replies = first_text(ticket, "metric_set.replies", "metrics.replies")
    if replies.isdecimal():
        return "answered" if int(replies) else "unanswered"
    return "unanswered" if text(ticket, "status") == "new" else "unknown"


READY = ReadySource(
    "zendesk",
    "Zendesk",
    "zendesk_ticket",
    read,
    own=(
        Setting("site_by", "choice", default="group", choices=("group", "brand", "number")),
        Setting("entry_by", "choice", default="number", choices=("number", "queue")),
        Setting("channel.", "pairs"),
        Setting("reason_field"),
    ),
)
