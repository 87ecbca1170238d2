"""Differences among several groups, with p-values adjusted for how many there are.

Declare the family before looking. Holm keeps the risk of any false "they differ" (the default for "which differ"),
Benjamini-Hochberg the share of false ones among those listed (for screening long lists).
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import TypeVar

from estimation.differences import Difference, difference
from estimation.errors import InvalidInput, OverlappingSamples
from estimation.figures import Figure
from estimation.multiple_tests import adjusted_p_values
from estimation.strata import DomainStratum, Stratum

AnyStratum = TypeVar("AnyStratum", Stratum, DomainStratum)
# The figure of some strata at a level of confidence.
Estimator = Callable[[Sequence[AnyStratum], float], Figure]


@dataclass(frozen=True, slots=True)
class Comparison:
    """``first`` less ``second`` (None: all the others together).

    ``simultaneous`` has limits that hold for the whole family at once (Bonferroni); the adjusted p-values are None
    where a side has no interval.
    """

    first: str
    second: str | None
    difference: Difference
    simultaneous: Difference
    holm: float | None
    benjamini_hochberg: float | None


@dataclass(frozen=True, slots=True)
class Family:
    """All comparisons that were made; ``tests`` is how many of them there were to adjust for."""

    comparisons: tuple[Comparison, ...]
    tests: int


def pairwise_differences(
    groups: Mapping[str, Sequence[AnyStratum]], estimator: "Estimator[AnyStratum]", confidence_level: float = 0.95
) -> Family:
    """Each group against each other, in the order given. Raises OverlappingSamples, and what the estimator raises."""
    check_apart(groups)
    pairs = [(one, groups[one], other, groups[other]) for one, other in combinations(groups, 2)]
    return family(pairs, estimator, confidence_level)


def differences_from_rest(
    groups: Mapping[str, Sequence[AnyStratum]], estimator: "Estimator[AnyStratum]", confidence_level: float = 0.95
) -> Family:
    """Each group against all others taken together, itself left out, so that the two sides share nobody."""
    check_apart(groups)
    rests = {name: [one for other in groups if other != name for one in groups[other]] for name in groups}
    pairs = [(name, groups[name], None, rest) for name, rest in rests.items()]
    return family(pairs, estimator, confidence_level)


def family(
    pairs: Iterable[tuple[str, Sequence[AnyStratum], str | None, Sequence[AnyStratum]]],
    estimator: "Estimator[AnyStratum]",
    confidence_level: float = 0.95,
) -> Family:
    """Declared comparisons: (name, its strata, name of the other or None, the other's strata)."""
    listed = list(pairs)
    strict = 1 - (1 - confidence_level) / max(len(listed), 1)
    plain = [difference(estimator(a, confidence_level), estimator(b, confidence_level)) for _, a, _, b in listed]
    wide = [difference(estimator(a, strict), estimator(b, strict)) for _, a, _, b in listed]
    tested = [place for place, one in enumerate(plain) if one.p_value is not None]
    adjusted = adjusted_p_values([p for one in plain if (p := one.p_value) is not None])
    holm = dict(zip(tested, adjusted.holm, strict=True))
    screening = dict(zip(tested, adjusted.benjamini_hochberg, strict=True))
    comparisons = (
        Comparison(first, second, plain[place], wide[place], holm.get(place), screening.get(place))
        for place, (first, _, second, _) in enumerate(listed)
    )
    return Family(tuple(comparisons), len(tested))


def check_apart(groups: Mapping[str, Sequence[AnyStratum]]) -> None:
    """Refuse whole strata that two groups share: their people would be on both sides.

    Domains may share strata, since a respondent belongs to one of them; together they may not outnumber a stratum.
    """
    if len(groups) < 2:
        raise InvalidInput("groups", len(groups))
    members: dict[str, int] = {}
    shared = set()
    for stratum in (one for strata in groups.values() for one in strata):
        count = sum(stratum.counts.values())
        room = stratum.respondents if isinstance(stratum, DomainStratum) else count
        if stratum.label in members and members[stratum.label] + count > room:
            shared.add(stratum.label)
        members[stratum.label] = members.get(stratum.label, 0) + count
    if shared:
        raise OverlappingSamples(*sorted(shared))
