"""The report as a table: one line for each figure, for a spreadsheet or a terminal."""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from foundation.cells import safe_cell
from satisfaction.commitments import Card
from satisfaction.comparing import Compared
from satisfaction.following import Point
from satisfaction.process import Side

KEYS = (
    "indicator", "question", "unit", "estimate", "lower", "upper", "confidence_level", "n", "n_effective", "events",
    "exposure", "population", "series", "method", "weighting", "series_number",
)  # fmt: skip
COVERED = ("covered_share", "covered_estimate", "covered_lower", "covered_upper", "covered_n")
COLUMNS = ("principal", "survey", "from", "to", "site", "channel", *KEYS, "flags", *COVERED)
SHOWN = ("principal", "survey", "site", "channel", "indicator", "estimate", "lower", "upper", "n", "flags")


def report_lines(report: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Each result as a flat line with the keys of COLUMNS; flags are joined by a space, what is absent is empty."""
    for row in report["results"]:
        covered = row["covered"] or {}
        yield {
            "principal": row["principal"],
            "survey": row["survey"],
            **report["period"],
            "site": row["by"].get("site"),
            "channel": row["by"].get("channel"),
            **{key: row[key] for key in KEYS},
            "flags": " ".join(row["flags"]),
            **{name: covered.get(name.removeprefix("covered_")) for name in COVERED},
        }


def report_csv(report: Mapping[str, Any]) -> str:
    """The report as CSV with a head line; numbers with a point, as in the JSON."""
    written = io.StringIO()
    writer = csv.DictWriter(written, COLUMNS, lineterminator="\r\n")
    writer.writeheader()
    writer.writerows({key: safe_cell(value) for key, value in line.items()} for line in report_lines(report))
    return written.getvalue()


def figure_csv(parts: Mapping[str, Sequence[Mapping[str, Any]]], period: Mapping[str, str]) -> str:
    """Rows around one figure as CSV: ``part`` names what a row belongs to, ``value`` the answer it is the share of.

    Of a row with a ``period`` of its own, that; else ``period``.
    """
    written = io.StringIO()
    writer = csv.DictWriter(written, ("part", "value", *COLUMNS), lineterminator="\r\n")
    writer.writeheader()
    for part, rows in parts.items():
        for row in rows:
            named = {"principal": None, "survey": None} | dict(row)
            (line,) = report_lines({"results": [named], "period": row.get("period", period)})
            full = {"part": part, "value": row.get("value"), **line}
            writer.writerow({key: safe_cell(value) for key, value in full.items()})
    return written.getvalue()


COMPARED = ("name", "unit", "estimate", "lower", "upper", "n", "against", "difference", "difference_lower",
            "difference_upper", "p_value", "p_holm", "differs")  # fmt: skip
VERDICTS = (
    "verdict", "agreement", "version", "promised", "indicator", "formula", "from", "to", "site", "channel", "state",
    "reason", "misses", "decision", "direction", "target", "tolerance", "tested", "confidence_level", "unit",
    "estimate", "lower", "upper", "n", "response", "looked_at",
)  # fmt: skip
COURSE = ("from", "to", "estimate", "lower", "upper", "n", "series")


def compared_csv(rows: Sequence[Compared], unit: str) -> str:
    """Each row of a comparison: its own figure, and its difference from ``against`` (empty: all the others)."""
    return _written(COMPARED, (_compared(row, unit) for row in rows))


def course_csv(points: Sequence[Point]) -> str:
    """Each period of a course with its figure."""
    return _written(COURSE, (_of_period(point) for point in points))


def verdicts_csv(cards: Iterable[Card]) -> str:
    """Each verdict with the rule it was given by and the figure of then; numbers with a point."""
    return _written(VERDICTS, (_verdict(card) for card in cards))


def _verdict(card: Card) -> dict[str, Any]:
    version, rule, finding = card.version, card.version.rule, card.finding
    named = {"promised": version.title, "indicator": version.indicator, "version": version.number}
    days = dict(zip(("from", "to"), (day.isoformat() for day in card.span), strict=True))
    numbers = {name: finding[name] for name in ("unit", "estimate", "lower", "upper", "n")}
    said = {name: getattr(card, name) for name in ("state", "reason", "misses", "response")}
    told = {name: getattr(rule, name) for name in ("formula", "decision", "direction", "target", "tolerance")}
    return {
        "verdict": card.id, "agreement": card.agreement_id, **named, **days, **numbers, **said, **told,
        "tested": rule.threshold, "confidence_level": rule.level, "looked_at": card.looked_at.isoformat(),
        "site": card.by.get("site"), "channel": card.by.get("channel"),
    }  # fmt: skip


def _compared(row: Compared, unit: str) -> dict[str, Any]:
    found = row.found
    lower, upper = found.limits if found and found.limits else (None, None)
    return {
        "name": row.name, "unit": unit, **_side(row.side), "against": row.against,
        "difference": found and found.estimate, "difference_lower": lower, "difference_upper": upper,
        "p_value": found and found.p_value, "p_holm": row.p_holm, "differs": row.differs,
    }  # fmt: skip


def _of_period(point: Point) -> dict[str, Any]:
    days = {"from": point.first_day.isoformat(), "to": point.last_day.isoformat()}
    return {**days, **_side(point.side), "series": point.series}


def _side(side: Side | None) -> dict[str, Any]:
    lower, upper = side.figure.limits if side and side.figure.limits else (None, None)
    return {"estimate": side and side.figure.estimate, "lower": lower, "upper": upper, "n": side and side.n}


def _written(columns: Sequence[str], lines: Iterable[Mapping[str, Any]]) -> str:
    written = io.StringIO()
    writer = csv.DictWriter(written, columns, lineterminator="\r\n")
    writer.writeheader()
    writer.writerows({key: safe_cell(value) for key, value in line.items()} for line in lines)
    return written.getvalue()


def report_table(report: Mapping[str, Any]) -> str:
    """The report as aligned columns for a terminal, estimates to four places."""
    lines = [SHOWN, *(tuple(_short(line[name]) for name in SHOWN) for line in report_lines(report))]
    widths = [max(len(line[column]) for line in lines) for column in range(len(SHOWN))]
    return "\n".join("  ".join(map(str.ljust, line, widths)).rstrip() for line in lines) + "\n"


def _short(value: Any) -> str:
    if value is None:
        return ""
    return f"{value:.4f}" if isinstance(value, float) else str(value)
