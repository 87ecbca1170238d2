"""Solved at the first contact, as the log says: nobody came back about the same thing within seven days.

Contacts that customers made themselves and whose customer is known. What customers say instead (``solved``) stands
beside it, with the gap between the two.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import NamedTuple

from estimation import Figure, difference, wilson
from estimation.proportions import Interval
from satisfaction import findings as rules
from satisfaction.cells import Place
from satisfaction.findings import Finding, Period
from satisfaction.indicators import NOT_REPEATED, POINTS, SHARE, SOLVED_GAP

WINDOW = timedelta(days=7)


class Made(NamedTuple):
    """A contact a known customer made: who, about what, when, and where it counts; ``counts``: it is of the period."""

    customer: int
    reason: str
    at: datetime
    place: tuple[int, str]
    counts: bool


@dataclass(frozen=True)
class Repeats:
    """Contacts made in a place, those whose customer is known, and how many of these were followed by another."""

    contacts: int
    known: int
    followed: int

    def __add__(self, other: "Repeats") -> "Repeats":
        return Repeats(self.contacts + other.contacts, self.known + other.known, self.followed + other.followed)


def followed(made: Iterable[Made]) -> Iterator[tuple[tuple[int, str], bool]]:
    """The place of each contact that counts, and whether its customer came back about the same reason.

    ``made`` is in the order of customer, reason and time. Two contacts of one moment follow each other.
    """
    before: Made | None = None
    for one in made:
        if before and before.counts:
            same = (before.customer, before.reason) == (one.customer, one.reason)
            yield before.place, same and one.at - before.at <= WINDOW
        before = one
    if before and before.counts:
        yield before.place, False


def repeat_figures(
    counts: Mapping[Place, Repeats], places: Sequence[Mapping[str, str]], asked: Period, refusal: str | None,
    caveats: tuple[str, ...] = (), level: float = 0.95,
) -> list[Finding]:  # fmt: skip
    """The share of contacts that nobody had to repeat, of each of ``places``; the interval speaks of the process."""
    found = []
    for by in places:
        blank = Finding(NOT_REPEATED, SHARE, asked, by, level=level, method="wilson")
        found.append(replace(blank, flags=(refusal,)) if refusal else _not_repeated(blank, counts, caveats))
    return found


def places_in(counts: Mapping[Place, Repeats], names: Sequence[str]) -> list[dict[str, str]]:
    """The combinations of ``names`` (of site, channel) that were counted, in order; none without names."""
    found = {tuple(getattr(place, name) for name in names) for place in counts} if names else set()
    return [dict(zip(names, values, strict=True)) for values in sorted(found)]


def _not_repeated(blank: Finding, counts: Mapping[Place, Repeats], caveats: tuple[str, ...]) -> Finding:
    count = sum((each for place, each in counts.items() if place.within(blank.by)), Repeats(0, 0, 0))
    if not count.known:
        return replace(blank, n=0, population=count.contacts, flags=(rules.NO_KNOWN_CUSTOMER,))
    solved = count.known - count.followed
    lower, upper = wilson(solved, count.known, blank.level)
    shown = replace(
        blank, value=solved / count.known, lower=lower, upper=upper, n=count.known, n_effective=float(count.known),
        events=solved, exposure=count.known, population=count.contacts,
    )  # fmt: skip
    return replace(shown, flags=(*caveats, *(rules.UNRELIABLE,) * rules.is_unreliable(shown)))


def gap_figures(declared: Sequence[Finding], logged: Sequence[Finding]) -> list[Finding]:
    """What the log says less what customers say, wherever both say something, by square-and-add (Newcombe)."""
    by_place = {tuple(sorted(each.by.items())): each for each in logged}
    pairs = [(each, by_place.get(tuple(sorted(each.by.items())))) for each in declared]
    return [_gap(said, log) for said, log in pairs if log is not None and log.value is not None and _has_limits(said)]


def _has_limits(finding: Finding) -> bool:
    return None not in (finding.value, finding.lower, finding.upper)


def _gap(said: Finding, log: Finding) -> Finding:
    found = difference(_figure(log), _figure(said))
    assert found.limits is not None
    return Finding(
        SOLVED_GAP, POINTS, said.period, said.by, found.estimate, found.limits.lower, found.limits.upper,
        level=said.level, n=said.n, population=log.population, method="square_and_add", weighting=said.weighting,
        question=said.question, flags=said.flags, detail={"logged": log.value, "declared": said.value},
    )  # fmt: skip


def _figure(finding: Finding) -> Figure:
    assert finding.value is not None and finding.lower is not None and finding.upper is not None
    limits = Interval(finding.lower, finding.upper)
    return Figure(finding.value, limits, finding.level, finding.n or 0, scale=Interval(0.0, 1.0))
