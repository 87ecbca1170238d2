"""What a survival curve says on a given day, and how far it may be drawn."""

from collections.abc import Sequence
from dataclasses import dataclass

from estimation.errors import InvalidInput
from estimation.proportions import Interval
from estimation.survival import SurvivalCurve, at_risk_on, check_times

LEAST_AT_RISK = 10


@dataclass(frozen=True, slots=True)
class StillOpen:
    """The share still open after ``day``, with log-log limits, and how many were at risk on that day.

    ``estimate`` is None beyond the last time seen, where nothing is known; ``log_log`` is None before the first event
    and where nobody is left.
    """

    day: float
    n_at_risk: int
    estimate: float | None
    log_log: Interval | None

    @property
    def closed(self) -> float | None:
        """The share over by the end of the day: answered within so many days."""
        return None if self.estimate is None else 1 - self.estimate

    @property
    def closed_log_log(self) -> Interval | None:
        return None if self.log_log is None else Interval(1 - self.log_log.upper, 1 - self.log_log.lower)


def still_open_at(
    curve: SurvivalCurve, day: float, times: Sequence[float], entries: Sequence[float] | None = None
) -> StillOpen:
    """The curve of ``times`` (and ``entries``) read on a day. Source: that of kaplan_meier."""
    if day < 0 or len(times) != curve.n:
        raise InvalidInput("day", day)
    [at_risk] = at_risk_on(times, [day], entries)
    point = next((one for one in reversed(curve.points) if one.time <= day), None)
    if point is not None and point.survival == 0:
        return StillOpen(day, at_risk, 0.0, None)
    if day > max(times):
        return StillOpen(day, at_risk, None, None)
    if point is None:
        return StillOpen(day, at_risk, 1.0, None)
    return StillOpen(day, at_risk, point.survival, point.log_log)


def shown_until(
    times: Sequence[float],
    events: Sequence[bool],
    *,
    entries: Sequence[float] | None = None,
    least: int = LEAST_AT_RISK,
) -> float | None:
    """The last time on which at least ``least`` are at risk: where a curve stops. None when there never are."""
    check_times(times, events, entries)
    days = sorted(set(times))
    enough = [day for day, number in zip(days, at_risk_on(times, days, entries), strict=True) if number >= least]
    return enough[-1] if enough else None
