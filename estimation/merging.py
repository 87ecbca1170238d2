"""Strata with too few respondents, merged along an order declared before anybody answered.

A stratum is a tuple of named fields, e.g. (principal, site, channel). The order names the fields that may be given up,
first to last: ("channel", "site") merges channels within a site, and sites only where a whole site is still short.
Fields the order does not name are never merged across. Only numbers of respondents decide, never what they said.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from estimation.errors import InvalidInput, OrderExhausted

Fields = tuple[str, ...]
LEAST = 10  # respondents of a class; source: Brick & Kalton (1996), Stat. Methods Med. Res. 5:215


@dataclass(frozen=True, slots=True)
class ClassCounts:
    """Contacts of a stratum in the frame, those drawn and those who answered."""

    population: int
    drawn: int
    respondents: int

    def __post_init__(self) -> None:
        if not 0 <= self.respondents <= self.drawn <= self.population:
            raise InvalidInput("class_counts", self.population, self.drawn, self.respondents)

    def __add__(self, other: "ClassCounts") -> "ClassCounts":
        return ClassCounts(
            self.population + other.population, self.drawn + other.drawn, self.respondents + other.respondents
        )


@dataclass(frozen=True, slots=True)
class CollapseOrder:
    """The names of a stratum's fields, and those that may be merged across, in that order."""

    fields: Fields
    merged: Fields

    def __post_init__(self) -> None:
        if len({*self.fields}) < len(self.fields) or len({*self.merged}) < len(self.merged):
            raise InvalidInput("order", "repeated")
        if unknown := [name for name in self.merged if name not in self.fields]:
            raise InvalidInput("order", *unknown)

    def kept(self, step: int) -> list[int]:
        """The places of the fields still kept apart at ``step``."""
        given_up = self.merged[: step + 1]
        return [place for place, name in enumerate(self.fields) if name not in given_up]


@dataclass(frozen=True, slots=True)
class Merge:
    """Strata that count as one: which, across what field at last, and what they hold together."""

    name: Fields
    joined: tuple[Fields, ...]
    across: str
    counts: ClassCounts


@dataclass(frozen=True, slots=True)
class Merging:
    """The class of each stratum with contacts (named after its first), what it holds, and the list of merges."""

    mapping: dict[Fields, Fields]
    classes: dict[Fields, ClassCounts]
    merges: tuple[Merge, ...]


@dataclass(slots=True)
class _Class:
    members: list[Fields]
    counts: ClassCounts
    across: str = ""


def merged_along(order: CollapseOrder, classes: Mapping[Fields, ClassCounts], least: int = LEAST) -> Merging:
    """The strata merged until each class has ``least`` respondents.

    At each step the shortest class joins the shortest other one that agrees in all fields still kept. Strata without
    contacts are left out. Raises OrderExhausted (facts: the strata of each short class) when no field is left to give
    up, InvalidInput for a stratum whose fields are not those of the order.
    """
    if any(len(fields) != len(order.fields) for fields in classes):
        raise InvalidInput("fields", *order.fields)
    pool = [_Class([fields], counts) for fields, counts in sorted(classes.items()) if counts.population]
    for step, name in enumerate(order.merged):
        groups: defaultdict[Fields, list[_Class]] = defaultdict(list)
        for one in pool:
            groups[tuple(one.members[0][place] for place in order.kept(step))].append(one)
        pool = [one for group in groups.values() for one in _joined(group, name, least)]
    if short := [tuple(one.members) for one in pool if one.counts.respondents < least]:
        raise OrderExhausted(*short)
    return _merging(pool)


def _joined(group: list[_Class], name: str, least: int) -> list[_Class]:
    """The classes of a group, the shortest two put together as long as one is short and has company."""
    ordered = list(group)
    while len(ordered) > 1:
        ordered.sort(key=lambda one: (one.counts.respondents, one.members))
        first, second = ordered[:2]
        if first.counts.respondents >= least:
            break
        ordered[:2] = [_Class(sorted(first.members + second.members), first.counts + second.counts, name)]
    return ordered


def _merging(pool: Sequence[_Class]) -> Merging:
    pool = sorted(pool, key=lambda one: one.members)
    return Merging(
        {fields: one.members[0] for one in pool for fields in one.members},
        {one.members[0]: one.counts for one in pool},
        tuple(
            Merge(one.members[0], tuple(one.members), one.across, one.counts) for one in pool if len(one.members) > 1
        ),
    )


def merged_weights(classes: Mapping[Fields, ClassCounts], merging: Merging) -> dict[Fields, float]:
    """The weight of a respondent, by stratum: N_h / drawn_h, scaled so that respondents stand for their class.

    Strata without respondents have none. In a class drawn at one rate it is N / n of the class. Source: Brick & Kalton
    (1996), weighting classes set against the frame.
    """
    answered = [(fields, classes[fields]) for fields in merging.mapping if classes[fields].respondents]
    base = {fields: one.population / one.drawn for fields, one in answered}
    stood_for: defaultdict[Fields, float] = defaultdict(float)
    for fields, weight in base.items():
        stood_for[merging.mapping[fields]] += weight * classes[fields].respondents
    return {
        fields: weight * merging.classes[merging.mapping[fields]].population / stood_for[merging.mapping[fields]]
        for fields, weight in base.items()
    }
