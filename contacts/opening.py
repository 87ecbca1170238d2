"""A file of a log as the table its mapping reads: a table already, or what a ready-made mapping makes of it."""

import io
from typing import BinaryIO

from contacts.mapping import Mapping
from contacts.reading import Table, read_table
from contacts.sources.registry import ready_source


def open_table(source: BinaryIO | bytes, mapping: Mapping | None = None, sheet: str = "") -> Table:
    """The rows of ``source``, a seekable binary file or bytes, that ``mapping`` is about; without one, as they are.

    ``sheet`` names that of a workbook. Raises UnreadableFile, and BadMapping as a ready-made mapping does.
    """
    if mapping is None or not mapping.ready:
        return read_table(source, sheet)
    file = io.BytesIO(source) if isinstance(source, bytes) else source
    return ready_source(mapping.ready).read(file, mapping.settings)
