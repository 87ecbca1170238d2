"""What truly changed since the period before: differences that hold however many were looked at.

All differences of one view are one family (Holm): the risk that any of those listed is chance is at most 5 %. A
comparison speaks of the process, so nothing is corrected for a finite population.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from estimation import (
    Difference,
    DomainStratum,
    EstimationError,
    Figure,
    adjusted_p_values,
    difference,
    domain_nps,
    domain_proportion,
    figure_of,
)
from satisfaction.cells import Sample
from satisfaction.indicators import SHARE, Reading
from satisfaction.standing import HEADLINES
from satisfaction.survey_figures import Survey, groups, hidden_figures

LEVEL = 0.95
#: With fewer answers on a side nothing is compared: such a figure is for no ranking either.
FEWEST = 30


@dataclass(frozen=True)
class Side:
    """One period's answers to a question at a place, as the formulas take them."""

    strata: tuple[DomainStratum, ...]
    n: int


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
            sides = _side(now, reading, by), _side(before, same, by)
            if sides[0] and sides[1]:
                found.append(Pair(principal, survey, reading, by, sides[0], sides[1]))
    return found


def _side(survey: Survey, reading: Reading, by: Mapping[str, str]) -> Side | None:
    """None where there is nothing to compare: too few, hidden, refused, or answers that weigh each for itself."""
    question = reading.asked.question
    if survey.refusal or question in survey.broken or _is_hidden(survey.sample, question, by):
        return None
    tally = survey.sample.tally(question, by)
    strata = tuple(DomainStratum(str(s.key), s.population, s.respondents, s.counts) for s in tally.strata)
    return None if tally.is_weighed or tally.n < FEWEST else Side(strata, tally.n)


def _is_hidden(sample: Sample, question: str, by: Mapping[str, str]) -> bool:
    return (by.get("site"), by.get("channel")) in hidden_figures(sample, question)


def proven_changes(pairs: Iterable[Pair]) -> tuple[list[Change], int]:
    """The changes that are proven, the largest first within a unit, and how many were looked at.

    ``pairs`` that cannot be estimated are left out and count as not looked at.
    """
    compared = [(pair, found) for pair in pairs if (found := _difference(pair)) and found.p_value is not None]
    adjusted = adjusted_p_values([found.p_value for _, found in compared if found.p_value is not None]).holm
    changes = [Change(pair, found, p) for (pair, found), p in zip(compared, adjusted, strict=True) if p < 1 - LEVEL]
    return sorted(changes, key=_largest_first), len(compared)


def _largest_first(change: Change) -> tuple[str, float]:
    return change.pair.reading.indicator.unit, -abs(change.found.estimate)


def _difference(pair: Pair) -> Difference | None:
    """This period less the one before; None where one side cannot be estimated."""
    try:
        return difference(_figure(pair.reading, pair.now.strata), _figure(pair.reading, pair.before.strata))
    except EstimationError:
        return None


def _figure(reading: Reading, strata: Sequence[DomainStratum]) -> Figure:
    if reading.indicator.unit == SHARE:
        return figure_of(domain_proportion(strata, reading.indicator.favourable, fpc=False, confidence_level=LEVEL))
    return figure_of(domain_nps(strata, fpc=False, confidence_level=LEVEL))
