"""Figures as they are compared: they speak of the process, so nothing is corrected for a finite population."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from estimation import (
    DomainStratum,
    EstimationError,
    Figure,
    MeanEstimate,
    NetScore,
    Share,
    domain_mean,
    domain_nps,
    domain_proportion,
    figure_of,
    raked_mean,
    raked_nps,
    raked_proportion,
    weighted_mean,
    weighted_nps,
    weighted_proportion,
)
from satisfaction.adjusted_estimates import DOMAIN
from satisfaction.adjusting import adjusted
from satisfaction.cells import By, StratumTally, Tally
from satisfaction.estimates import classes_of
from satisfaction.indicators import NPS, SHARE, Reading
from satisfaction.survey_figures import Survey, hidden_figures

LEVEL = 0.95
#: With fewer answers on a side nothing is compared: such a figure is for no ranking either.
FEWEST = 30
Result = Share | NetScore | MeanEstimate


@dataclass(frozen=True)
class Side:
    """A figure at a place as it is compared. ``size``: answers of a plain sample that would tell as much, if known.

    ``at`` gives the same figure at another level of confidence.
    """

    figure: Figure
    n: int
    size: float | None = None
    at: Callable[[float], Figure] | None = field(default=None, compare=False, repr=False)


def side_of(survey: Survey, reading: Reading, by: By, fewest: int = FEWEST, hides: By | None = None) -> Side | None:
    """None where there is nothing to compare: too few answers, hidden, refused.

    ``hides``: the place whose figure would follow from this one, where that is another.
    """
    question = reading.asked.question
    if survey.refusal or question in survey.broken or is_hidden(survey, question, by if hides is None else hides):
        return None
    tally = survey.sample.tally(question, by)
    if tally.n < fewest:
        return None
    try:
        result = _result(survey, reading, by, tally, LEVEL)
    except EstimationError:
        return None
    return made_side(result, tally.n, lambda level: _result(survey, reading, by, tally, level)) if result else None


def made_side(result: Result, n: int, again: Callable[[float], Result | None]) -> Side:
    """A side of ``result``; ``again`` computes it at another level."""
    figure = figure_of(result)

    def at(level: float) -> Figure:
        other = again(level)
        return figure_of(other) if other else figure

    return Side(figure, n, getattr(result, "n_star", None), at)


def is_hidden(survey: Survey, question: str, by: By) -> bool:
    return (by.get("site"), by.get("channel")) in hidden_figures(survey.sample, question)


def _result(survey: Survey, reading: Reading, by: By, tally: Tally, level: float) -> Result | None:
    if tally.is_weighed:
        return _weighed(reading, tally.strata, level)
    if survey.is_adjusted(reading.asked.question):
        return _adjusted(survey, reading, by, tally, level)
    return _plain(reading, tally, level)


def strata_of(tally: Tally) -> list[DomainStratum]:
    """The strata of a place, as estimation takes them."""
    return [DomainStratum(str(s.key), s.population, s.respondents, s.counts) for s in tally.strata]


def _plain(reading: Reading, tally: Tally, level: float) -> Result:
    strata = strata_of(tally)
    if reading.indicator.unit == SHARE:
        return domain_proportion(strata, reading.indicator.favourable, fpc=False, confidence_level=level)
    if reading.indicator.unit == NPS:
        return domain_nps(strata, fpc=False, confidence_level=level)
    return domain_mean(strata, fpc=False, confidence_level=level)


def _weighed(reading: Reading, strata: tuple[StratumTally, ...], level: float) -> Result:
    classes, answers, _ = classes_of(strata)
    if reading.indicator.unit == SHARE:
        return weighted_proportion(classes, answers, reading.indicator.favourable, fpc=False, confidence_level=level)
    if reading.indicator.unit == NPS:
        return weighted_nps(classes, answers, fpc=False, confidence_level=level)
    return weighted_mean(classes, answers, fpc=False, confidence_level=level)


def _adjusted(survey: Survey, reading: Reading, by: By, tally: Tally, level: float) -> Result | None:
    """With the weights that the programme declared; None where they leave a part of the place unsaid."""
    made = adjusted(survey.sample, reading.asked.question, by)
    if made.short & {stratum.key for stratum in tally.strata}:
        return None
    how: dict[str, Any] = {"domain": DOMAIN, "fpc": False, "confidence_level": level}
    if reading.indicator.unit == SHARE:
        return raked_proportion(made.cells, made.margins, reading.indicator.favourable, **how)
    if reading.indicator.unit == NPS:
        return raked_nps(made.cells, made.margins, **how)
    return raked_mean(made.cells, made.margins, **how)
