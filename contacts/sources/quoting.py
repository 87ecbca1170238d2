"""A record that is no contact, as text that can be found again in the file."""

import json
from typing import Any

from contacts.sources.plain import LONGEST_QUOTE, Broken


def quoted(line: int, record: Any) -> Broken:
    """``record`` as its sender may recognise it."""
    try:
        text = json.dumps(record, ensure_ascii=False, default=str)
    except (RecursionError, ValueError):
        text = ""
    return Broken(line, text[:LONGEST_QUOTE] or "?")
