"""A figure from period to period: points with their intervals, a line within each series and none across a break."""

from collections.abc import Sequence
from typing import Any

from foundation.web.chart_theme import INK, SOFT, SUBJECT

WIDTH, HEIGHT = 320, 200
FORMATS = {"share": ".0%", "share_difference": ".0%", "nps": "d", "days": "d"}
USUAL_FORMAT = ".1f"


def course_chart(rows: Sequence[dict[str, Any]], unit: str, axis: str, broken: str) -> dict[str, Any]:
    """The definition for ``rows`` with ``label``, ``value``, ``lower``, ``upper``, ``series`` and ``chosen``, in order.

    A row whose ``value`` is None keeps its place on the axis. ``broken``: the word at each place where the series
    begins anew; the line stops there, and where a value is missing. The axis need not begin at nought, since points
    and not lengths are compared.
    """
    order = [row["label"] for row in rows]
    x = {
        "field": "label", "type": "ordinal", "title": None, "scale": {"type": "band", "domain": order},
        "axis": {"labelAngle": -40 if len(order) > 3 else 0, "labelLimit": 120},
    }  # fmt: skip
    written = {"format": FORMATS.get(unit, USUAL_FORMAT), "tickCount": 5}
    if unit in ("share", "share_difference"):
        written["tickMinStep"] = 0.01  # two ticks with one label would tell nothing
    y = {"type": "quantitative", "title": axis, "scale": {"zero": False}, "axis": written}
    known = {"filter": "isValid(datum.value)"}
    middle = {**x, "bandPosition": 0.5}
    return {
        "width": WIDTH,
        "height": HEIGHT,
        "data": {"values": _marked(rows)},
        "layer": [
            *_breaks(x, broken, rows),
            {
                "transform": [{"filter": "isValid(datum.lower) && isValid(datum.upper)"}],
                "mark": {"type": "rule", "color": SUBJECT, "strokeWidth": 2},
                "encoding": {"x": middle, "y": {**y, "field": "lower"}, "y2": {"field": "upper"}},
            },
            {
                "mark": {"type": "line", "color": SUBJECT, "strokeWidth": 1},
                "encoding": {"x": middle, "y": {**y, "field": "value"}, "detail": {"field": "series"}},
            },
            {
                "transform": [known],
                "mark": {"type": "point", "color": SUBJECT, "filled": True, "opacity": 1},
                "encoding": {
                    "x": middle,
                    "y": {**y, "field": "value"},
                    "size": {"condition": {"test": "datum.chosen", "value": 140}, "value": 50},
                },
            },
        ],
    }


def _marked(rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """The rows, each knowing whether another series begins with it."""
    marked, last = [], None
    for row in rows:
        begins = last is not None and row["series"] is not None and row["series"] != last
        marked.append({**row, "begins": begins})
        last = row["series"] if row["series"] is not None else last
    return marked


def _breaks(x: dict[str, Any], broken: str, rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    if not any(row["begins"] for row in _marked(rows)):
        return []
    edge, begins = {**x, "bandPosition": 0}, [{"filter": "datum.begins"}]
    return [
        {
            "transform": begins,
            "mark": {"type": "rule", "color": INK, "strokeDash": [4, 4]},
            "encoding": {"x": edge},
        },
        {
            "transform": begins,
            "mark": {"type": "text", "text": broken, "align": "left", "dx": 4, "color": SOFT},
            "encoding": {"x": edge, "y": {"value": 8}},
        },
    ]
