"""A log file as bytes, made into a header and rows of text, or a code that says why not."""

import io
from typing import BinaryIO

from contacts.reading.sheets import SheetTable, is_workbook, read_sheet
from contacts.reading.tables import Table, UnreadableFile
from contacts.reading.text import TextTable, read_text

__all__ = ["SheetTable", "Table", "TextTable", "UnreadableFile", "read_table"]


def read_table(source: BinaryIO | bytes, sheet: str = "") -> Table:
    """The table in a seekable binary file, or in bytes: text with separators (CSV), or a workbook (XLSX, ODS).

    Of a workbook the sheet called ``sheet`` is read, without a name the first with something in it. Text is read
    piece by piece, again for each ``rows()``, so the file must stay open. Raises UnreadableFile (``read_text``,
    ``read_sheet``).
    """
    file = io.BytesIO(source) if isinstance(source, bytes) else source
    return read_sheet(file, sheet) if is_workbook(file) else read_text(file)
