"""Answers in classes and with weights as the programme declared them before anybody answered.

Strata in which fewer than ten answered a question are merged along the declared order, within one draw; then the
weights are made to meet the declared totals of the frame. Only numbers of respondents decide, never what they said.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import cast

from estimation import Cell, ClassCounts, CollapseOrder, Merging, OrderExhausted, StratumAnswers, merged_along
from estimation import merged_cells as put_together
from estimation.merging import LEAST
from satisfaction.cells import By, Place, Sample, StratumKey, is_estimable
from satisfaction.declared import Declared, Fields, Joined, joined_in
from surveys.frames import SEPARATOR

INSIDE, OUTSIDE = "inside", "outside"
STRATUM, MEMBER = "(stratum)", "(member)"
#: The level of a margin that another draw declares and this one does not, or cannot meet.
UNTOUCHED = "(all)"


@dataclass(frozen=True)
class Adjusted:
    """The answers to one question as cells with their weights before raking, and the totals to be met.

    ``design_weights``: 1 / pi of each cell. ``short``: strata that nothing can be said of, because too few answered in
    them and in all that may join them; no cell is theirs. ``left_out``: totals that cannot be met, because nobody of
    one of their groups answered.
    """

    cells: tuple[Cell, ...]
    design_weights: tuple[float, ...]
    margins: Mapping[str, Mapping[str, float]]
    joined: tuple[Joined, ...]
    left_out: tuple[str, ...]
    short: frozenset[StratumKey]


def needs_adjusting(sample: Sample, question: str) -> bool:
    """Whether some draw is raked, or holds a stratum short of respondents that may be merged."""
    for draw, part in sample.draws.items():
        said = sample.declares(draw).weighting
        if said.rake or (said.merge and any(n < LEAST for n in part.respondents(question).values())):
            return True
    return False


def adjusted(sample: Sample, question: str, by: By) -> Adjusted:
    """The cells of all draws; ``by`` says which of them are members of the place."""
    draws, short = [], set()
    for number, part in sorted(sample.draws.items()):
        said = sample.declares(number)
        lacking = _Draw(number, part, question, said).short
        short |= lacking
        if rest := part.without(lacking).draws if lacking else sample.draws:
            draws.append(_Draw(number, rest[number], question, said))
    names = sorted({name for draw in draws for name in draw.margins})
    cells: list[Cell] = []
    weights: list[float] = []
    totals: dict[str, Counter[str]] = defaultdict(Counter)
    for draw in draws:
        for cell in draw.cells(by):
            groups = {**cell.groups, **{name: draw.level(name, cell.groups) for name in names}}
            cells.append(replace(cell, groups=groups))
            weights.append(draw.design_weights[cell.groups[STRATUM]])
        for name in names:
            totals[name].update(draw.totals(name))
    joined = tuple(one for draw in draws for one in joined_in(draw.id, draw.merging))
    left_out = sorted({name for draw in draws for name in draw.unmet})
    return Adjusted(tuple(cells), tuple(weights), totals, joined, tuple(left_out), frozenset(short))


@dataclass
class _Draw:
    """One draw of a sample, and one question."""

    id: int
    sample: Sample
    question: str
    declared: Declared

    @cached_property
    def fields(self) -> dict[str, Fields]:
        return self.declared.values(label for _, label in self.sample.stratum_sizes)

    @cached_property
    def order(self) -> CollapseOrder:
        return self.declared.order(self.fields)

    @cached_property
    def classes(self) -> dict[Fields, ClassCounts]:
        respondents, drawn = self.sample.respondents(self.question), self.sample.drawn
        return {
            self.fields[key[1]]: ClassCounts(size, max(drawn[key], respondents[key]), respondents[key])
            for key, size in self.sample.stratum_sizes.items()
        }

    @cached_property
    def merging(self) -> Merging:
        """Without a declared order each stratum stays by itself. Raises OrderExhausted."""
        return merged_along(self.order, self.classes, LEAST if self.order.merged else 0)

    @property
    def short(self) -> set[StratumKey]:
        """The strata that nothing can be said of."""
        keys = {self.fields[label]: (number, label) for number, label in self.sample.stratum_sizes}
        try:
            merging = self.merging
        except OrderExhausted as refused:
            return {keys[fields] for group in refused.facts for fields in cast(tuple[Fields, ...], group)}
        alone = {name for name, one in merging.classes.items() if not is_estimable(one.respondents, one.population)}
        return {keys[fields] for fields, name in merging.mapping.items() if name in alone}

    @cached_property
    def design_weights(self) -> dict[str, float]:
        return {
            label: self.classes[fields].population / max(self.classes[fields].drawn, 1)
            for label, fields in self.fields.items()
        }

    def cells(self, by: By) -> Iterator[Cell]:
        """The answers of this draw; ``by`` says which of them are members of the place."""
        rows = [
            StratumAnswers(self.fields[label], self._groups(label, place, by), value, count)
            for label, place, value, count in self._answers()
        ]
        for cell in put_together(self.order, self.classes, self.merging, rows):
            yield replace(cell, stratum=f"{self.id}:{cell.stratum}")

    def _answers(self) -> Iterator[tuple[str, Place, int, int]]:
        for (_, label), places in self.sample.answered(self.question).items():
            for place, counts in places.items():
                yield from ((label, place, value, count) for value, count in counts.items() if count)

    def _groups(self, label: str, place: Place, by: By) -> dict[str, str]:
        member = INSIDE if place.within(by) and self.sample.sees(place) else OUTSIDE
        return {STRATUM: label, MEMBER: member, "site": place.site, "channel": place.channel}

    @property
    def margins(self) -> list[str]:
        return [SEPARATOR.join(one) for one in self.declared.weighting.rake]

    @cached_property
    def unmet(self) -> frozenset[str]:
        """The margins of which some level with contacts has no respondent: no weight makes them speak."""
        here = [(self.fields[label], place) for label, place, _, _ in self._answers()]
        return frozenset(
            name for name in self.margins
            if self._frame(name).keys() - {self._value(name, fields, place) for fields, place in here}
        )  # fmt: skip

    def _frame(self, name: str) -> Counter[str]:
        found: Counter[str] = Counter()
        for (_, label), places in self.sample.eligible.items():
            for place, size in places.items():
                found[self._value(name, self.fields[label], place)] += size
        return found

    def _value(self, name: str, fields: Fields, place: Place) -> str:
        known = {"site": place.site, "channel": place.channel, **dict(zip(self.order.fields, fields, strict=True))}
        return SEPARATOR.join(known.get(one, "") for one in name.split(SEPARATOR))

    def level(self, name: str, groups: Mapping[str, str]) -> str:
        """The level of a margin that a cell is in; levels of two draws are never one."""
        if name not in self.margins or name in self.unmet:
            return f"{self.id}:{UNTOUCHED}"
        place = Place(groups["site"], groups["channel"])
        return f"{self.id}:{self._value(name, self.fields[groups[STRATUM]], place)}"

    def totals(self, name: str) -> dict[str, int]:
        """The contacts of each level of a margin."""
        if name not in self.margins or name in self.unmet:
            return {f"{self.id}:{UNTOUCHED}": sum(self.sample.stratum_sizes.values())}
        return {f"{self.id}:{level}": size for level, size in self._frame(name).items()}
