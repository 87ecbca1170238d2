"""Whether one of many does as the others do, given what each of them had to do with.

Agents (or sites) whose contacts are of the same class (stratum, site, channel) have equal chances: of all successes of
the class, which ones fall to whom is a matter of the lot. So, given the totals, the successes of one are
hypergeometric; over several classes they are a sum of such numbers, whose distribution is worked out exactly. This
is a p-chart with a centre of its own for each point (what its classes expect) and limits that hold whatever the size:
of truly equal ones at least 95 % lie within the 95 % limits. Numbers are whole, so mostly more do.

Where more than chance divides all of them (30 of 40 outside is no list of suspects), limits are widened by the square
root of the dispersion, estimated after 10 % at each end were drawn in. Sources: Fisher (1935), J. R. Stat. Soc. 98:39
(the exact test); Spiegelhalter (2005), Stat. Med. 24:1185 (funnels, winsorised dispersion).
"""

import math
from collections import defaultdict
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple, TypeVar

import numpy as np

from estimation.dispersion import winsorised_dispersion

Name = TypeVar("Name", bound=Hashable)
FEWEST_FOR_DISPERSION = 10
#: Standard deviations beyond which a probability is less than rounding.
REACH = 12.0


class Lot(NamedTuple):
    """What one had of a class: ``successes`` of ``trials``."""

    label: Hashable
    trials: int
    successes: int


@dataclass(frozen=True, slots=True)
class PeerCheck:
    """One point of the chart, as shares: what was found, what its classes expect, and the limits.

    ``p_value``: two-sided, of a share as far from the expected one, were it equal to the others. ``varies`` is False
    where its classes leave nothing to chance (all succeed, or all are its own): then limits say nothing.
    """

    trials: int
    successes: int
    expected: float
    lower_95: float
    upper_95: float
    lower_998: float
    upper_998: float
    p_value: float
    varies: bool
    stands_out: bool = False

    @property
    def share(self) -> float:
        return self.successes / self.trials


def compared(table: Mapping[Name, Sequence[Lot]], tests: int = 1, level: float = 0.05) -> dict[Name, PeerCheck]:
    """Each one against the others. ``stands_out`` where the p-value is below ``level`` / ``tests``.

    ``tests``: how many are made in all, on this table and beside it; so the chance of any false one is at most
    ``level`` (Bonferroni). Whoever stands out is left out of what the others are held against, the clearest first.
    """
    kept = {name: [lot for lot in lots if lot.trials] for name, lots in table.items()}
    kept = {name: lots for name, lots in kept.items() if lots}
    out: set[Name] = set()
    while True:
        checks = _against(kept, out)
        left = [(check.p_value, str(name), name) for name, check in checks.items() if name not in out and check.varies]
        if not left or (clearest := min(left, key=lambda one: one[:2]))[0] >= level / tests:
            return {name: _marked(check, name in out) for name, check in checks.items()}
        out.add(clearest[2])


def _marked(check: PeerCheck, stands_out: bool) -> PeerCheck:
    names = PeerCheck.__slots__
    return PeerCheck(**{name: getattr(check, name) for name in names if name != "stands_out"}, stands_out=stands_out)


def _against(table: Mapping[Name, Sequence[Lot]], out: set[Name]) -> dict[Name, PeerCheck]:
    totals: dict[Hashable, list[int]] = defaultdict(lambda: [0, 0])
    for name, lots in table.items():
        for lot in lots if name not in out else ():
            totals[lot.label][0] += lot.trials
            totals[lot.label][1] += lot.successes
    chances = {name: _chance(lots, totals, name in out) for name, lots in table.items()}
    widening = math.sqrt(_dispersion([one for name, one in chances.items() if name not in out]))
    return {name: one.check(widening) for name, one in chances.items()}


@dataclass(frozen=True, slots=True)
class _Chance:
    """How many successes were found, of how many, and the probabilities of ``first``, ``first`` + 1 …"""

    trials: int
    successes: int
    first: int
    probabilities: np.ndarray

    @property
    def mean(self) -> float:
        return self.first + float(self.probabilities @ np.arange(len(self.probabilities)))

    @property
    def deviation(self) -> float:
        places = np.arange(len(self.probabilities)) + self.first - self.mean
        return math.sqrt(max(float(self.probabilities @ places**2), 0.0))

    def check(self, widening: float) -> PeerCheck:
        mean, varies = self.mean, len(self.probabilities) > 1
        limits = [self._limit(tail, upper) for tail in (0.025, 0.001) for upper in (False, True)]
        wide = [min(max(mean + (limit - mean) * widening, 0.0), float(self.trials)) / self.trials for limit in limits]
        p = self._p_value(widening) if varies else 1.0
        lower_95, upper_95, lower_998, upper_998 = wide
        expected = mean / self.trials
        return PeerCheck(self.trials, self.successes, expected, lower_95, upper_95, lower_998, upper_998, p, varies)

    def _limit(self, tail: float, upper: bool) -> int:
        """The last count beyond which no more than ``tail`` lies."""
        ordered = self.probabilities[::-1] if upper else self.probabilities
        place = int(np.searchsorted(np.cumsum(ordered), tail, side="right"))
        place = min(place, len(ordered) - 1)
        return self.first + (len(ordered) - 1 - place if upper else place)

    def _p_value(self, widening: float) -> float:
        if widening != 1:
            return two_sided((self.successes - self.mean) / (self.deviation * widening))
        place = self.successes - self.first
        below = float(self.probabilities[: max(place + 1, 0)].sum())
        above = float(self.probabilities[max(place, 0) :].sum())
        return min(1.0, 2 * min(below, above))


def _chance(lots: Sequence[Lot], totals: Mapping[Hashable, Sequence[int]], is_out: bool) -> _Chance:
    first, probabilities = 0, np.ones(1)
    for lot in lots:
        trials, successes = totals.get(lot.label, (0, 0))
        if is_out:
            trials, successes = trials + lot.trials, successes + lot.successes
        start, more = hypergeometric(trials, successes, lot.trials)
        first, probabilities = first + start, np.convolve(probabilities, more)
    return _Chance(
        sum(lot.trials for lot in lots), sum(lot.successes for lot in lots), first, probabilities / probabilities.sum()
    )


def hypergeometric(population: int, successes: int, drawn: int) -> tuple[int, np.ndarray]:
    """(smallest count, probabilities from there on) of the successes among ``drawn``; what rounds to 0 is left out."""
    from scipy import special

    low, high = max(0, drawn + successes - population), min(drawn, successes)
    mean = drawn * successes / population
    spread = mean * (1 - successes / population) * (population - drawn) / max(population - 1, 1)
    reach = REACH * math.sqrt(spread) + REACH
    counts = np.arange(max(low, math.floor(mean - reach)), min(high, math.ceil(mean + reach)) + 1)

    def ways(whole: float, part: np.ndarray) -> np.ndarray:
        return special.gammaln(whole + 1) - special.gammaln(part + 1) - special.gammaln(whole - part + 1)

    logs = ways(successes, counts) + ways(population - successes, drawn - counts)
    weights = np.exp(logs - logs.max())
    return int(counts[0]), weights / weights.sum()


def _dispersion(chances: Sequence[_Chance]) -> float:
    """The winsorised mean square of the standardised points; 1 unless it is clearly more."""
    scores = [(one.successes - one.mean) / d for one in chances if len(one.probabilities) > 1 and (d := one.deviation)]
    if len(scores) < FEWEST_FOR_DISPERSION:
        return 1.0
    found = winsorised_dispersion(scores)
    return found.phi if found.is_over else 1.0


def two_sided(score: float) -> float:
    """The p-value of a standardised difference."""
    from scipy import stats

    return 2 * float(stats.norm.sf(abs(score)))


def all_of_one(together: int, of_one: int, share: float) -> float:
    """The chance that at least ``of_one`` of ``together`` contacts fall to one who takes ``share`` of all."""
    from scipy import stats

    return float(stats.binom.sf(of_one - 1, together, share))


def at_once(everybody: int, of_one: int, in_moment: int, of_one_in_moment: int) -> float:
    """The chance that of ``in_moment`` events so many or more are of one who has ``of_one`` of ``everybody``'s."""
    from scipy import stats

    return float(stats.hypergeom.sf(of_one_in_moment - 1, everybody, of_one, in_moment))
