"""Short lists that come as a file: entry points, and what a source says it sent. Columns in French or English.

Each row becomes values, or comes back with everything that is wrong in it, as with a log.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from contacts.column_names import plain_name
from contacts.entries import Fault, Reject
from contacts.importing import as_row
from contacts.vocabulary import known_value

LONGEST_NAME = 200
MOST_CONTACTS = 100_000_000


@dataclass(frozen=True)
class Listed:
    """A row of a list that can be taken."""

    line: int
    cells: list[str]
    values: dict[str, Any]


class MissingColumns(Exception):
    """A list that lacks columns it must have."""

    code = "columns-missing"

    def __init__(self, names: list[str]) -> None:
        super().__init__(", ".join(names))
        self.names = names


class BadCell(Exception):
    """A cell that cannot be read: a code."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


Read = Callable[[str], Any]


@dataclass(frozen=True)
class Column:
    """One column of a list: what it may be called, and how a cell is read; ``required`` ones may not be empty."""

    names: str
    read: Read
    required: bool = False


def read_list(
    columns: Sequence[str], rows: Iterable[tuple[int, list[str]]], wanted: Mapping[str, Column]
) -> Iterator[Listed | Reject]:
    """Each row, read or refused. Raises MissingColumns before the first one."""
    found = _places(columns, wanted)
    missing = [name for name, column in wanted.items() if column.required and name not in found]
    if missing:
        raise MissingColumns(missing)
    return (_row(list(columns), found, wanted, line, cells) for line, cells in rows)


def _places(columns: Sequence[str], wanted: Mapping[str, Column]) -> dict[str, str]:
    called = {plain_name(column): column for column in reversed(columns)}
    return {
        name: called[known[0]]
        for name, column in wanted.items()
        if (known := [one for one in column.names.split() if one in called])
    }


def _row(
    columns: list[str], found: Mapping[str, str], wanted: Mapping[str, Column], line: int, cells: list[str]
) -> Listed | Reject:
    row, values, faults = as_row(columns, cells), {}, []
    for name, called in found.items():
        text = row[called].strip()
        try:
            values[name] = _cell(text, wanted[name])
        except BadCell as bad:
            faults.append(Fault(name, bad.code))
    return Reject(line, cells, faults) if faults else Listed(line, cells, values)


def _cell(text: str, column: Column) -> Any:
    if text:
        return column.read(text)
    if column.required:
        raise BadCell("empty")
    return None


def day(text: str) -> date:
    """A day as ``2026-10-05`` or ``05/10/2026``."""
    for pattern in ("%Y-%m-%d", "%d/%m/%Y", "%d.%m.%Y"):
        try:
            return datetime.strptime(text, pattern).date()
        except ValueError:
            continue
    raise BadCell("day-unreadable")


def whole_number(text: str) -> int:
    """A number of contacts, from 0; spaces between thousands are understood."""
    digits = "".join(text.split())
    if not (digits.isascii() and digits.isdigit()) or int(digits) > MOST_CONTACTS:
        raise BadCell("number-unreadable")
    return int(digits)


def words(field: str) -> Read:
    """Reads a word of a closed list (channel, direction)."""

    def read(text: str) -> str:
        value = known_value(field, text)
        if value is None:
            raise BadCell("value-unknown")
        return value

    return read


def text_up_to(longest: int) -> Read:
    def read(text: str) -> str:
        if len(text) > longest:
            raise BadCell("too-long")
        return text

    return read


def one_of_sites(sites: Mapping[str, int]) -> Read:
    """Reads the key or name of a site, in any case, as its id."""

    def read(text: str) -> int:
        if text.lower() not in sites:
            raise BadCell("site-unknown")
        return sites[text.lower()]

    return read


def entry_point_columns(sites: Mapping[str, int]) -> dict[str, Column]:
    """What a list of entry points has."""
    return {
        "address": Column(
            "address adresse numero number queue file entrypoint", text_up_to(LONGEST_NAME), required=True
        ),
        "channel": Column("channel canal media", words("channel"), required=True),
        "direction": Column("direction sens", words("direction"), required=True),
        "name": Column("name nom libelle label", text_up_to(LONGEST_NAME)),
        "site_id": Column("site centre center", one_of_sites(sites)),
        "first_day": Column("firstday premierjour debut from start opened", day),
        "last_day": Column("lastday dernierjour fin to end closed", day),
    }


def count_columns(sites: Mapping[str, int]) -> dict[str, Column]:
    """What a source's own counts have."""
    return {
        "source": Column("source journal log", text_up_to(60)),
        "site_id": Column("site centre center", one_of_sites(sites), required=True),
        "channel": Column("channel canal media", words("channel"), required=True),
        "day": Column("day jour date", day, required=True),
        "contacts": Column("contacts count nombre number total appels calls volume", whole_number, required=True),
    }
