"""Aircall: webhooks of calls, kept one after the other, or the answers of ``GET /v1/calls``."""

from collections.abc import Iterator
from typing import Any, BinaryIO

from contacts.reading import UnreadableFile
from contacts.sources.grouping import grouped
from contacts.sources.plain import Broken, Counted, Plain, SourceTable, place
from contacts.sources.quoting import quoted
from contacts.sources.ready import ReadySource
from contacts.sources.records import Records
from contacts.sources.settings import Settings, by
from contacts.sources.values import dig, from_epoch, maps, text

ABANDONED = {"abandoned_in_ivr", "abandoned_in_classic", "short_abandoned"}
Piece = tuple[int, dict[str, Any]]
DIRECTIONS = {"inbound": "in", "outbound": "out"}


def read(source: BinaryIO, settings: Settings, columns: list[str]) -> SourceTable:
    """One contact a call, from the last that was told of it."""
    _check_whole(Records(source, "calls"))
    return SourceTable(columns, lambda counted: _contacts(Records(source, "calls"), settings, counted))


def _check_whole(records: Records) -> None:
    """Raises UnreadableFile ``partial-export`` where the API said that there are more calls than these."""
    count = sum(1 for _record in records)
    more = dig(records.around, "meta.next_page_link")
    total = text(records.around, "meta.total")
    if more or (total.isdecimal() and int(total) > count):
        raise UnreadableFile("partial-export", names=(str(count), total or "?"))


class _Call:
    """A call as the webhooks tell it, each with all that is known by then."""

    def __init__(self, first: Piece) -> None:
        self.line = first[0]
        self.record: dict[str, Any] = {}

    def add(self, piece: Piece) -> None:
        # Webhooks may arrive in another order than they were sent in: what is known of the end stays.
        known = {name: value for name, value in piece[1].items() if value is not None}
        if dig(self.record, "ended_at") is not None and dig(known, "ended_at") is None:
            self.record = {**known, **self.record}
        else:
            self.record = {**self.record, **known}


def _contacts(records: Records, settings: Settings, counted: Counted) -> Iterator[Plain | Broken]:
    for call in grouped(_keyed(records, counted), _Call):
        yield call if isinstance(call, Broken) else _contact(call, settings)


def _keyed(records: Records, counted: Counted) -> Iterator[tuple[str, Piece] | Broken]:
    for line, record in records:
        if text(record, "resource") not in ("", "call"):
            counted.add("other-events")
            continue
        call = record["data"] if isinstance(record, dict) and "data" in record else record
        key = text(call, "id")
        yield (key, (line, call)) if key else quoted(line, record)


def _contact(call: _Call, settings: Settings) -> Plain:
    record = call.record
    contact = Plain(
        call.line,
        id=text(record, "id"),
        started_at=from_epoch(text(record, "started_at")),
        ended_at=from_epoch(text(record, "ended_at")),
        channel="phone",
        direction=DIRECTIONS.get(text(record, "direction"), text(record, "direction")),
        outcome=_outcome(record),
        reason=next((text(tag, "name") for tag in maps(record, "tags")), ""),
        agent=text(record, "user.id"),
        phone=text(record, "raw_digits"),
        email=next((text(email, "value") for email in maps(record, "contact.emails")), ""),
        name=" ".join(filter(None, (text(record, "contact.first_name"), text(record, "contact.last_name")))),
    )
    number = text(record, "number.digits")
    place(contact, {"number": number, "line": text(record, "number.name")}, settings)
    return contact


def _outcome(record: dict[str, Any]) -> str:
    if text(record, "answered_at"):
        return "answered"
    if text(record, "missed_call_reason") in ABANDONED:
        return "abandoned"
    return "unanswered" if text(record, "ended_at") else "unknown"


READY = ReadySource("aircall", "Aircall", "aircall_call_id", read, own=by("number line"))
