"""Samples of the study's populations, with fixed seeds, and what the intervals made of them."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from datetime import date

import numpy

from benchmarks.coverage_designs import CALLERS, CALLERS_DRAWN, Design, Response
from estimation import (
    ClassCounts,
    CollapseOrder,
    Share,
    ShareIntervals,
    Stratum,
    StratumAnswers,
    WeightedAnswer,
    difference,
    figure_of,
    manski_band,
    merged_along,
    merged_cells,
    raked_proportion,
    stratified_proportion,
    tipping_point,
    weighted_proportion,
)
from estimation.proportions import Interval
from satisfaction.findings import Finding, Period, is_unreliable

SEED = 20260101
DAY = Period(date(2026, 1, 1), date(2026, 1, 1))
DEFAULT = "wilson_design"
METHODS = tuple(field.name for field in fields(ShareIntervals))
ORDER = CollapseOrder(("site", "channel"), ("channel", "site"))


@dataclass(frozen=True)
class ResponseFound:
    """Where answering follows the score: shares of the draws.

    ``misled``: a verdict was proven, those who are silent were on the side that the sentence calls safe, and yet the
    figure over all was on the other side of the target.
    """

    in_band: float
    judged: float
    misled: float


@dataclass(frozen=True)
class Coverage:
    """Of one design: means over the draws, and by method how often it held the truth and how wide it was."""

    name: str
    truth: float
    n: float
    n_star: float
    held: dict[str, float]
    widths: dict[str, float]
    marked: float | None = None
    response: ResponseFound | None = None

    def narrowest(self, least: float) -> tuple[str, str]:
        """The narrowest method that held often enough, and the default's width against it."""
        valid = [name for name, share in self.held.items() if share >= least]
        if not valid:
            return "none", "–"
        best = min(valid, key=lambda name: self.widths[name])
        return best, f"{self.widths[DEFAULT] / self.widths[best]:.2f}"


class Tally:
    """Adds up what each draw gave."""

    def __init__(self, truth: float) -> None:
        self.truth = truth
        self.draws = 0
        self.totals: Counter[str] = Counter()
        self.held: Counter[str] = Counter()
        self.widths: Counter[str] = Counter()
        self.sizes: list[float] = []

    def add(self, share: Share) -> None:
        self.draws += 1
        self.totals["n"] += share.n
        self.sizes.append(share.n if share.n_star is None else share.n_star)
        self.totals["marked"] += _is_marked(share)
        for name in METHODS:
            self.hold(name, getattr(share.intervals, name))

    def hold(self, name: str, limits: Interval | None) -> None:
        """A method without an interval did not hold the truth; it counts as wide as the scale."""
        self.held[name] += limits is not None and limits.lower <= self.truth <= limits.upper
        self.widths[name] += limits.upper - limits.lower if limits else 1.0

    def coverage(self, name: str, response: ResponseFound | None = None) -> Coverage:
        shares = [{key: value / self.draws for key, value in each.items()} for each in (self.held, self.widths)]
        n, marked = self.totals["n"] / self.draws, self.totals["marked"] / self.draws
        return Coverage(name, self.truth, n, float(numpy.median(self.sizes)), *shares, marked, response)


def _is_marked(share: Share) -> bool:
    """Whether the product would mark it as unreliable."""
    limits = share.intervals.wilson_design
    ends = (limits.lower, limits.upper) if limits else (None, None)
    shown = Finding("satisfaction", "share", DAY, {}, share.estimate, *ends, n=share.n, n_effective=share.n_star)
    return limits is None or is_unreliable(shown, share.df)


def coverage_of(design: Design, draws: int) -> Coverage:
    """The default interval and its peers on samples of a design."""
    tally, seen = Tally(design.truth), _Responses(design)
    for counts in _samples(design, draws):
        share = _merged(design, counts) if design.least else _stratified(design, counts)
        tally.add(share)
        if design.response:
            seen.add(share, counts, design.response)
    return tally.coverage(design.name, seen.found(draws) if design.response else None)


def coverage_of_pair(name: str, one: Design, other: Design, draws: int) -> Coverage:
    """The difference of two independent figures, by square-and-add on the default limits."""
    tally, truth = Tally(one.truth - other.truth), one.truth - other.truth
    for first, second in zip(_samples(one, draws), _samples(other, draws, SEED + 1), strict=True):
        sides = [_stratified(one, first), _stratified(other, second)]
        found = difference(*(figure_of(side) for side in sides))
        tally.draws += 1
        tally.totals["n"] += sum(side.n for side in sides)
        tally.sizes.append(min(side.n_star or side.n for side in sides))
        tally.hold(DEFAULT, found.limits)
        spread = 1.959964 * (sides[0].std_error ** 2 + sides[1].std_error ** 2) ** 0.5
        tally.hold("t", Interval(found.estimate - spread, found.estimate + spread))
    made = tally.coverage(name)
    return Coverage(name, truth, made.n, made.n_star, made.held, made.widths)


def coverage_of_callers(draws: int) -> Coverage:
    """Contacts drawn of customers of whom some call often and are less content: each customer is one cluster."""
    chance = numpy.random.default_rng(SEED)
    people = numpy.repeat(numpy.arange(sum(size for size, _, _ in CALLERS)), _repeats())
    mood = numpy.concatenate([chance.random(size) < share for size, _, share in CALLERS])
    noise = chance.random(len(people)) < 0.15  # one contact in seven is not as its customer mostly is
    values = numpy.where(noise, ~mood[people], mood[people]).astype(int)
    tally, population = Tally(float(values.mean())), len(people)
    for _ in range(draws):
        drawn = chance.choice(population, CALLERS_DRAWN, replace=False)
        weight = population / CALLERS_DRAWN
        answers = [WeightedAnswer("all", int(people[one]), weight, int(values[one])) for one in drawn]
        tally.add(weighted_proportion({"all": population}, answers))
    return tally.coverage("frequent callers, less content")


def _repeats() -> list[int]:
    return [contacts for size, contacts, _ in CALLERS for _ in range(size)]


def _samples(design: Design, draws: int, seed: int = SEED) -> Iterator[list[tuple[int, int]]]:
    """Of each stratum the content and the others who answered."""
    chance = numpy.random.default_rng(seed)
    content = [
        chance.hypergeometric(part.content, part.contacts - part.content, part.drawn, size=draws)
        for part in design.parts
    ]
    for place in range(draws):
        rows = zip(content, design.parts, strict=True)
        sample = [(int(one[place]), part.drawn - int(one[place])) for one, part in rows]
        if told := design.response:
            sample = [
                (int(chance.binomial(yes, told.content)), int(chance.binomial(no, told.discontent)))
                for yes, no in sample
            ]
        yield sample


def _stratified(design: Design, counts: Sequence[tuple[int, int]]) -> Share:
    return stratified_proportion(
        [
            Stratum(str(place), part.contacts, {1: yes, 0: no})
            for place, (part, (yes, no)) in enumerate(zip(design.parts, counts, strict=True))
        ]
    )


def _merged(design: Design, counts: Sequence[tuple[int, int]]) -> Share:
    """Strata under ``least`` respondents merged: channels of a site first. Four strata make a site."""
    names = [(f"site {place // 4}", f"channel {place % 4}") for place in range(len(design.parts))]
    rows = list(zip(names, design.parts, counts, strict=True))
    classes = {name: ClassCounts(part.contacts, part.drawn, sum(both)) for name, part, both in rows}
    merging = merged_along(ORDER, classes, design.least)
    answers = [
        StratumAnswers(name, {}, score, count)
        for name, _, both in rows
        for score, count in zip((1, 0), both, strict=True)
    ]
    return raked_proportion(merged_cells(ORDER, classes, merging, answers), {})


class _Responses:
    """What the sentence about those who did not answer was worth."""

    def __init__(self, design: Design) -> None:
        self.design = design
        self.totals: Counter[str] = Counter()

    def add(self, share: Share, counts: Sequence[tuple[int, int]], told: Response) -> None:
        limits = share.intervals.wilson_design
        assert limits is not None
        rate = self._rate(counts)
        band = manski_band(share.estimate, rate, limits=limits).with_chance
        self.totals["in_band"] += band is not None and band.lower <= self.design.truth <= band.upper
        met = limits.lower >= told.target
        if not met and limits.upper >= told.target:
            return
        stands_on = limits.lower if met else limits.upper
        self.totals["judged"] += 1
        tipping = tipping_point(stands_on, told.target, rate)
        assert tipping is not None
        silent = self._silent(told)
        safe = silent >= tipping.they_score if met else silent < tipping.they_score
        self.totals["misled"] += safe and (self.design.truth >= told.target) != met

    def _rate(self, counts: Sequence[tuple[int, int]]) -> float:
        """Answers weighed by contacts of their stratum."""
        rows = zip(self.design.parts, counts, strict=True)
        return sum(part.contacts * sum(both) / part.drawn for part, both in rows) / self.design.contacts

    def _silent(self, told: Response) -> float:
        """The share content among those who would not answer."""
        content = self.design.truth * (1 - told.content)
        return content / (content + (1 - self.design.truth) * (1 - told.discontent))

    def found(self, draws: int) -> ResponseFound:
        return ResponseFound(*(self.totals[name] / draws for name in ("in_band", "judged", "misled")))
