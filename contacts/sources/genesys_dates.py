"""Dates of a Genesys export: written as the computer of whoever exported them writes dates."""

import re
from collections.abc import Iterable

SHORT = re.compile(r"(?P<first>\d{1,2})[-/.](?P<second>\d{1,2})[-/.](?P<year>\d{4}|\d{2})(?!\d)(?P<rest>.*)", re.DOTALL)
#: No-break spaces stand before "AM" in newer browsers.
SPACES = re.compile(r"[\s\u00a0\u202f]+")


class OrderUnclear(Exception):
    """Whether the day or the month comes first cannot be said; ``code`` says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def order_of(dates: Iterable[str], wanted: str) -> str:
    """``day-first`` or ``month-first``: what the dates show, or else ``wanted``.

    Raises OrderUnclear ``dates-contradict`` where they show another order than ``wanted``, or both,
    ``dates-unclear`` where they show none and none is wanted. An afternoon written PM shows nothing: Canada and
    India write the day first with it.
    """
    shown: set[str] = set()
    is_open = False
    for written in dates:
        found = SHORT.match(written.strip())
        if found is None:
            continue
        is_open = True
        first, second = int(found["first"]), int(found["second"])
        shown |= {"day-first"} if first > 12 >= second else {"month-first"} if second > 12 >= first else set()
    if len(shown) > 1 or (shown and wanted and wanted not in shown):
        raise OrderUnclear("dates-contradict")
    if is_open and not shown and not wanted:
        raise OrderUnclear("dates-unclear")
    return next(iter(shown), wanted or "day-first")


def in_order(written: str, order: str) -> str:
    """A date that begins with the year, the rest of it as it was; other text as it was."""
    plain = SPACES.sub(" ", written.strip())
    found = SHORT.match(plain)
    if found is None:
        return plain
    day, month = (found["first"], found["second"]) if order == "day-first" else (found["second"], found["first"])
    year = found["year"] if len(found["year"]) == 4 else f"20{found['year']}"
    return f"{year}-{month}-{day} {found['rest'].lstrip(' ,')}"
