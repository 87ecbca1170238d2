"""Who responded, against whom we meant to ask: every variable the frame knows, the R-indicator, early and late.

Shares of respondents are weighted by one over the probability of being drawn, so that a stratum drawn more often does
not look like one that responds more. The frame is known, so only they have an interval. Nothing here is of fewer than
five respondents: values with fewer are told together (see ``anonymity.ending``).
"""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import NamedTuple

from estimation import (
    EstimationError,
    WeightedAnswer,
    WeightedMean,
    adjusted_p_values,
    weighted_mean,
    weighted_proportion,
)
from estimation.peers import two_sided
from estimation.representativeness import ResponseCell, RIndicator, r_indicator
from surveys.anonymity import FEWEST, TOGETHER, ending

ALL = "all"
#: The name of the cells of the weights, among the variables, in ``left_out``.
OVERALL = ""
#: Cells with fewer asked are put together before propensities are estimated.
FEWEST_ASKED = 10
LEVEL = 0.05
#: No value of a variable has more rows than this; the rarest go together.
MOST_VALUES = 20


class Person(NamedTuple):
    """One contact of the frame. ``weight``: one over the probability of being drawn; None where it was not drawn."""

    values: Mapping[str, str]
    stratum: str
    customer: object
    weight: float | None
    responded: bool
    delay: timedelta | None = None
    wave: int = 0
    score: float | None = None


class Row(NamedTuple):
    """One value of a variable: counts, shares of frame and (weighted) respondents, and their difference."""

    value: str
    frame: int
    asked: int
    responded: int
    frame_share: float
    share: float | None
    lower: float | None
    upper: float | None
    p_value: float | None
    adjusted: float | None = None

    @property
    def difference(self) -> float | None:
        return None if self.share is None else self.share - self.frame_share

    @property
    def stands_out(self) -> bool:
        return self.adjusted is not None and self.adjusted < LEVEL


@dataclass(frozen=True)
class Group:
    """Respondents who came at some time: how many, and their mean score; None where too few."""

    name: str
    n: int
    mean: WeightedMean | None


@dataclass(frozen=True)
class NonResponse:
    """The tables of one draw; ``indicators``: R of each variable alone, ``overall``: of the cells of the weights.

    ``left_out``: by the same names (OVERALL), the contacts no R speaks of, too few of them being asked. ``weights``:
    N and n of each class; those of fewer than FEWEST answers together, empty where all of them are fewer.
    """

    frame: int
    asked: int
    responded: int
    tables: Mapping[str, Sequence[Row]]
    indicators: Mapping[str, RIndicator | None]
    overall: RIndicator | None
    halves: Sequence[Group]
    waves: Sequence[Group]
    weights: Mapping[str, tuple[int, int]]
    left_out: Mapping[str, int]

    @property
    def difference(self) -> tuple[float, float, float] | None:
        """Late less early, with its limits."""
        return late_less_early(self.halves)


def late_less_early(halves: Sequence[Group]) -> tuple[float, float, float] | None:
    """The mean of the later half less that of the earlier, with its limits; None where one of them is not told."""
    if len(halves) != 2 or halves[0].mean is None or halves[1].mean is None:
        return None
    early, late = halves[0].mean, halves[1].mean
    gap, error = late.estimate - early.estimate, math.hypot(early.std_error or 0.0, late.std_error or 0.0)
    return gap, gap - 1.96 * error, gap + 1.96 * error


def nonresponse(frame: Iterable[Person], variables: Sequence[str]) -> NonResponse:
    """Everything the page tells of one draw."""
    people = list(frame)
    found = {name: _table(people, [one.values[name] for one in people]) for name in variables}
    strata = [one.stratum for one in people]
    responded = [one for one in people if one.responded]
    cells = {name: _cells(people, [one.values[name] for one in people]) for name in variables}
    overall = _cells(people, strata)
    return NonResponse(
        len(people),
        sum(one.weight is not None for one in people),
        len(responded),
        _with_holm({name: rows for name, rows in found.items() if len(rows) > 1}),
        {name: _indicator(found) for name, (found, _out) in cells.items()},
        _indicator(overall[0]),
        halves_of(responded),
        _waves(responded),
        _weights(strata, [one.stratum for one in responded]),
        {name: out for name, (_found, out) in {**cells, OVERALL: overall}.items()},
    )


def _weights(strata: Sequence[str], responded: Sequence[str]) -> dict[str, tuple[int, int]]:
    answered = Counter(responded)
    how = ending(answered)
    if how.is_kept:
        return {}
    frame, told = Counter(strata), Counter(responded)
    for counts in (frame, told):
        counts[TOGETHER] = sum(counts.pop(name, 0) for name in how.together)
    return {name: (frame[name], told[name]) for name in sorted(frame) if frame[name]}


def _table(people: Sequence[Person], values: Sequence[str]) -> list[Row]:
    answered = Counter(value for one, value in zip(people, values, strict=True) if one.responded)
    common = {value for value, _count in Counter(values).most_common(MOST_VALUES)}
    how = ending({value: n if value in common else min(n, FEWEST - 1) for value, n in answered.items()})
    if how.is_kept:
        return []
    rare = {value for value in set(values) - common if not answered[value]}
    together = how.together | rare
    labels = [TOGETHER if value in together else value for value in values]
    frame = Counter(labels)
    asked = Counter(label for one, label in zip(people, labels, strict=True) if one.weight is not None)
    responded = [(one, label) for one, label in zip(people, labels, strict=True) if one.responded and one.weight]
    return [_row(responded, value, len(people), frame[value], asked[value]) for value in sorted(frame)]


def _row(responded: Sequence[tuple[Person, str]], value: str, population: int, frame: int, asked: int) -> Row:
    answers = [WeightedAnswer(ALL, one.customer, one.weight or 0.0, float(label == value)) for one, label in responded]
    counts = (frame, asked, sum(int(answer.value) for answer in answers), frame / population)
    try:
        share = weighted_proportion({ALL: population}, answers)
    except EstimationError:
        return Row(value, *counts, None, None, None, None)
    if value == TOGETHER:  # put together because few answered: to test that would be to test our own choice
        return Row(value, *counts, share.estimate, None, None, None)
    lower, upper = share.intervals.wilson_design or (None, None)
    p = two_sided((share.estimate - counts[3]) / share.std_error) if share.std_error else None
    return Row(value, *counts, share.estimate, lower, upper, p)


def _with_holm(tables: Mapping[str, Sequence[Row]]) -> dict[str, list[Row]]:
    """The p-values adjusted over all rows of the page."""
    told = [
        (name, number) for name, rows in tables.items() for number, row in enumerate(rows) if row.p_value is not None
    ]
    holm = adjusted_p_values([tables[name][number].p_value or 0.0 for name, number in told]).holm
    adjusted = dict(zip(told, holm, strict=True))
    return {
        name: [row._replace(adjusted=adjusted.get((name, number))) for number, row in enumerate(rows)]
        for name, rows in tables.items()
    }


def _cells(people: Sequence[Person], labels: Sequence[str]) -> tuple[list[ResponseCell], int]:
    """(cells of FEWEST_ASKED asked or more, smaller ones together; the contacts of those where that is one or none)."""
    counts: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
    for one, label in zip(people, labels, strict=True):
        cell = counts[label]
        cell[0] += 1
        cell[1] += one.weight is not None
        cell[2] += one.responded
    large = [ResponseCell(*cell) for cell in counts.values() if cell[1] >= FEWEST_ASKED]
    small = [cell for cell in counts.values() if cell[1] < FEWEST_ASKED]
    rest = ResponseCell(*(sum(column) for column in zip(*small, strict=True))) if small else ResponseCell(0, 0, 0)
    return ([*large, rest], 0) if rest.asked >= 2 else (large, rest.population)


def _indicator(cells: Sequence[ResponseCell]) -> RIndicator | None:
    """R; None of one cell, or of fewer than FEWEST answers."""
    if len(cells) < 2 or sum(cell.responded for cell in cells) < FEWEST:
        return None
    return r_indicator(cells)


def halves_of(responded: Sequence[Person]) -> list[Group]:
    """Those who answered sooner than half of them, and the others."""
    timed = sorted((one for one in responded if one.delay is not None), key=lambda one: one.delay or timedelta())
    middle = len(timed) // 2
    return _groups({"early": timed[:middle], "late": timed[middle:]}) if timed else []


def _waves(responded: Sequence[Person]) -> list[Group]:
    waves: dict[str, list[Person]] = defaultdict(list)
    for one in sorted(responded, key=lambda one: one.wave):
        waves[str(one.wave)].append(one)
    return _groups(waves)


def _groups(parts: Mapping[str, Sequence[Person]]) -> list[Group]:
    """Means of each part; of none where one has too few: the whole less the others would tell it."""
    scored = {name: [one for one in people if one.score is not None] for name, people in parts.items()}
    told = all(not some or len(some) >= FEWEST for some in scored.values())
    return [Group(name, len(people), _mean(scored[name]) if told else None) for name, people in parts.items()]


def _mean(people: Sequence[Person]) -> WeightedMean | None:
    answers = [WeightedAnswer(ALL, one.customer, one.weight or 1.0, one.score or 0.0) for one in people]
    try:
        return weighted_mean({ALL: round(sum(answer.weight for answer in answers))}, answers, fpc=False)
    except EstimationError:
        return None
