"""A control chart: shares from period to period, the centre, the limits; points that signal are of another shape."""

from collections.abc import Sequence
from typing import Any

from foundation.web.chart_theme import BAD, LINE, REST, SUBJECT

WIDTH, HEIGHT = 320, 200


def control_chart(rows: Sequence[dict[str, Any]], center: float, axis: str) -> dict[str, Any]:
    """The definition for ``rows`` with ``label``, ``value``, ``lower``, ``upper`` and ``signals``, in order."""
    x = {
        "field": "label", "type": "ordinal", "sort": [row["label"] for row in rows], "title": None,
        "axis": {"labelAngle": -40, "labelLimit": 120},
    }  # fmt: skip
    y = {"type": "quantitative", "title": axis, "scale": {"zero": False}, "axis": {"format": ".0%", "tickCount": 5}}
    steps = [
        {
            "mark": {"type": "line", "interpolate": "step", "color": LINE, "strokeDash": [4, 4]},
            "encoding": {"x": x, "y": {**y, "field": name}},
        }
        for name in ("lower", "upper")
    ]
    return {
        "padding": {"left": 14, "right": 40, "top": 5, "bottom": 5},
        "width": WIDTH,
        "height": HEIGHT,
        "data": {"values": list(rows)},
        "layer": [
            *steps,
            {"mark": {"type": "rule", "color": REST}, "encoding": {"y": {**y, "datum": center}}},
            {"mark": {"type": "line", "color": SUBJECT}, "encoding": {"x": x, "y": {**y, "field": "value"}}},
            {
                "mark": {"type": "point", "filled": True, "opacity": 1, "size": 70},
                "encoding": {
                    "x": x,
                    "y": {**y, "field": "value"},
                    "shape": {"condition": {"test": "datum.signals", "value": "diamond"}, "value": "circle"},
                    "color": {"condition": {"test": "datum.signals", "value": BAD}, "value": SUBJECT},
                },
            },
        ],
    }
