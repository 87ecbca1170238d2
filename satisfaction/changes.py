"""What truly changed since the period before: differences that hold however many were looked at.

All differences of one view are one family (Holm): the risk that any of those listed is chance is at most 5 %. A
comparison speaks of the process, so nothing is corrected for a finite population.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from estimation import Difference, adjusted_p_values, difference
from satisfaction.indicators import Reading
from satisfaction.process import LEVEL, Side, side_of
from satisfaction.standing import HEADLINES
from satisfaction.survey_figures import Survey, groups


@dataclass(frozen=True)
class Pair:
    """A figure and the same of the period before."""

    principal: str
    survey: str
    reading: Reading
    by: Mapping[str, str]
    now: Side
    before: Side


@dataclass(frozen=True)
class Change:
    """A difference that is proven: this period less the one before, in the unit of the indicator."""

    pair: Pair
    found: Difference
    p_holm: float

    def as_json(self) -> dict[str, object]:
        """The difference as a figure (docs/report.md), with ``before``: the answers it is held against."""
        limits = self.found.limits
        return {
            "indicator": self.pair.reading.indicator.code,
            "unit": self.pair.reading.indicator.unit,
            "principal": self.pair.principal,
            "survey": self.pair.survey,
            "by": dict(self.pair.by),
            "estimate": self.found.estimate,
            "lower": limits.lower if limits else None,
            "upper": limits.upper if limits else None,
            "n": self.pair.now.n,
            "before": self.pair.before.n,
            "p_holm": self.p_holm,
        }


def pairs_of(principal: str, survey: str, now: Survey, before: Survey) -> list[Pair]:
    """The headlines of the whole and of each site, where both periods asked the same and both may be shown."""
    earlier = {each.indicator.code: each for each in before.readings}
    found = []
    sites = groups(now.sample, ["site"])
    for reading in now.readings:
        same = earlier.get(reading.indicator.code)
        if reading.indicator.code not in HEADLINES or same is None or same.asked.series != reading.asked.series:
            continue
        for by in [{}, *(sites if len(sites) > 1 else [])]:  # of a single site the whole says it already
            sides = side_of(now, reading, by), side_of(before, same, by)
            if sides[0] and sides[1]:
                found.append(Pair(principal, survey, reading, by, sides[0], sides[1]))
    return found


def proven_changes(pairs: Iterable[Pair]) -> tuple[list[Change], int]:
    """The changes that are proven, the largest first within a unit, and how many were looked at."""
    compared = [(pair, difference(pair.now.figure, pair.before.figure)) for pair in pairs]
    tested = [(pair, found, found.p_value) for pair, found in compared if found.p_value is not None]
    adjusted_to = adjusted_p_values([p_value for _, _, p_value in tested]).holm
    changes = [
        Change(pair, found, p_holm)
        for (pair, found, _), p_holm in zip(tested, adjusted_to, strict=True)
        if p_holm < 1 - LEVEL
    ]
    return sorted(changes, key=_largest_first), len(tested)


def _largest_first(change: Change) -> tuple[str, float]:
    return change.pair.reading.indicator.unit, -abs(change.found.estimate)
