"""An estimate with the limits it is published with, whatever formula they come from."""

from dataclasses import dataclass

from estimation.means import MeanEstimate
from estimation.nps import NetScore
from estimation.proportions import Interval, Proportion
from estimation.shares import Share


@dataclass(frozen=True, slots=True)
class Figure:
    """``estimate`` between ``limits`` (None where it has none); ``lowest``..``highest`` is its scale, if it has ends.

    ``df`` are the degrees of freedom of Student limits and None where limits stand on the normal distribution.
    """

    estimate: float
    limits: Interval | None
    confidence_level: float
    n: int
    df: int | None = None
    std_error: float | None = None
    scale: Interval | None = None


def figure_of(result: Share | Proportion | NetScore | MeanEstimate) -> Figure:
    """The result with its default limits: wilson_design, Wilson, adjusted Wald, or Student's t."""
    level = result.confidence_level
    if isinstance(result, Share):
        limits, scale = result.intervals.wilson_design, Interval(0.0, 1.0)
        return Figure(result.estimate, limits, level, result.n, None, result.std_error, scale)
    if isinstance(result, Proportion):
        return Figure(result.estimate, result.intervals.wilson, level, result.n, scale=Interval(0.0, 1.0))
    if isinstance(result, NetScore):
        scale = Interval(-100.0, 100.0)
        return Figure(result.estimate, result.adjusted_wald, level, result.n, None, result.std_error, scale)
    limits = None if result.lower is None or result.upper is None else Interval(result.lower, result.upper)
    return Figure(result.estimate, limits, level, result.n, result.df, result.std_error)
