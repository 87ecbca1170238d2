"""Importance against performance: each theme a point, with the middle of both as lines."""

from collections.abc import Sequence
from typing import Any

from foundation.web.chart_theme import LINE, SUBJECT

WIDTH, HEIGHT = 320, 240


def importance_chart(rows: Sequence[dict[str, Any]], across: str, up: str) -> dict[str, Any]:
    """The definition for ``rows`` with ``theme``, ``satisfied`` (0 to 1) and ``part`` (of R squared, 0 to 1).

    ``across`` and ``up`` name the axes. The lines are the means of the themes: they part, they judge nothing.
    """
    percent = {"format": ".0%", "tickCount": 4}
    x = {"type": "quantitative", "title": across, "scale": {"zero": False, "padding": 30}, "axis": percent}
    y = {"type": "quantitative", "title": up, "scale": {"zero": False, "padding": 20}, "axis": percent}
    line = {"type": "rule", "color": LINE, "strokeDash": [4, 4]}
    places = {"x": x | {"field": "satisfied"}, "y": y | {"field": "part"}}
    return {
        "width": WIDTH, "height": HEIGHT, "data": {"values": list(rows)},
        "layer": [
            {"mark": line, "encoding": {"x": x | {"field": "satisfied", "aggregate": "mean"}}},
            {"mark": line, "encoding": {"y": y | {"field": "part", "aggregate": "mean"}}},
            {"mark": {"type": "point", "filled": True, "size": 90, "color": SUBJECT, "opacity": 1}, "encoding": places},
            {
                "mark": {"type": "text", "dy": -12, "fontSize": 14},
                "encoding": places | {"text": {"field": "theme", "type": "nominal"}},
            },
        ],
    }  # fmt: skip
