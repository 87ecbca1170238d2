"""The integers every survey figure is made of, and how they add up for a place."""

from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import NamedTuple

from estimation import WeightedAnswer
from satisfaction.declared import Declared

#: A place, or with a set of values several places together.
By = Mapping[str, str | frozenset[str]]
StratumKey = tuple[int, str]  # the draw and the label of its stratum: two draws never share a stratum


class Place(NamedTuple):
    """Where a contact happened: the site's key and the channel."""

    site: str
    channel: str

    def within(self, by: By) -> bool:
        """Whether the place belongs to ``by``, which may name a site or several, a channel or several, or nothing."""
        return all(
            value in wanted if isinstance(wanted, frozenset) else value == wanted
            for value, wanted in ((getattr(self, name), wanted) for name, wanted in by.items())
        )


class FrameCount(NamedTuple):
    """Contacts of one stratum and place of a draw's population, those that could be drawn, and those drawn.

    ``lost``: those that would be asked and could not be reached or may not be.
    """

    stratum: StratumKey
    place: Place
    contacts: int
    eligible: int
    drawn: int
    lost: int = 0


class Cell(NamedTuple):
    """How many of the drawn gave ``value`` to ``question``, in one place of one stratum."""

    stratum: StratumKey
    place: Place
    question: str
    value: int
    answers: int


class Weighed(NamedTuple):
    """One answer that weighs for itself: its base weight, and whose it is."""

    stratum: StratumKey
    place: Place
    question: str
    value: int
    weight: float
    person: Hashable


class Singly:
    """Answers that weigh each for itself, read when they are first gone through.

    ``stamp`` names what they are: the same stamp, the same answers. So figures that were kept cost no reading.
    """

    def __init__(self, stamp: str, read: Callable[[], Iterable[Weighed]]) -> None:
        self.stamp = stamp
        self._read = read

    def __iter__(self) -> Iterator[Weighed]:
        return iter(self._found)

    @cached_property
    def _found(self) -> tuple[Weighed, ...]:
        return tuple(self._read())


def is_estimable(respondents: int, population: int) -> bool:
    """Whether a stratum has enough respondents to give both a mean and its spread."""
    return respondents > 1 or respondents == population == 1


@dataclass(frozen=True)
class StratumTally:
    """One question in one stratum: N_h, all who answered it, and the answers that belong to the place.

    ``single``: all its answers one by one, where they weigh each for itself.
    """

    key: StratumKey
    population: int
    respondents: int
    counts: Mapping[int, int]
    single: tuple[WeightedAnswer, ...] | None = None
    #: Whether it may be joined with its neighbours where few answered.
    may_join: bool = False
    declared: Declared = field(default_factory=Declared)
    #: How many of its contacts were drawn.
    drawn: int = 0

    @property
    def weighed(self) -> Iterator[WeightedAnswer]:
        """All its answers one by one; where none weighs for itself, all weigh the same."""
        if self.single is not None:
            yield from self.single
            return
        label, place = str(self.key), 0
        for value, answers in (*self.counts.items(), (0, self.respondents - self.members)):
            for _ in range(answers):
                yield WeightedAnswer(label, (label, place), 1.0, value, place < self.members)
                place += 1

    @property
    def members(self) -> int:
        return sum(self.counts.values())


@dataclass(frozen=True)
class Tally:
    """One question for one place. ``whole`` says that the place is made of whole strata.

    ``lost``: contacts of the place that would be asked and could not be.
    """

    strata: tuple[StratumTally, ...]
    population: int
    whole: bool
    lost: int = 0

    @property
    def is_weighed(self) -> bool:
        """Whether some of its answers weigh each for itself."""
        return any(stratum.single is not None for stratum in self.strata)

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
    weighed: tuple[Weighed, ...] | Singly = ()
    #: The draws whose answers weigh each for itself; all of these are in ``weighed``.
    weighing: frozenset[int] = frozenset()
    #: Those of them that chance alone may leave with few answers in a stratum: continuous draws.
    joining: frozenset[int] = frozenset()
    #: What each draw declared of weighting.
    declared: Mapping[int, Declared] = field(default_factory=dict)

    def declares(self, draw: int) -> Declared:
        return self.declared.get(draw, Declared())

    def sees(self, place: Place) -> bool:
        return self.seen is None or place.site in self.seen

    def tally(self, question: str, by: By) -> Tally:
        """The answers to ``question`` from the place named by ``by``; {} is everything the reader may see."""
        answered = self._answers.get(question, {})
        touched, whole, lost = self._reached(by)
        return Tally(
            strata=tuple(self._stratum_tally(key, question, answered.get(key, {}), by) for key in sorted(touched)),
            population=sum(touched.values()),
            whole=whole,
            lost=lost,
        )

    def _reached(self, by: By) -> tuple[dict[StratumKey, int], bool, int]:
        """The strata with contacts of a place, and how many; whether these are whole; those lost. Of any question."""
        name = tuple(sorted(by.items(), key=lambda each: each[0]))
        if name not in self._places_reached:
            inside = {key: self._inside(places, by) for key, places in self._eligible.items()}
            touched = {key: count for key, count in inside.items() if count}
            whole = all(count == self._eligible[key].total() for key, count in touched.items())
            lost = sum(row.lost for row in self.frame if row.place.within(by) and self.sees(row.place))
            self._places_reached[name] = (touched, whole, lost)
        return self._places_reached[name]

    @cached_property
    def _places_reached(
        self,
    ) -> dict[tuple[tuple[str, str | frozenset[str]], ...], tuple[dict[StratumKey, int], bool, int]]:
        return {}

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
        return replace(self, frame=frame, cells=tuple(cell for cell in self.cells if cell.stratum not in out))

    def by_draw(self) -> list["Sample"]:
        """The sample of each draw by itself; a single one is the whole."""
        draws = sorted({row.stratum[0] for row in self.frame})
        return [
            replace(
                self,
                frame=tuple(row for row in self.frame if row.stratum[0] == draw),
                cells=tuple(cell for cell in self.cells if cell.stratum[0] == draw),
            )
            for draw in draws
        ]

    @cached_property
    def draws(self) -> dict[int, "Sample"]:
        """The sample of each draw by itself."""
        return {next(iter(draw.frame)).stratum[0]: draw for draw in self.by_draw()}

    @cached_property
    def drawn(self) -> Counter[StratumKey]:
        """How many of each stratum were drawn."""
        found: Counter[StratumKey] = Counter()
        for row in self.frame:
            found[row.stratum] += row.drawn
        return found

    def answered(self, question: str) -> Mapping[StratumKey, Mapping[Place, Counter[int]]]:
        """The answers to ``question`` of each stratum by place and value, whoever may see them."""
        return self._answers.get(question, {})

    @property
    def eligible(self) -> Mapping[StratumKey, Mapping[Place, int]]:
        """The contacts that could be drawn, of each stratum by place."""
        return self._eligible

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

    def _inside(self, places: Mapping[Place, int], by: By) -> int:
        return sum(count for place, count in places.items() if place.within(by) and self.sees(place))

    def _stratum_tally(
        self, key: StratumKey, question: str, answered: Mapping[Place, Counter[int]], by: By
    ) -> StratumTally:
        members: Counter[int] = Counter()
        for place, counts in answered.items():
            if place.within(by) and self.sees(place):
                members.update(counts)
        respondents = sum(counts.total() for counts in answered.values())
        single = self._single(key, question, by) if key[0] in self.weighing else None
        return StratumTally(
            key,
            self._eligible[key].total(),
            respondents,
            dict(members),
            single,
            key[0] in self.joining,
            self.declares(key[0]),
            self.drawn[key],
        )

    def _single(self, key: StratumKey, question: str, by: By) -> tuple[WeightedAnswer, ...]:
        return tuple(
            WeightedAnswer(str(key), one.person, one.weight, one.value, one.place.within(by) and self.sees(one.place))
            for one in self._weighed.get((key, question), ())
        )

    @cached_property
    def _weighed(self) -> dict[tuple[StratumKey, str], list[Weighed]]:
        found: dict[tuple[StratumKey, str], list[Weighed]] = defaultdict(list)
        for one in self.weighed:
            found[one.stratum, one.question].append(one)
        return dict(found)
