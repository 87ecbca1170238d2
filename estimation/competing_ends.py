"""Times until one of several ends, of which only one can come: answered, withdrawn, joined to another complaint.

Treating the other ends as censored would overstate each (it asks what would happen if nobody could withdraw); the
cumulative incidences of all ends and the share still open add up to 1. Sources: Aalen & Johansen (1978), Scand. J.
Stat. 5:141; variance: Marubini & Valsecchi (1995), Analysing Survival Data, section 10.2.3, which with one end is
Greenwood's; limits on the log-log scale.
"""

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from estimation.errors import InvalidInput
from estimation.proportions import Interval
from estimation.quantiles import normal_quantile
from estimation.survival import at_risk_on, check_times


@dataclass(frozen=True, slots=True)
class IncidencePoint:
    """The share come to this end by ``time``, that day included; ``log_log`` is None at 0, at 1 or without error."""

    time: float
    n_at_risk: int
    n_events: int
    incidence: float
    std_error: float
    log_log: Interval | None


@dataclass(frozen=True, slots=True)
class CompetingEnds:
    """For each end its curve over the days on which anything ended; ``still_open``: what is left after each of them."""

    n: int
    n_censored: int
    confidence_level: float
    days: tuple[float, ...]
    still_open: tuple[float, ...]
    curves: dict[str, tuple[IncidencePoint, ...]]


@dataclass(frozen=True, slots=True)
class _Day:
    """One day on which something ended: at risk, ended in any way, share open before, ended by this end, incidence."""

    time: float
    at_risk: int
    ended: int
    open_before: float
    by_this: int
    incidence: float


def competing_ends(
    times: Sequence[float],
    ends: Sequence[str | None],
    *,
    entries: Sequence[float] | None = None,
    confidence_level: float = 0.95,
) -> CompetingEnds:
    """The Aalen-Johansen cumulative incidence of each end; None marks a time still open (censored).

    ``entries``: the day each came under observation, as in ``kaplan_meier``. Raises NoAnswers when there is no time.
    """
    check_times(times, [end is not None for end in ends], entries)
    days = sorted({time for time, end in zip(times, ends, strict=True) if end is not None})
    at_risk = at_risk_on(times, days, entries)
    counted = Counter(zip(times, ends, strict=True))
    names = sorted({end for end in ends if end is not None})
    ended = [sum(counted[day, name] for name in names) for day in days]
    still_open = _still_open(at_risk, ended)
    curves = {}
    for name in names:
        rows = zip(days, at_risk, ended, [1.0, *still_open], [counted[day, name] for day in days], strict=False)
        curves[name] = _curve([*rows], confidence_level)
    censored = sum(end is None for end in ends)
    return CompetingEnds(len(times), censored, confidence_level, tuple(days), tuple(still_open), curves)


def _still_open(at_risk: Sequence[int], ended: Sequence[int]) -> list[float]:
    values, left = [], 1.0
    for n, d in zip(at_risk, ended, strict=True):
        left *= 1 - d / n
        values.append(left)
    return values


def _curve(rows: Sequence[tuple[float, int, int, float, int]], confidence_level: float) -> tuple[IncidencePoint, ...]:
    days: list[_Day] = []
    reached = 0.0
    for time, at_risk, ended, open_before, by_this in rows:
        reached += open_before * by_this / at_risk
        days.append(_Day(time, at_risk, ended, open_before, by_this, reached))
    z = normal_quantile(confidence_level)
    return tuple(_point(day, _variance(days[: place + 1]), z) for place, day in enumerate(days))


def _variance(days: Sequence[_Day]) -> float:
    """Of the incidence on the last of the days."""
    last = days[-1].incidence
    return max(math.fsum(_share_of_variance(day, last - day.incidence) for day in days), 0.0)


def _share_of_variance(day: _Day, to_come: float) -> float:
    """What one day adds, ``to_come`` being the incidence gained after it."""
    n, left = day.at_risk, day.at_risk - day.ended
    later = to_come**2 * day.ended / (n * left) if left else 0.0  # nobody left: nothing more to come
    now = day.open_before**2 * (n - day.by_this) * day.by_this / n**3
    return later + now - 2 * to_come * day.open_before * day.by_this / n**2


def _point(day: _Day, variance: float, z: float) -> IncidencePoint:
    error, share, limits = math.sqrt(variance), day.incidence, None
    if 0 < share < 1 and error > 0:
        spread = z * error / (share * abs(math.log(share)))
        limits = Interval(share ** math.exp(spread), share ** math.exp(-spread))
    return IncidencePoint(day.time, day.at_risk, day.by_this, share, error, limits)


def incidence_at(curve: Sequence[IncidencePoint], day: float) -> IncidencePoint | None:
    """The last point of a curve on or before the day; None before the first, when nothing had ended."""
    if math.isnan(day):
        raise InvalidInput("day", day)
    return next((point for point in reversed(curve) if point.time <= day), None)
