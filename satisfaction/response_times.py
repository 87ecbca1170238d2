"""How long complainants waited for the final answer, and how many still wait, of the complaints of a period.

Time runs from the day the complaint was sent; a complaint is at risk of being seen answered only from the day it was
registered. Being withdrawn is another end than an answer, of which only one can come: it is never taken for waiting.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from estimation import CompetingEnds, competing_ends, kaplan_meier, still_open_at
from satisfaction import findings as rules
from satisfaction.findings import Finding, Period
from satisfaction.indicators import DAYS, OPEN_AFTER, SHARE, TIME_TO_ANSWER

ANSWERED, WITHDRAWN = "answered", "withdrawn"
HALF = 0.5 - 1e-12  # a sum of fractions that should be a half may miss it by a rounding


@dataclass(frozen=True)
class CaseTime:
    """A complaint: ``waited`` days from sending to its end or until now, ``entered`` days from sending to registering.

    ``end``: answered, withdrawn, requalified, joined; None when it is still open.
    """

    site: str
    waited: int
    entered: int
    end: str | None


def time_figures(times: Sequence[CaseTime], asked: Period, by: Mapping[str, str], level: float) -> list[Finding]:
    """The median time to the final answer, then the share still open after each day of OPEN_AFTER."""
    blank = Finding(TIME_TO_ANSWER, DAYS, asked, by, level=level, method="aalen_johansen")
    shares = [Finding(code, SHARE, asked, by, level=level, method="kaplan_meier") for code in OPEN_AFTER]
    if not times:
        return [replace(one, n=0, events=0, population=0, flags=(rules.NO_COMPLAINT,)) for one in (blank, *shares)]
    ended = Counter(each.end for each in times)
    detail = {"still_open": ended[None], **{f"ended_{end}": n for end, n in sorted(ended.items(), key=str) if end}}
    counted = [
        replace(one, n=len(times), events=ended[ANSWERED], population=len(times), detail=detail)
        for one in (blank, *shares)
    ]
    return [_median(counted[0], times), *(_open(one, times) for one in counted[1:])]


def _median(blank: Finding, times: Sequence[CaseTime]) -> Finding:
    """The first day by which half of all had their answer, whatever became of the others."""
    ends = competing_ends(
        [each.waited for each in times],
        [each.end for each in times],
        entries=[each.entered for each in times],
        confidence_level=blank.level,
    )
    days = {side: _half(ends, side) for side in ("estimate", "earliest", "latest")}
    if days["estimate"] is None:
        return replace(blank, flags=(rules.NOT_REACHED,))
    found = replace(blank, value=days["estimate"], lower=days["earliest"], upper=days["latest"])
    flags = (rules.NO_UPPER_END,) * (found.upper is None)
    return replace(found, flags=(*flags, *(rules.UNRELIABLE,) * rules.is_unreliable(found)))


def _half(ends: CompetingEnds, side: str) -> float | None:
    for point in ends.curves.get(ANSWERED, ()):
        limits = point.log_log
        reached = {
            "estimate": point.incidence,
            "earliest": limits.upper if limits else point.incidence,
            "latest": limits.lower if limits else point.incidence if point.incidence >= 1 else 0.0,
        }[side]
        if reached >= HALF:
            return point.time
    return None


def _open(blank: Finding, times: Sequence[CaseTime]) -> Finding:
    """Any end closes a complaint: the share for which nothing came by the end of the day."""
    waited, entries = [each.waited for each in times], [each.entered for each in times]
    curve = kaplan_meier(waited, [each.end is not None for each in times], blank.level, entries=entries)
    found = still_open_at(curve, OPEN_AFTER[blank.indicator], waited, entries)
    if found.estimate is None:
        return replace(blank, flags=(rules.TOO_EARLY,))
    detail = {**blank.detail, "at_risk": found.n_at_risk}
    shown = replace(blank, value=found.estimate, detail=detail)
    if found.log_log is None:
        return replace(shown, flags=(rules.NO_SPREAD,))
    shown = replace(shown, lower=found.log_log.lower, upper=found.log_log.upper)
    return replace(shown, flags=(rules.UNRELIABLE,) * rules.is_unreliable(shown))
