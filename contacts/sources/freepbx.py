"""FreePBX: the table ``asteriskcdrdb.cdr`` exported with its header."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import BinaryIO

from contacts.reading import Table, UnreadableFile
from contacts.sources.asterisk import DIRECTIONS, EXTENSION_DIGITS, Leg
from contacts.sources.cdr import contacts_of
from contacts.sources.headers import headed, named
from contacts.sources.plain import Broken, SourceTable
from contacts.sources.ready import ReadySource
from contacts.sources.settings import ZONE, Settings, by
from contacts.sources.values import seconds

WANTED = ("calldate", "src", "dst", "dstchannel", "duration", "disposition")
KEYS = ("linkedid", "uniqueid")
WRITTEN = "%Y-%m-%d %H:%M:%S"


def read(source: BinaryIO, settings: Settings, columns: list[str]) -> SourceTable:
    """One contact a call: the rows with the same linkedid, or else the same uniqueid."""
    table = headed(source, WANTED)
    if not set(KEYS) & set(table.columns):
        raise UnreadableFile("no-key", line=1, names=("uniqueid",))
    return SourceTable(columns, lambda counted: contacts_of(_legs(table), settings, counted))


def _legs(table: Table) -> Iterator[tuple[str, Leg] | Broken]:
    for row in named(table):
        if isinstance(row, Broken):
            yield row
            continue
        line, cells = row
        key = next((found for name in KEYS if (found := cells.get(name, ""))), "")
        yield (key, _leg(line, key, cells)) if key else Broken(line, table.separator.join(cells.values()))


def _leg(line: int, key: str, cells: dict[str, str]) -> Leg:
    name = cells.get("cnam", "")
    return Leg(
        line,
        call=key,
        start=cells["calldate"],
        end=_end(cells["calldate"], cells["duration"]),
        # cnum is the number as it was shown, src what the dial plan made of it.
        source=cells.get("cnum") or cells["src"],
        destination=cells["dst"],
        context=cells.get("dcontext", ""),
        member=cells["dstchannel"],
        application=cells.get("lastapp", ""),
        data=cells.get("lastdata", ""),
        disposition=cells["disposition"],
        account=cells.get("accountcode", ""),
        name="" if name.lstrip("+").isdecimal() else name,
        did=cells.get("did", ""),
        shown=cells.get("outbound_cnum", ""),
    )


def _end(start: str, duration: str) -> str:
    """Where the call ended on the server's clock; "" where the row does not say."""
    length = seconds(duration)
    try:
        return (datetime.strptime(start[:19], WRITTEN) + timedelta(seconds=length or 0)).strftime(WRITTEN)
    except (ValueError, OverflowError):
        return ""


READY = ReadySource(
    "freepbx",
    "FreePBX (asteriskcdrdb.cdr)",
    "freepbx_linkedid",
    read,
    own=(ZONE, *by("number context account queue"), EXTENSION_DIGITS, DIRECTIONS),
)
