"""Places, periods or versions side by side: each difference with its interval, all of a view adjusted as one family."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from estimation import (
    Difference,
    DomainStratum,
    EstimationError,
    Funnel,
    Interval,
    adjusted_p_values,
    common_mix,
    difference,
    share_funnel,
    standardised_mean,
    standardised_nps,
    standardised_proportion,
)
from satisfaction.cells import By
from satisfaction.indicators import NPS, SHARE, Reading
from satisfaction.process import FEWEST, LEVEL, Result, Side, is_hidden, made_side, side_of, strata_of
from satisfaction.survey_figures import Survey

#: A funnel of fewer points has nothing to be spread around.
FEWEST_IN_A_FUNNEL = 3


@dataclass(frozen=True)
class Compared:
    """One of those compared: its own figure, and the difference from all the others together, or from ``against``.

    ``side`` is None where it may not be compared (too few answers, hidden, refused). ``p_holm``: adjusted for all
    differences of the view; so are the limits of ``found``. ``other`` is the side it is set against.
    """

    name: str
    side: Side | None
    against: str | None = None
    found: Difference | None = None
    p_holm: float | None = None
    other: Side | None = None

    @property
    def differs(self) -> bool:
        return self.p_holm is not None and self.p_holm < 1 - LEVEL


def places_compared(survey: Survey, reading: Reading, dimension: str, standardised: bool = False) -> list[Compared]:
    """Each site, or each channel, against all the others together; with one mix of channels when ``standardised``."""
    names = sorted({getattr(place, dimension) for place in survey.sample.places} - {""})
    side = _standardised if standardised else side_of
    found = []
    for name in names:
        rest = {dimension: frozenset(names) - {name}}
        mine = side(survey, reading, {dimension: name})
        others = side(survey, reading, rest, hides={dimension: name}) if mine and len(names) > 1 else None
        known = difference(mine.figure, others.figure) if mine and others else None
        found.append(Compared(name, mine, None, known, other=others))
    return adjusted_together(found)


def in_order_compared(sides: Sequence[tuple[str, Side | None, str]]) -> list[Compared]:
    """Each of (name, figure, digest of what was asked) against the last one before it that asked the same."""
    found: list[Compared] = []
    last: dict[str, tuple[str, Side]] = {}
    for name, side, series in sides:
        before = last.get(series)
        known = difference(side.figure, before[1].figure) if side and before else None
        found.append(Compared(name, side, before[0] if before and known else None, known, other=before and before[1]))
        if side:
            last[series] = (name, side)
    return adjusted_together(found)


def each_against_first(sides: Mapping[str, Side | None]) -> list[Compared]:
    """Those who share nobody: each against the first that has a figure."""
    first = next(((name, side) for name, side in sides.items() if side), None)
    found = []
    for name, side in sides.items():
        other = first if first and first[0] != name else None
        known = difference(side.figure, other[1].figure) if side and other else None
        found.append(Compared(name, side, other[0] if other and known else None, known, other=other and other[1]))
    return adjusted_together(found)


def adjusted_together(rows: Sequence[Compared]) -> list[Compared]:
    """The rows adjusted for how many differences there are: p-values after Holm, limits after Bonferroni."""
    tested = [(place, p) for place, row in enumerate(rows) if row.found and (p := row.found.p_value) is not None]
    holm = dict(zip((place for place, _ in tested), adjusted_p_values([p for _, p in tested]).holm, strict=True))
    tried = [replace(row, p_holm=holm.get(place)) for place, row in enumerate(rows)]
    return [_together(row, len(tested)) for row in tried]


def _together(row: Compared, differences: int) -> Compared:
    """The row with the limits that go with its adjusted p-value.

    Holm finds a little more than Bonferroni: where it does, the limit ends at 0, as the simultaneous intervals that
    belong to it do (Strassburger & Bretz 2008, Stat. Med. 27:4914).
    """
    if row.found is None or row.found.limits is None or differences < 2 or not (row.side and row.other):
        return row
    if row.side.at is None or row.other.at is None:
        return row
    level = 1 - (1 - LEVEL) / differences
    wide = difference(row.side.at(level), row.other.at(level))
    limits = wide.limits or row.found.limits
    if row.differs and row.found.estimate > 0:
        limits = Interval(max(limits.lower, 0.0), limits.upper)
    elif row.differs:
        limits = Interval(limits.lower, min(limits.upper, 0.0))
    return replace(row, found=replace(row.found, limits=limits, confidence_level=level))


def funnel_of(rows: Sequence[Compared], target: float) -> Funnel | None:
    """Shares around the share of all, at their effective sizes; None for too few points or without a spread."""
    points = [
        (row.name, row.side.figure.estimate, row.side.size)
        for row in rows
        if row.side is not None and row.side.size is not None and row.side.size >= 1
    ]
    if len(points) < FEWEST_IN_A_FUNNEL or not 0 < target < 1:
        return None
    return share_funnel(points, target)


def _standardised(survey: Survey, reading: Reading, by: By, hides: By | None = None) -> Side | None:
    """The figure of sites as if all had the channels of the whole; None where one of them has no answer there."""
    question = reading.asked.question
    if survey.refusal or question in survey.broken or is_hidden(survey, question, by if hides is None else hides):
        return None
    channels = {place.channel for place in survey.sample.places}
    tallies = {channel: survey.sample.tally(question, {**by, "channel": channel}) for channel in channels}
    if sum(tally.n for tally in tallies.values()) < FEWEST or any(tally.is_weighed for tally in tallies.values()):
        return None
    mix = common_mix(
        {"all": {channel: survey.sample.tally(question, {"channel": channel}).population for channel in channels}}
    )
    strata = {channel: strata_of(tally) for channel, tally in tallies.items()}
    try:
        n = sum(tally.n for tally in tallies.values())
        return made_side(_at_mix(reading, strata, mix, LEVEL), n, lambda level: _at_mix(reading, strata, mix, level))
    except EstimationError:
        return None


def _at_mix(
    reading: Reading, strata: Mapping[str, list[DomainStratum]], mix: Mapping[str, float], level: float
) -> Result:
    if reading.indicator.unit == SHARE:
        return standardised_proportion(strata, mix, reading.indicator.favourable, fpc=False, confidence_level=level)
    if reading.indicator.unit == NPS:
        return standardised_nps(strata, mix, fpc=False, confidence_level=level)
    return standardised_mean(strata, mix, fpc=False, confidence_level=level)
