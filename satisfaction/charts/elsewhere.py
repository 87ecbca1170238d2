"""The chart of what was collected elsewhere: a broken line for each source, and ours beside them, unbroken."""

from collections.abc import Mapping, Sequence
from typing import Any

SHAPES = ("circle", "square", "triangle-up", "diamond")
#: More lines than there are colours and shapes could not be told apart.
MOST_SOURCES = len(SHAPES)


def sources_over_time(
    points: Sequence[Mapping[str, Any]], axis: str, share: bool, ours: Sequence[Mapping[str, Any]] = ()
) -> dict[str, Any]:
    """Points over time by source, with the interval its source states where it does; ``ours`` are those drawn here.

    Each point has ``source``, ``day`` (ISO), ``value`` and ``lower`` and ``upper``, both or neither. ``axis`` names
    the values.
    """
    names = [*dict.fromkeys(point["source"] for point in ours), *sorted({point["source"] for point in points})]
    everyone = [dict(point, ours=False) for point in points] + [dict(point, ours=True) for point in ours]
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
        "width": 560, "height": 240, "data": {"values": everyone}, "encoding": {"x": day, "color": colour},
        "layer": [
            {
                "transform": [{"filter": "datum.lower !== null"}], "mark": {"type": "rule", "strokeWidth": 2},
                "encoding": {"y": value | {"field": "lower"}, "y2": {"field": "upper"}},
            },
            *(
                {
                    "transform": [{"filter": f"datum.ours === {str(is_ours).lower()}"}],
                    "mark": {"type": "line", "strokeDash": [1, 0] if is_ours else [5, 4]},
                    "encoding": {"y": value | {"field": "value"}},
                }
                for is_ours in (False, True)
            ),
            {
                "mark": {"type": "point", "filled": True, "size": 90},
                "encoding": {"y": value | {"field": "value"}, "shape": shape},
            },
        ],
    }  # fmt: skip
