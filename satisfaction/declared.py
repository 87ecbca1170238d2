"""What a programme declared about weighting before anybody answered, and strata that joined by it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from estimation import ClassCounts, CollapseOrder, Merging, merged_along
from surveys.frames import SEPARATOR
from surveys.weighting import Weighting

Fields = tuple[str, ...]


@dataclass(frozen=True)
class Joined:
    """Strata that count as one: of which draw, their labels, the field given up last, who is in them."""

    draw_id: int
    strata: tuple[str, ...]
    across: str
    population: int
    respondents: int

    def as_json(self) -> dict[str, object]:
        return {
            "draw": self.draw_id, "strata": list(self.strata), "across": self.across,
            "population": self.population, "respondents": self.respondents,
        }  # fmt: skip


@dataclass(frozen=True)
class Declared:
    """What the version of a draw declares: the fields of its strata, and its weighting."""

    fields: Fields = ()
    weighting: Weighting = field(default_factory=Weighting)

    def values(self, labels: Iterable[str]) -> dict[str, Fields]:
        """The values of each stratum by its label; the label alone where some were told together (anonymous)."""
        split = {label: tuple(label.split(SEPARATOR)) for label in labels}
        told = all(len(values) == len(self.fields) for values in split.values())
        return split if told else {label: (label,) for label in split}

    def order(self, values: Mapping[str, Fields]) -> CollapseOrder:
        """The order in which fields are given up, of strata with these values."""
        known = self.fields if all(len(one) == len(self.fields) for one in values.values()) else ("",)
        return CollapseOrder(known, tuple(name for name in self.weighting.merge if name in known))


def joined_in(draw_id: int, merging: Merging) -> list[Joined]:
    """The merges of a draw."""
    return [
        Joined(
            draw_id,
            tuple(SEPARATOR.join(fields) for fields in one.joined),
            one.across,
            one.counts.population,
            one.counts.respondents,
        )
        for one in merging.merges
    ]


def merging_of(declared: Declared, counts: Mapping[str, tuple[int, int]], least: int) -> tuple[dict[str, str], Merging]:
    """The class of each stratum, of (population, respondents) by label, and the merges. Raises OrderExhausted."""
    values = declared.values(counts)
    classes = {values[label]: ClassCounts(size, size, answered) for label, (size, answered) in counts.items()}
    merging = merged_along(declared.order(values), classes, least)
    return {label: SEPARATOR.join(merging.mapping[fields]) for label, fields in values.items()}, merging
