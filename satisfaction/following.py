"""A figure from period to period: where it goes, and which periods stand out of what chance would do."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from estimation import ControlChart, PeriodTrend, laney_chart, p_chart, period_trend
from estimation.errors import EstimationError
from estimation.quantiles import normal_quantile
from satisfaction.process import Side

#: Periods it takes to draw limits that mean something.
FEWEST_PERIODS = 8
#: So many in a row on one side of the centre are a signal too (Nelson 1984, rule 2, as NHS England uses it).
RUN = 8


@dataclass(frozen=True)
class Point:
    """One period: its figure if it may be shown, and the digest of what was asked."""

    first_day: date
    last_day: date
    side: Side | None
    series: str


@dataclass(frozen=True)
class Watched:
    """The control chart of the last series: its points, the plain limits and Laney's, and the periods that signal.

    ``outside`` and ``runs`` are places in ``points``.
    """

    points: tuple[Point, ...]
    plain: ControlChart
    laney: ControlChart
    outside: tuple[int, ...]
    runs: tuple[int, ...]


def last_series(points: Sequence[Point]) -> list[Point]:
    """The points with a figure that asked what was asked last: nothing is compared across a break."""
    known = [point for point in points if point.side]
    return [point for point in known if point.series == known[-1].series]


def trend_of(points: Sequence[Point]) -> PeriodTrend | None:
    """The change for each thirty days over the last series; None for too few periods."""
    rows = [(point, _error(point.side)) for point in last_series(points) if point.side]
    known = [(point, error) for point, error in rows if error]
    if not known:
        return None
    times = [(point.first_day - known[0][0].first_day).days / 30 for point, _ in known]
    values = [point.side.figure.estimate for point, _ in known if point.side]
    try:
        return period_trend(times, values, [error**2 for _, error in known])
    except EstimationError:
        return None


def _error(side: Side | None) -> float | None:
    """The standard error; where the limits are not symmetric, half their distance over z."""
    if side is None or side.figure.limits is None:
        return None
    lower, upper = side.figure.limits
    return (upper - lower) / (2 * normal_quantile(side.figure.confidence_level))


def watched(points: Sequence[Point]) -> Watched | None:
    """The chart of a share on its effective answers; None with too few periods."""
    known = [point for point in last_series(points) if point.side and point.side.size and point.side.size >= 1]
    if len(known) < FEWEST_PERIODS:
        return None
    sizes = [max(round(point.side.size or 0), 1) for point in known if point.side]
    shares = [point.side.figure.estimate for point in known if point.side]
    counts = [min(round(share * size), size) for share, size in zip(shares, sizes, strict=True)]
    plain, laney = p_chart(counts, sizes), laney_chart(counts, sizes)
    return Watched(tuple(known), plain, laney, laney.out_of_control, runs_in(shares, laney.center))


def runs_in(values: Sequence[float], center: float) -> tuple[int, ...]:
    """The places of points in a run of RUN or more on one side of the centre; a point on it ends a run."""
    found: list[int] = []
    run: list[int] = []
    side = 0
    for place, value in enumerate(values):
        here = (value > center) - (value < center)
        run = [*run, place] if here and here == side else [place] * bool(here)
        side = here
        if len(run) >= RUN:
            found += run if len(run) == RUN else [place]
    return tuple(found)
