"""A log file as bytes, made into a header and rows of text, or a code that says why not."""

import io
from typing import BinaryIO

from contacts.reading.tables import Table, UnreadableFile
from contacts.reading.text import TextTable, read_text

__all__ = ["Table", "TextTable", "UnreadableFile", "read_table"]


def read_table(source: BinaryIO | bytes, name: str = "") -> Table:
    """The table in a seekable binary file, or in bytes; ``name`` (of the file) decides what its bytes leave open.

    A file is read piece by piece, again for each ``rows()``, and must stay open meanwhile. Raises
    UnreadableFile: ``empty-file``, ``unreadable-encoding``, ``separator-unknown``, ``duplicate-column``,
    ``broken-quotes`` or ``no-rows``.
    """
    file = io.BytesIO(source) if isinstance(source, bytes) else source
    return read_text(file)
