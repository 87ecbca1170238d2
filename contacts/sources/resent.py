"""Rejects of a ready-made mapping, put right and sent again: a CSV in the plain shape."""

from typing import BinaryIO

from contacts.reading import Table, read_table
from contacts.rejects import own_columns

LONGEST_HEADER = 4096


def resent_table(source: BinaryIO, columns: list[str]) -> Table | None:
    """The table of ``source`` if it has the plain ``columns``, with or without those that rejects add; else None."""
    source.seek(0)
    start = source.read(LONGEST_HEADER)
    source.seek(0)
    if columns[0].encode() not in start or b"entry_point" not in start:
        return None
    table = read_table(source)
    return table if own_columns(table.columns) == columns else None
