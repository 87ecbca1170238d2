"""What truly changed since the period before: differences that hold however many were looked at.

All differences of one view are one family (Holm): the risk that any of those listed is chance is at most 5 %. A
comparison speaks of the process, so nothing is corrected for a finite population.
"""

from collections.abc import Iterable, Mapping
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
    raked_nps,
    raked_proportion,
)
from satisfaction.adjusted_estimates import DOMAIN
from satisfaction.adjusting import adjusted
from satisfaction.cells import Sample, Tally
from satisfaction.indicators import SHARE, Reading
from satisfaction.standing import HEADLINES
from satisfaction.survey_figures import Survey, groups, hidden_figures

LEVEL = 0.95
#: With fewer answers on a side nothing is compared: such a figure is for no ranking either.
FEWEST = 30


@dataclass(frozen=True)
class Side:
    """One period's figure at a place, as it is compared."""

    figure: Figure
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
    if tally.is_weighed or tally.n < FEWEST:
        return None
    try:
        figure = _adjusted(survey, reading, by, tally) if survey.is_adjusted(question) else _plain(reading, tally)
    except EstimationError:
        return None
    return Side(figure, tally.n) if figure else None


def _is_hidden(sample: Sample, question: str, by: Mapping[str, str]) -> bool:
    return (by.get("site"), by.get("channel")) in hidden_figures(sample, question)


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


def _plain(reading: Reading, tally: Tally) -> Figure:
    strata = [DomainStratum(str(s.key), s.population, s.respondents, s.counts) for s in tally.strata]
    if reading.indicator.unit == SHARE:
        favourable = reading.indicator.favourable
        return figure_of(domain_proportion(strata, favourable, fpc=False, confidence_level=LEVEL))
    return figure_of(domain_nps(strata, fpc=False, confidence_level=LEVEL))


def _adjusted(survey: Survey, reading: Reading, by: Mapping[str, str], tally: Tally) -> Figure | None:
    """With the weights that the programme declared; None where they leave a part of the place unsaid."""
    made = adjusted(survey.sample, reading.asked.question, by)
    if made.short & {stratum.key for stratum in tally.strata}:
        return None
    if reading.indicator.unit == SHARE:
        favourable = reading.indicator.favourable
        share = raked_proportion(
            made.cells, made.margins, favourable, domain=DOMAIN, fpc=False, confidence_level=LEVEL
        )  # fmt: skip
        return figure_of(share)
    return figure_of(raked_nps(made.cells, made.margins, domain=DOMAIN, fpc=False, confidence_level=LEVEL))
