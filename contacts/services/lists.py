"""Lists that come as a file, taken row by row; what cannot be taken goes back."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import BinaryIO

from contacts.entries import Fault, Reject
from contacts.gaps import Cell
from contacts.lists import Listed, count_columns, entry_point_columns, read_list
from contacts.models import Site
from contacts.reading import read_table
from contacts.services.entry_points import EntryPointRefused, add_entry_point
from contacts.services.reconciliation import tell_counts
from foundation.accounts.scope import EVERYTHING, Scope


@dataclass
class Taken:
    """What became of a list: its header and separator for what goes back, the rows taken, those known and refused."""

    columns: list[str]
    separator: str
    added: int = 0
    known: int = 0
    contacts: int = 0
    rejects: list[Reject] = field(default_factory=list)
    #: What counts were told of.
    cells: list[Cell] = field(default_factory=list)


def sites_by_name(sites: Iterable[Site]) -> dict[str, int]:
    """The ids of these sites by name and key in small letters."""
    listed = list(sites)
    return {site.name.lower(): site.id for site in listed} | {site.key.lower(): site.id for site in listed}


def import_entry_points(
    principal_id: int,
    file: BinaryIO | bytes,
    sites: Iterable[Site],
    site_needed: bool,
    now: datetime,
    actor_id: int | None = None,
    scope: Scope = EVERYTHING,
) -> Taken:
    """Add the entry points of a file that are not in the list; ``site_needed`` refuses those without a site.

    What contacts outside ``scope`` named is refused.

    Raises UnreadableFile and MissingColumns.
    """
    table = read_table(file)
    taken = Taken(table.columns, table.separator)
    for row in read_list(table.columns, table.rows(), entry_point_columns(sites_by_name(sites))):
        if isinstance(row, Listed) and site_needed and row.values.get("site_id") is None:
            row = Reject(row.line, row.cells, [Fault("site", "empty")])
        if isinstance(row, Reject):
            taken.rejects.append(row)
        else:
            _add(principal_id, row, taken, now, actor_id, scope)
    return taken


def _add(principal_id: int, row: Listed, taken: Taken, now: datetime, actor_id: int | None, scope: Scope) -> None:
    values = {"name": "", "site_id": None, "first_day": None, "last_day": None} | row.values
    try:
        _point, contacts = add_entry_point(principal_id, values, now, actor_id, scope)
    except EntryPointRefused as refusal:
        if refusal.code == "entry-point-known":
            taken.known += 1
        else:
            taken.rejects.append(Reject(row.line, row.cells, [Fault("row", refusal.code)]))
        return
    taken.added += 1
    taken.contacts += contacts


def import_counts(
    principal_id: int,
    file: BinaryIO | bytes,
    sites: Iterable[Site],
    source: str,
    now: datetime,
    actor_id: int | None = None,
) -> Taken:
    """Keep what a file says was sent; ``source`` is taken where the row names none.

    Two rows about the same cell: the second goes back. Raises UnreadableFile and MissingColumns.
    """
    table = read_table(file)
    taken = Taken(table.columns, table.separator)
    told: dict[Cell, int] = {}
    for row in read_list(table.columns, table.rows(), count_columns(sites_by_name(sites))):
        if isinstance(row, Reject):
            taken.rejects.append(row)
            continue
        said = row.values
        cell = Cell(said.get("source") or source, said["site_id"], said["channel"], said["day"])
        fault = "duplicate-in-file" if cell in told else "empty" if not cell.source else ""
        if fault:
            taken.rejects.append(Reject(row.line, row.cells, [Fault("row" if cell.source else "source", fault)]))
        else:
            told[cell] = said["contacts"]
    taken.added = tell_counts(principal_id, told, now, actor_id)
    taken.known = len(told) - taken.added
    taken.cells = list(told)
    return taken
