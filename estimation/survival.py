"""Times until an event when some events have not come yet: complaints still open at the day of the report."""

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy

from estimation.errors import InvalidInput, NoAnswers
from estimation.proportions import Interval
from estimation.quantiles import chi_square_tail, normal_quantile

# A product of fractions that should equal one half may miss it by a rounding.
ROUNDING = 1e-12


@dataclass(frozen=True, slots=True)
class SurvivalPoint:
    """What is known just after an event time; error and limits are None once nobody is left."""

    time: float
    n_at_risk: int
    n_events: int
    survival: float
    std_error: float | None
    linear: Interval | None
    log_log: Interval | None


@dataclass(frozen=True, slots=True)
class SurvivalCurve:
    """A Kaplan-Meier curve; the median and its log-log limits are None where the curve does not come down to a half."""

    n: int
    n_censored: int
    confidence_level: float
    points: tuple[SurvivalPoint, ...]
    median: float | None
    median_lower: float | None
    median_upper: float | None


def kaplan_meier(
    times: Sequence[float],
    events: Sequence[bool],
    confidence_level: float = 0.95,
    *,
    entries: Sequence[float] | None = None,
) -> SurvivalCurve:
    """The share still waiting after each event time, with Greenwood's error; False marks a censored time.

    A time censored on the day of an event is still at risk that day. ``entries`` are the days on which each came under
    observation (left truncation: a complaint sent earlier and registered late): at risk from that day on, that day
    included. Raises NoAnswers when there is no time, InvalidInput for a time before its entry.
    Sources: Kaplan & Meier (1958), JASA 53:457; log-log limits: Kalbfleisch & Prentice, section 1.4.
    """
    check_times(times, events, entries)
    z, survival, hazard, points = normal_quantile(confidence_level), 1.0, 0.0, []
    days = event_times(times, events)
    for time, at_risk, ended in zip(days, at_risk_on(times, days, entries), ended_on(times, events, days), strict=True):
        survival *= 1 - ended / at_risk
        hazard = hazard + ended / (at_risk * (at_risk - ended)) if ended < at_risk else math.inf
        points.append(survival_point(time, at_risk, ended, survival, hazard, z))
    limits = [[(point.time, point.log_log[side]) for point in points if point.log_log] for side in (0, 1)]
    return SurvivalCurve(
        len(times),
        len(times) - sum(map(bool, events)),
        confidence_level,
        tuple(points),
        first_half([(point.time, point.survival) for point in points]),
        first_half(limits[0]),
        first_half(limits[1]),
    )


def survival_point(time: float, at_risk: int, ended: int, survival: float, hazard: float, z: float) -> SurvivalPoint:
    """A point of the curve from Greenwood's sum ``hazard`` of d / (n (n - d))."""
    if math.isinf(hazard):
        return SurvivalPoint(time, at_risk, ended, 0.0, None, None, None)
    error = survival * math.sqrt(hazard)
    linear = Interval(survival - z * error, survival + z * error).clipped(0.0, 1.0)
    spread = z * math.sqrt(hazard) / abs(math.log(survival))
    log_log = Interval(survival ** math.exp(spread), survival ** math.exp(-spread))
    return SurvivalPoint(time, at_risk, ended, survival, error, linear, log_log)


def first_half(curve: Sequence[tuple[float, float]]) -> float | None:
    """The first time at which a falling curve is at a half or below."""
    return next((time for time, value in curve if value <= 0.5 + ROUNDING), None)


def check_times(times: Sequence[float], events: Sequence[bool], entries: Sequence[float] | None = None) -> None:
    if not times:
        raise NoAnswers
    if len(times) != len(events) or min(times) < 0:
        raise InvalidInput("times")
    if entries is not None and (
        len(entries) != len(times) or any(entry > time for entry, time in zip(entries, times, strict=True))
    ):
        raise InvalidInput("entries")


def event_times(times: Sequence[float], events: Sequence[bool]) -> list[float]:
    return sorted({time for time, event in zip(times, events, strict=True) if event})


def at_risk_on(times: Sequence[float], days: Sequence[float], entries: Sequence[float] | None = None) -> list[int]:
    """How many have entered by each of the days and last until it, that day included: the row under a curve."""
    over = numpy.searchsorted(sorted(times), days, side="left")
    if entries is None:
        return [len(times) - int(before) for before in over]
    entered = numpy.searchsorted(sorted(entries), days, side="right")
    return [int(number) for number in entered - over]


def ended_on(times: Sequence[float], events: Sequence[bool], days: Sequence[float]) -> list[int]:
    ended = Counter(time for time, event in zip(times, events, strict=True) if event)
    return [ended[day] for day in days]


@dataclass(frozen=True, slots=True)
class SurvivalGroup:
    """The times of one group, and whether each ended in an event."""

    label: str
    times: Sequence[float]
    events: Sequence[bool]


@dataclass(frozen=True, slots=True)
class LogRank:
    """Log-rank test of equal curves; None when no two groups were ever at risk together."""

    statistic: float | None
    df: int
    p_value: float | None
    observed: dict[str, int]
    expected: dict[str, float]


def log_rank(groups: Sequence[SurvivalGroup]) -> LogRank:
    """The log-rank test for two groups or more, with the hypergeometric variance; ties are allowed.

    Source: Klein & Moeschberger (2003), Survival Analysis, section 7.3.
    """
    for group in groups:
        check_times(group.times, group.events)
    days = sorted({time for group in groups for time in event_times(group.times, group.events)})
    at_risk = numpy.array([at_risk_on(group.times, days) for group in groups], dtype=float).T
    ended = numpy.array([ended_on(group.times, group.events, days) for group in groups], dtype=float).T
    observed = {group.label: sum(map(bool, group.events)) for group in groups}
    if not days:
        return LogRank(None, 0, None, observed, {group.label: 0.0 for group in groups})
    shares = at_risk / at_risk.sum(axis=1, keepdims=True)
    expected = (ended.sum(axis=1, keepdims=True) * shares).sum(axis=0)
    named = {group.label: float(value) for group, value in zip(groups, expected, strict=True)}
    statistic, df = log_rank_statistic(ended, at_risk, shares, expected)
    p_value = None if statistic is None else chi_square_tail(statistic, df)
    return LogRank(statistic, df, p_value, observed, named)


def log_rank_statistic(
    ended: numpy.ndarray, at_risk: numpy.ndarray, shares: numpy.ndarray, expected: numpy.ndarray
) -> tuple[float | None, int]:
    """Chi-square and degrees of freedom over the groups in which an event could be expected."""
    totals, present = at_risk.sum(axis=1), expected > 0
    events = ended.sum(axis=1)
    left = numpy.where(totals > 1, (totals - events) / numpy.maximum(totals - 1, 1), 0.0)
    spread = numpy.einsum("t,ti,ij->ij", events * left, shares, numpy.eye(shares.shape[1]))
    covariance = spread - numpy.einsum("t,ti,tj->ij", events * left, shares, shares)
    kept = numpy.flatnonzero(present)[1:]  # the differences add up to 0, so one group says nothing new
    difference = (ended.sum(axis=0) - expected)[kept]
    matrix = covariance[numpy.ix_(kept, kept)]
    if not kept.size or numpy.linalg.matrix_rank(matrix) < kept.size:
        return None, int(kept.size)
    return float(difference @ numpy.linalg.solve(matrix, difference)), int(kept.size)
