"""CSV that neither a spreadsheet nor a reader misunderstands: the one way to write a cell."""

import csv
import io
import re
from collections.abc import Iterable, Sequence
from typing import Any

# A cell that begins so is taken for a formula, or hides one behind it. The apostrophe is among them only so that
# taking it off again always gives the text there was.
FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r", "\n", "'")
NUMBER = re.compile(r"[+-]?\d[\d .]*")


def safe_cell(value: Any) -> str:
    """Return ``value`` as a cell: text that begins like a formula gets an apostrophe before it.

    Numbers and phone numbers are left as they are, None is empty.
    """
    if value is None:
        return ""
    if not isinstance(value, str):
        return repr(value) if isinstance(value, float) else str(value)
    return f"'{value}" if value.startswith(FORMULA_SIGNS) and not NUMBER.fullmatch(value) else value


def raw_cell(cell: str) -> str:
    """Return the text that ``safe_cell`` was given."""
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(FORMULA_SIGNS) else cell


def csv_file(columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
    """Return a CSV file with a head line: commas, UTF-8, lines ended as RFC 4180 says."""
    written = io.StringIO()
    writer = csv.writer(written, lineterminator="\r\n")
    writer.writerow(columns)
    writer.writerows([safe_cell(value) for value in row] for row in rows)
    return written.getvalue().encode()
