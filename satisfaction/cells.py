"""The integers every survey figure is made of, and how they add up for a place."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

StratumKey = tuple[int, str]  # the draw and the label of its stratum: two draws never share a stratum


@dataclass(frozen=True, order=True)
class Place:
    """Where a contact happened: the site's key and the channel."""

    site: str
    channel: str

    def within(self, by: Mapping[str, str]) -> bool:
        """Whether the place belongs to ``by``, which may name a site, a channel, both or nothing."""
        return all(getattr(self, name) == wanted for name, wanted in by.items())


@dataclass(frozen=True)
class Stratum:
    """One stratum of one draw: how many could be asked (N_h, by place), were drawn, and answered something."""

    key: StratumKey
    drawn: int
    answered: int
    places: Mapping[Place, int]

    @property
    def population(self) -> int:
        return sum(self.places.values())

    def population_within(self, by: Mapping[str, str]) -> int:
        return sum(count for place, count in self.places.items() if place.within(by))


@dataclass(frozen=True)
class Cell:
    """How many of the drawn gave ``value`` to ``question``, in one place of one stratum."""

    stratum: StratumKey
    place: Place
    question: str
    value: int
    count: int


@dataclass(frozen=True)
class StratumTally:
    """One question in one stratum: N_h, all who answered it, and the answers that belong to the place."""

    key: StratumKey
    population: int
    respondents: int
    counts: Mapping[int, int]

    @property
    def members(self) -> int:
        return sum(self.counts.values())


@dataclass(frozen=True)
class Tally:
    """One question for one place. ``whole`` says that the place is made of whole strata."""

    strata: tuple[StratumTally, ...]
    population: int
    whole: bool

    @property
    def n(self) -> int:
        return sum(stratum.members for stratum in self.strata)

    @property
    def distribution(self) -> Counter[int]:
        total: Counter[int] = Counter()
        for stratum in self.strata:
            total.update(stratum.counts)
        return total


@dataclass(frozen=True)
class Sample:
    """The strata and cells of the draws that a report covers."""

    strata: tuple[Stratum, ...]
    cells: tuple[Cell, ...]

    @cached_property
    def _index(self) -> dict[str, dict[StratumKey, dict[Place, Counter[int]]]]:
        index: dict = defaultdict(lambda: defaultdict(lambda: defaultdict(Counter)))
        for cell in self.cells:
            index[cell.question][cell.stratum][cell.place][cell.value] += cell.count
        return index

    def tally(self, question: str, by: Mapping[str, str]) -> Tally:
        """The answers to ``question`` from the place named by ``by``; {} is everything."""
        answered = self._index.get(question, {})
        touched = [stratum for stratum in self.strata if stratum.population_within(by)]
        return Tally(
            strata=tuple(_stratum_tally(stratum, answered.get(stratum.key, {}), by) for stratum in touched),
            population=sum(stratum.population_within(by) for stratum in touched),
            whole=all(stratum.population_within(by) == stratum.population for stratum in touched),
        )

    def answers_by_place(self, question: str) -> dict[Place, int]:
        """How many answered ``question`` in each place of the frame, 0 included."""
        totals = dict.fromkeys(self.places, 0)
        for places in self._index.get(question, {}).values():
            for place, counts in places.items():
                totals[place] += counts.total()
        return totals

    @cached_property
    def places(self) -> tuple[Place, ...]:
        return tuple(sorted({place for stratum in self.strata for place in stratum.places}))


def _stratum_tally(stratum: Stratum, answered: Mapping[Place, Counter[int]], by: Mapping[str, str]) -> StratumTally:
    members: Counter[int] = Counter()
    for place, counts in answered.items():
        if place.within(by):
            members.update(counts)
    respondents = sum(counts.total() for counts in answered.values())
    return StratumTally(stratum.key, stratum.population, respondents, members)
