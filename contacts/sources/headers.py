"""A CSV with a header, read by the names of its columns."""

from collections.abc import Iterable, Iterator
from typing import BinaryIO

from contacts.importing import as_row
from contacts.reading import Table, UnreadableFile, read_table
from contacts.sources.plain import Broken


def headed(source: BinaryIO, wanted: Iterable[str], refusal: str = "columns-missing") -> Table:
    """The table of ``source``. Raises UnreadableFile ``refusal``, naming the columns ``wanted`` that it lacks."""
    source.seek(0)
    table = read_table(source)
    missing = tuple(name for name in wanted if name not in table.columns)
    if missing:
        raise UnreadableFile(refusal, line=1, names=missing)
    return table


def named(table: Table) -> Iterator[tuple[int, dict[str, str]] | Broken]:
    """Each row under the names of the header; one with another number of cells is ``Broken``."""
    for line, cells in table.rows():
        if len(cells) < len(table.columns) or any(cell.strip() for cell in cells[len(table.columns) :]):
            yield Broken(line, table.separator.join(cells))
        else:
            yield line, {name: cell.strip() for name, cell in as_row(table.columns, cells).items()}
