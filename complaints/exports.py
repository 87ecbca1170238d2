"""Registers as files for a spreadsheet."""

import csv
import io
from collections.abc import Sequence
from dataclasses import fields
from datetime import datetime
from typing import Any

from foundation.cells import safe_cell

BOM = "\ufeff"  # without it, a French spreadsheet reads accents wrong


def csv_of(rows: Sequence[Any], row_class: type[Any]) -> str:
    """Return dataclass rows as CSV: names of fields, moments in UTC as ISO 8601, nothing that runs as a formula."""
    written = io.StringIO()
    names = [field.name for field in fields(row_class) if not field.name.endswith("_id")]
    writer = csv.writer(written)
    writer.writerow(names)
    writer.writerows([_cell(getattr(row, name)) for name in names] for row in rows)
    return BOM + written.getvalue()


def _cell(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return value.isoformat(timespec="seconds")
    return safe_cell(value)
