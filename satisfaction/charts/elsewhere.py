"""The chart of what was collected elsewhere: a line for each source, none of them ours."""

from collections.abc import Mapping, Sequence
from typing import Any

SHAPES = ("circle", "square", "triangle-up", "diamond")
#: More lines than there are colours and shapes could not be told apart.
MOST_SOURCES = len(SHAPES)


def sources_over_time(points: Sequence[Mapping[str, Any]], axis: str, share: bool) -> dict[str, Any]:
    """Points over time by source, with the interval its source states where it does.

    Each point has ``source``, ``day`` (ISO), ``value`` and ``lower`` and ``upper``, both or neither. ``axis`` names
    the values.
    """
    names = sorted({point["source"] for point in points})
    colour = {
        "field": "source", "type": "nominal", "scale": {"domain": names},
        "legend": {"title": None, "orient": "top", "direction": "vertical", "labelLimit": 300, "symbolSize": 90},
    }  # fmt: skip
    shape = {
        "field": "source", "type": "nominal", "scale": {"domain": names, "range": list(SHAPES[: len(names)])},
    }  # fmt: skip
    day = {"field": "day", "type": "temporal", "title": None, "axis": {"format": "%b %y", "labelOverlap": True}}
    number = {"format": ".0%" if share else ".1f"}
    value = {"type": "quantitative", "title": axis, "scale": {"zero": False}, "axis": number}
    return {
        "width": 560, "height": 240, "data": {"values": list(points)}, "encoding": {"x": day, "color": colour},
        "layer": [
            {
                "transform": [{"filter": "datum.lower !== null"}], "mark": {"type": "rule", "strokeWidth": 2},
                "encoding": {"y": value | {"field": "lower"}, "y2": {"field": "upper"}},
            },
            {"mark": {"type": "line", "strokeDash": [5, 4]}, "encoding": {"y": value | {"field": "value"}}},
            {
                "mark": {"type": "point", "filled": True, "size": 90},
                "encoding": {"y": value | {"field": "value"}, "shape": shape},
            },
        ],
    }  # fmt: skip
