"""Registers as files for a spreadsheet."""

import csv
import io
from collections.abc import Sequence
from dataclasses import fields
from datetime import datetime
from typing import Any

BOM = "\ufeff"  # without it, a French spreadsheet reads accents wrong
#: What a spreadsheet would take for a formula.
FORMULA = ("=", "+", "-", "@", "\t", "\r")


def csv_of(rows: Sequence[Any], row_class: type[Any]) -> str:
    """Return dataclass rows as CSV: names of fields, moments in UTC as ISO 8601, nothing that runs as a formula."""
    written = io.StringIO()
    names = [field.name for field in fields(row_class) if not field.name.endswith("_id")]
    writer = csv.writer(written)
    writer.writerow(names)
    writer.writerows([_cell(getattr(row, name)) for name in names] for row in rows)
    return BOM + written.getvalue()


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return value.isoformat(timespec="seconds")
    text = str(value)
    return f"'{text}" if text.startswith(FORMULA) else text
