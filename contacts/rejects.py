"""Rows that go back to whoever sent them, so that they can be put right and sent again."""

import csv
import io
from collections.abc import Iterable, Sequence

from foundation.cells import safe_cell

#: Added behind the columns of the log; taken off again when the file comes back.
ADDED_COLUMNS = ("reject_line", "reject_field", "reject_reason")


def own_columns(columns: Sequence[str]) -> list[str]:
    """The columns of the log itself, without those that an earlier round added."""
    return [name for name in columns if name not in ADDED_COLUMNS]


def rejects_csv(
    columns: Sequence[str], separator: str, rows: Iterable[tuple[int, Sequence[str], str, str]]
) -> Iterable[str]:
    """The lines of a CSV with the log's own columns, then line, field and reason of each row.

    ``rows`` are (line, cells, fields, reasons). Columns added by an earlier round are replaced.
    """
    kept = [place for place, name in enumerate(columns) if name not in ADDED_COLUMNS]
    yield _line([*(columns[place] for place in kept), *ADDED_COLUMNS], separator)
    for line, cells, fields, reasons in rows:
        original = [cells[place] if place < len(cells) else "" for place in kept]
        surplus = list(cells[len(columns) :])
        yield _line([*original, str(line), fields, reasons, *surplus], separator)


def _line(cells: Sequence[str], separator: str) -> str:
    text = io.StringIO()
    csv.writer(text, delimiter=separator, lineterminator="\r\n").writerow(map(safe_cell, cells))
    return text.getvalue()
