"""The integers every survey figure is made of, and how they add up for a place."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

StratumKey = tuple[int, str]  # the draw and the label of its stratum: two draws never share a stratum


class Place(NamedTuple):
    """Where a contact happened: the site's key and the channel."""

    site: str
    channel: str

    def within(self, by: Mapping[str, str]) -> bool:
        """Whether the place belongs to ``by``, which may name a site, a channel, both or nothing."""
        return all(getattr(self, name) == wanted for name, wanted in by.items())


class FrameCount(NamedTuple):
    """Contacts of one stratum and place of a draw's population, those that could be drawn, and those drawn."""

    stratum: StratumKey
    place: Place
    contacts: int
    eligible: int
    drawn: int


class Cell(NamedTuple):
    """How many of the drawn gave ``value`` to ``question``, in one place of one stratum."""

    stratum: StratumKey
    place: Place
    question: str
    value: int
    answers: int


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


@dataclass(frozen=True)
class Sample:
    """The frame and the answers of the draws that a report covers.

    ``seen`` are the sites the reader may see, None for all. What the others answered still counts in the size of a
    stratum that reaches over both, and in nothing else.
    """

    frame: tuple[FrameCount, ...]
    cells: tuple[Cell, ...]
    seen: frozenset[str] | None = None

    def sees(self, place: Place) -> bool:
        return self.seen is None or place.site in self.seen

    def tally(self, question: str, by: Mapping[str, str]) -> Tally:
        """The answers to ``question`` from the place named by ``by``; {} is everything the reader may see."""
        answered = self._answers.get(question, {})
        inside = {key: self._inside(places, by) for key, places in self._eligible.items()}
        touched = {key: count for key, count in inside.items() if count}
        return Tally(
            strata=tuple(self._stratum_tally(key, answered.get(key, {}), by) for key in sorted(touched)),
            population=sum(touched.values()),
            whole=all(count == self._eligible[key].total() for key, count in touched.items()),
        )

    def answers_by_place(self, question: str) -> dict[Place, int]:
        """How many answered ``question`` in each place of the frame, 0 included, whoever may see it."""
        totals = dict.fromkeys((place for places in self._eligible.values() for place in places), 0)
        for places in self._answers.get(question, {}).values():
            for place, counts in places.items():
                totals[place] += counts.total()
        return totals

    def respondents(self, question: str) -> dict[StratumKey, int]:
        """How many answered ``question`` in each stratum."""
        answered = self._answers.get(question, {})
        return {key: sum(counts.total() for counts in answered.get(key, {}).values()) for key in self._eligible}

    def answers(self, question: str) -> int:
        """How many answered ``question``, whoever may see it."""
        return sum(self.respondents(question).values())

    def without(self, strata: Iterable[StratumKey]) -> "Sample":
        """The same sample with some strata left out."""
        out = set(strata)
        frame = tuple(row for row in self.frame if row.stratum not in out)
        return Sample(frame, tuple(cell for cell in self.cells if cell.stratum not in out), self.seen)

    def by_draw(self) -> list["Sample"]:
        """The sample of each draw by itself; a single one is the whole."""
        draws = sorted({row.stratum[0] for row in self.frame})
        return [
            Sample(
                tuple(row for row in self.frame if row.stratum[0] == draw),
                tuple(cell for cell in self.cells if cell.stratum[0] == draw),
                self.seen,
            )
            for draw in draws
        ]

    @cached_property
    def places(self) -> tuple[Place, ...]:
        """The places of the frame that the reader may see."""
        return tuple(sorted({row.place for row in self.frame if row.eligible and self.sees(row.place)}))

    @property
    def stratum_sizes(self) -> dict[StratumKey, int]:
        """N_h of each stratum."""
        return {key: places.total() for key, places in self._eligible.items()}

    @cached_property
    def _eligible(self) -> dict[StratumKey, Counter[Place]]:
        sizes: dict[StratumKey, Counter[Place]] = defaultdict(Counter)
        for row in self.frame:
            if row.eligible:
                sizes[row.stratum][row.place] += row.eligible
        return dict(sizes)

    @cached_property
    def _answers(self) -> dict[str, dict[StratumKey, dict[Place, Counter[int]]]]:
        index: dict = defaultdict(lambda: defaultdict(lambda: defaultdict(Counter)))
        for cell in self.cells:
            index[cell.question][cell.stratum][cell.place][cell.value] += cell.answers
        return {question: dict(strata) for question, strata in index.items()}

    def _inside(self, places: Mapping[Place, int], by: Mapping[str, str]) -> int:
        return sum(count for place, count in places.items() if place.within(by) and self.sees(place))

    def _stratum_tally(
        self, key: StratumKey, answered: Mapping[Place, Counter[int]], by: Mapping[str, str]
    ) -> StratumTally:
        members: Counter[int] = Counter()
        for place, counts in answered.items():
            if place.within(by) and self.sees(place):
                members.update(counts)
        respondents = sum(counts.total() for counts in answered.values())
        return StratumTally(key, self._eligible[key].total(), respondents, dict(members))
