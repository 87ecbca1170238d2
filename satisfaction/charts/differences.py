"""Figures side by side: a point with its interval each, and the whole as a line."""

from collections.abc import Sequence
from typing import Any

from foundation.web.chart_theme import LINE, SUBJECT

WIDTH, STEP = 300, 34
FORMATS = {"share": ".0%", "nps": "d"}


def differences_chart(rows: Sequence[dict[str, Any]], whole: float | None, unit: str, axis: str) -> dict[str, Any]:
    """The definition for ``rows`` with ``label``, ``value``, ``lower``, ``upper`` and ``differs``, the first on top.

    Those proven to differ are filled, the others hollow. The axis need not begin at nought: points are compared.
    """
    y = {"field": "label", "type": "ordinal", "sort": [row["label"] for row in rows], "title": None}
    written = {"format": FORMATS.get(unit, ".1f"), "tickCount": 5}
    x = {"type": "quantitative", "title": axis, "scale": {"zero": False}, "axis": written}
    line = [
        {
            "data": {"values": [{"whole": whole}]},
            "mark": {"type": "rule", "color": LINE, "strokeDash": [4, 4]},
            "encoding": {"x": {**x, "field": "whole"}},
        }
    ]
    return {
        "padding": {"left": 14, "right": 40, "top": 5, "bottom": 5},
        "width": WIDTH,
        "height": {"step": STEP},
        "data": {"values": list(rows)},
        "layer": [
            *(line if whole is not None else []),
            {
                "mark": {"type": "rule", "color": SUBJECT, "strokeWidth": 2},
                "encoding": {"y": y, "x": {**x, "field": "lower"}, "x2": {"field": "upper"}},
            },
            {
                "mark": {"type": "point", "color": SUBJECT, "size": 90, "opacity": 1},
                "encoding": {
                    "y": y,
                    "x": {**x, "field": "value"},
                    "fill": {"condition": {"test": "datum.differs", "value": SUBJECT}, "value": "#FFFFFF"},
                },
            },
        ],
    }
