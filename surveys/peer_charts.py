"""A control chart of shares as places on a drawing: one point for each subject, in the order of the names."""

from collections.abc import Mapping
from typing import NamedTuple

from estimation.peers import PeerCheck

WIDTH, HEIGHT, LEFT, BOTTOM, TOP = 360, 170, 40, 16, 8


class Point(NamedTuple):
    """A point with its limits. ``kind``: inside, outside (of 95 %), asked."""

    name: str
    x: float
    y: float
    expected: float
    low: float
    high: float
    low_998: float
    high_998: float
    step: float
    kind: str


class Drawing(NamedTuple):
    """The points, and the ticks of the axis as (share, place)."""

    points: list[Point]
    ticks: list[tuple[float, float]]


def drawing(points: Mapping[str, PeerCheck]) -> Drawing:
    """Where everything of a chart lies; the axis spans what is shown, and says so by its ticks."""
    shown = [share for one in points.values() for share in (one.share, one.lower_998, one.upper_998)]
    low, high = max(0.0, min(shown) - 0.02), min(1.0, max(shown) + 0.02)

    def place(share: float) -> float:
        return round(HEIGHT - BOTTOM - (share - low) / (high - low) * (HEIGHT - BOTTOM - TOP), 1)

    step = (WIDTH - LEFT - 8) / max(len(points), 1)
    found = []
    for number, (name, one) in enumerate(points.items()):
        inside = one.lower_95 <= one.share <= one.upper_95
        kind = "asked" if one.stands_out else "inside" if inside or not one.varies else "outside"
        x = round(LEFT + step * (number + 0.5), 1)
        near, far = (place(one.lower_95), place(one.upper_95)), (place(one.lower_998), place(one.upper_998))
        found.append(Point(name, x, place(one.share), place(one.expected), *near, *far, round(step * 0.7, 1), kind))
    return Drawing(found, [(share, place(share)) for share in (low, (low + high) / 2, high)])
