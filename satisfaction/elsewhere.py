"""Answers and figures that were collected elsewhere: how a line of their file is read. Nothing here is drawn by us."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from contacts.column_names import plain_name
from contacts.moments import DATE_ORDERS, BadMoment, moment
from satisfaction.indicators import MEAN, NPS, SHARE, SURVEY_INDICATORS

ANSWERS, FIGURES = "answers", "figures"
#: What each kind of file has in its lines; the first are needed, the others may be missing.
COLUMNS = {
    ANSWERS: (("reference", "day", "value"), ("site",)),
    FIGURES: (("indicator", "first_day", "last_day", "estimate"), ("site", "lower", "upper", "n")),
}
#: What single answers may be read as, with the ends of its scale: only answers on the same scale stand side by side.
SCALES = {"satisfaction": (1, 5), "recommendation": (0, 10), "effort": (1, 7), "solved": (0, 1)}
UNITS = {indicator.code: indicator.unit for indicator in SURVEY_INDICATORS}
LIMITS = {SHARE: (0.0, 1.0), NPS: (-100.0, 100.0), MEAN: (0.0, 100.0)}
LONGEST_SOURCE, LONGEST_REFERENCE, MOST_ANSWERS = 60, 200, 100_000_000
MAP_KEYS = {"fields", "sites", "dates"}
UTC_ZONE = ZoneInfo("UTC")


class BadElsewhere(ValueError):
    """A file or its mapping that cannot be used: ``code``, and the column or word it is about."""

    def __init__(self, code: str, name: str = "") -> None:
        super().__init__(f"{code} {name}".strip())
        self.code, self.name = code, name


class BadLine(ValueError):
    """A line that is not taken: the column, and a code that says why."""

    def __init__(self, column: str, code: str) -> None:
        super().__init__(f"{column} {code}")
        self.column, self.code = column, code


@dataclass(frozen=True)
class Given:
    """The mapping of a file: ``fields`` are our names → their columns, ``sites`` their words → keys of our sites."""

    fields: Mapping[str, str] = field(default_factory=dict)
    sites: Mapping[str, str] = field(default_factory=dict)
    dates: str = "day-first"


@dataclass(frozen=True)
class AnswerLine:
    """One answer, counted in the month of its day."""

    reference: str
    site: str
    month: date
    value: int


@dataclass(frozen=True)
class FigureLine:
    """A figure somebody else computed, with the interval and the number of answers they state, if they do."""

    indicator: str
    site: str
    first_day: date
    last_day: date
    estimate: float
    lower: float | None
    upper: float | None
    n: int | None


def given(written: Any) -> Given:
    """The mapping from its JSON, ``{"fields": {"day": "Date"}, "sites": {"LIL": "lille"}, "dates": "day-first"}``.

    Raises BadElsewhere (bad-map).
    """
    if not isinstance(written, dict) or set(written) - MAP_KEYS:
        raise BadElsewhere("bad-map")
    parts = [written.get("fields", {}), written.get("sites", {})]
    texts = [text for part in parts if isinstance(part, dict) for pair in part.items() for text in pair]
    order = written.get("dates", "day-first")
    if not all(isinstance(part, dict) for part in parts) or not all(isinstance(text, str) for text in texts):
        raise BadElsewhere("bad-map")
    if order not in DATE_ORDERS:
        raise BadElsewhere("bad-map")
    return Given(parts[0], parts[1], order)


def places(kind: str, columns: Sequence[str], mapping: Given) -> dict[str, int]:
    """Where each of our fields stands in a line: the column the mapping names, else the one called like it.

    Raises BadElsewhere: column-missing, with its name; unknown-field, of the mapping.
    """
    needed, optional = COLUMNS[kind]
    if strange := sorted(set(mapping.fields) - {*needed, *optional}):
        raise BadElsewhere("unknown-field", strange[0])
    known = {plain_name(column): place for place, column in reversed(list(enumerate(columns)))}
    found = {name: known.get(plain_name(mapping.fields.get(name, name))) for name in (*needed, *optional)}
    for name in [*needed, *mapping.fields]:
        if found[name] is None:
            raise BadElsewhere("column-missing", mapping.fields.get(name, name))
    return {name: place for name, place in found.items() if place is not None}


def cells_of(cells: Sequence[str], found: Mapping[str, int], mapping: Given) -> dict[str, str]:
    """The cells of a line by our names, the site by its key."""
    row = {name: cells[place].strip() if place < len(cells) else "" for name, place in found.items()}
    if site := row.get("site"):
        row["site"] = mapping.sites.get(site, site)
    return row


def answer_line(row: Mapping[str, str], indicator: str, dates: str) -> AnswerLine:
    """Read a line of a file of answers. Raises BadLine."""
    reference = row["reference"]
    if not 0 < len(reference) <= LONGEST_REFERENCE:
        raise BadLine("reference", "missing" if not reference else "too-long")
    low, high = SCALES[indicator]
    value = _whole(row["value"], "value")
    if not low <= value <= high:
        raise BadLine("value", "off-scale")
    return AnswerLine(reference, row.get("site", ""), _day(row["day"], "day", dates).replace(day=1), value)


def figure_line(row: Mapping[str, str], dates: str) -> FigureLine:
    """Read a line of a file of figures. Raises BadLine."""
    code = row["indicator"]
    if code not in UNITS:
        raise BadLine("indicator", "unknown-indicator")
    first, last = (_day(row[name], name, dates) for name in ("first_day", "last_day"))
    if last < first:
        raise BadLine("last_day", "bad-period")
    numbers = {name: _number(row.get(name, ""), name, UNITS[code]) for name in ("estimate", "lower", "upper")}
    estimate, lower, upper = numbers["estimate"], numbers["lower"], numbers["upper"]
    if estimate is None:
        raise BadLine("estimate", "missing")
    if (lower is None) != (upper is None) or (lower is not None and not lower <= estimate <= (upper or lower)):
        raise BadLine("lower", "bad-interval")
    n = _whole(row["n"], "n") if row.get("n") else None
    if n is not None and not 1 <= n <= MOST_ANSWERS:
        raise BadLine("n", "not-a-number")
    return FigureLine(code, row.get("site", ""), first, last, estimate, lower, upper, n)


def _day(text: str, column: str, order: str) -> date:
    if not text:
        raise BadLine(column, "missing")
    for written in (text, f"{text} 00:00"):
        try:
            return moment(written, order, UTC_ZONE)[0].date()
        except BadMoment:
            continue
    raise BadLine(column, "not-a-day")


def _whole(text: str, column: str) -> int:
    if not text:
        raise BadLine(column, "missing")
    plain = text.replace("\u202f", "").replace("\u00a0", "").replace(" ", "").removesuffix(".0")
    if not plain.isascii() or not plain.isdigit() or len(plain) > 9:
        raise BadLine(column, "not-a-number")
    return int(plain)


def _number(text: str, column: str, unit: str) -> float | None:
    """A number as people write it, a share also as « 82,5 % »."""
    if not text:
        return None
    plain = "".join(text.split()).replace(",", ".").replace("\N{MINUS SIGN}", "-")
    is_percent = plain.endswith("%")
    try:
        value = float(plain.removesuffix("%"))
    except ValueError:
        raise BadLine(column, "not-a-number") from None
    if is_percent and unit != SHARE:
        raise BadLine(column, "not-a-share")
    value = value / 100 if is_percent else value
    low, high = LIMITS[unit]
    if not math.isfinite(value) or not low <= value <= high:
        raise BadLine(column, "share-above-one" if unit == SHARE else "off-scale")
    return value
