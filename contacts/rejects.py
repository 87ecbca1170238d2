"""Rows that go back to whoever sent them, so that they can be put right and sent again."""

import csv
import io
from collections.abc import Iterable, Sequence

from foundation.cells import safe_cell

#: Added behind the columns of the log; taken off again when the file comes back.
#: The last, of rows of a log, is the number of the import that refused them: they go back to its principal.
ADDED_COLUMNS = ("reject_line", "reject_field", "reject_reason", "reject_import")


def own_columns(columns: Sequence[str]) -> list[str]:
    """The columns of the log itself, without those that an earlier round added."""
    return [name for name in columns if name not in ADDED_COLUMNS]


def import_of(columns: Sequence[str], cells: Sequence[str]) -> int | None:
    """The import that a row was refused by, of a file of refused rows; None of any other."""
    place = columns.index(ADDED_COLUMNS[-1]) if ADDED_COLUMNS[-1] in columns else len(cells)
    said = cells[place].strip() if place < len(cells) else ""
    return int(said) if said.isascii() and said.isdigit() and len(said) < 10 else None


def rejects_csv(
    columns: Sequence[str],
    separator: str,
    rows: Iterable[tuple[int, Sequence[str], str, str]],
    import_id: int | None = None,
) -> Iterable[str]:
    """The lines of a CSV with the log's own columns, then line, field and reason of each row, and its import.

    ``rows`` are (line, cells, fields, reasons). Columns added by an earlier round are replaced.
    """
    kept = [place for place, name in enumerate(columns) if name not in ADDED_COLUMNS]
    named = [] if import_id is None else [str(import_id)]
    yield _line([*(columns[place] for place in kept), *ADDED_COLUMNS[: 3 + len(named)]], separator)
    for line, cells, fields, reasons in rows:
        original = [cells[place] if place < len(cells) else "" for place in kept]
        surplus = list(cells[len(columns) :])
        yield _line([*original, str(line), fields, reasons, *named, *surplus], separator)


def _line(cells: Sequence[str], separator: str) -> str:
    text = io.StringIO()
    csv.writer(text, delimiter=separator, lineterminator="\r\n").writerow(map(safe_cell, cells))
    return text.getvalue()
