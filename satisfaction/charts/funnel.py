"""A funnel: shares by how many answers stand behind them, within the limits that chance alone would keep."""

from collections.abc import Sequence
from typing import Any

from foundation.web.chart_theme import LINE, REST, SUBJECT

WIDTH, HEIGHT = 320, 220


def funnel_chart(rows: Sequence[dict[str, Any]], target: float, axes: tuple[str, str]) -> dict[str, Any]:
    """The definition for ``rows`` with ``label``, ``size``, ``value``, ``low_95``, ``high_95``, ``low_998``,
    ``high_998`` and ``outside``; ``axes``: the words of the answers and of the shares.
    """
    ordered = sorted(rows, key=lambda row: row["size"])
    x = {"field": "size", "type": "quantitative", "title": axes[0], "scale": {"zero": False, "nice": True}}
    y = {"type": "quantitative", "title": axes[1], "scale": {"zero": False}, "axis": {"format": ".0%", "tickCount": 5}}
    limits = [
        {
            "mark": {"type": "line", "color": LINE, "strokeWidth": 1, "strokeDash": dash},
            "encoding": {"x": x, "y": {**y, "field": name}},
        }
        for name, dash in (("low_95", [4, 4]), ("high_95", [4, 4]), ("low_998", []), ("high_998", []))
    ]
    return {
        "padding": {"left": 14, "right": 40, "top": 5, "bottom": 5},
        "width": WIDTH,
        "height": HEIGHT,
        "data": {"values": ordered},
        "layer": [
            *limits,
            {"mark": {"type": "rule", "color": REST}, "encoding": {"y": {**y, "datum": target}}},
            {
                "mark": {"type": "point", "color": SUBJECT, "filled": True, "size": 70, "opacity": 1},
                "encoding": {"x": x, "y": {**y, "field": "value"}},
            },
            {
                "mark": {"type": "text", "align": "left", "dx": 7, "dy": -7},
                "encoding": {"x": x, "y": {**y, "field": "value"}, "text": {"field": "label"}},
            },
        ],
    }
