"""How answers are spread over the scale: one bar a value, with its interval."""

from collections.abc import Sequence
from typing import Any

from foundation.web.chart_theme import INK, SUBJECT

WIDTH, STEP = 300, 30


def spread_chart(rows: Sequence[dict[str, Any]], axis: str) -> dict[str, Any]:
    """The definition for ``rows`` with ``label``, ``share``, ``lower`` and ``upper`` (0 to 1), the first on top.

    ``axis``: what the shares are of. Bars begin at nought; a row without an interval has no rule.
    """
    order = [row["label"] for row in rows]
    y = {"field": "label", "type": "ordinal", "sort": order, "title": None}
    x = {"field": "share", "type": "quantitative", "title": axis, "axis": {"format": ".0%", "tickCount": 5}}
    return {
        "width": WIDTH,
        "height": {"step": STEP},
        "data": {"values": list(rows)},
        "encoding": {"y": y},
        "layer": [
            {"mark": {"type": "bar", "color": SUBJECT, "height": {"band": 0.6}}, "encoding": {"x": x}},
            {
                "transform": [{"filter": "isValid(datum.lower) && isValid(datum.upper)"}],
                "mark": {"type": "errorbar", "color": INK, "ticks": {"color": INK}},
                "encoding": {
                    "x": {"field": "lower", "type": "quantitative", "title": axis},
                    "x2": {"field": "upper"},
                },
            },
        ],
    }
