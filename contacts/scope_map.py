"""The scope map: every entry and exit point at every site where it had contacts, and what is wrong with it."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import NamedTuple

from contacts.certified import NONE, Span, standing

#: What a line of the map may be marked with, the gravest first.
MARKS = ("unknown", "not-said", "listed-late", "outside", "partly-outside", "not-open", "no-contact", "no-answer")


class Place(NamedTuple):
    """What contacts are counted by; ``point_id`` None with an address: one in no list; without: the log says none."""

    point_id: int | None
    address: str
    site_id: int | None
    channel: str
    direction: str


class Count(NamedTuple):
    """Contacts, and those of them that somebody took."""

    contacts: int
    taken: int


@dataclass(frozen=True)
class Point:
    """An entry or exit point of the list."""

    id: int
    name: str
    address: str
    channel: str
    direction: str
    site_id: int | None
    first_day: date | None
    last_day: date | None

    def is_open(self, first_day: date, last_day: date) -> bool:
        """Whether it is open on any of these days, both inclusive."""
        return (self.first_day or date.min) <= last_day and first_day <= (self.last_day or date.max)


@dataclass(frozen=True)
class Line:
    """One line of the map. ``answers`` None: nobody counts them here; ``certified`` "" where the site is not known."""

    place: Place
    point: Point | None
    contacts: int
    taken: int
    answers: int | None
    certified: str
    marks: tuple[str, ...] = field(default=())


def scope_map(
    points: Sequence[Point],
    counted: Mapping[Place, Count],
    answers: Mapping[Place, int] | None,
    spans: Mapping[int, Sequence[Span]],
    principal_id: int,
    days: tuple[date, date],
) -> list[Line]:
    """The lines of one principal for ``days``, both inclusive: listed points first, by name, then what is in no list.

    A listed point has a line for each site that had contacts by it, and where there were none one for its own site.
    """
    by_id = {point.id: point for point in points}
    by_address = {(point.address, point.channel, point.direction): point for point in points}
    named = {place: by_id.get(place.point_id or 0) or by_address.get((place.address, *place[3:])) for place in counted}
    places = [*counted, *_idle(points, {point.id for point in named.values() if point})]
    lines = []
    for place in places:
        number = counted.get(place, Count(0, 0))
        answered = None if answers is None else answers.get(place, 0)
        certified = "" if place.site_id is None else standing(spans.get(place.site_id, ()), principal_id, *days)
        line = Line(place, named.get(place) or by_id.get(place.point_id or 0), *number, answered, certified)
        lines.append(replace(line, marks=tuple(_marks(line, days))))
    return sorted(lines, key=_order)


def _idle(points: Iterable[Point], busy: Collection[int]) -> list[Place]:
    return [
        Place(point.id, point.address, point.site_id, point.channel, point.direction)
        for point in points
        if point.id not in busy
    ]


def _marks(line: Line, days: tuple[date, date]) -> Iterable[str]:
    if line.point is None:
        yield "unknown" if line.place.address else "not-said"
    elif line.place.point_id is None:
        yield "listed-late"
    if line.certified and line.certified != "whole":
        yield "outside" if line.certified == NONE else "partly-outside"
    is_open = line.point is None or line.point.is_open(*days)
    if not is_open:
        yield "not-open"
    elif not line.contacts:
        yield "no-contact"
    if line.contacts and line.answers == 0:
        yield "no-answer"


def _order(line: Line) -> tuple[bool, str, str, str, str, int]:
    name = line.point.name if line.point else line.place.address or "\uffff"
    return line.point is None, name.lower(), *line.place[3:], line.place.address, line.place.site_id or 0


@dataclass(frozen=True)
class SiteLine:
    """A site: whether it is in the certified scope these days, and how many contacts it had."""

    site_id: int
    contacts: int
    certified: str


def site_lines(
    site_ids: Iterable[int],
    counted: Mapping[Place, Count],
    spans: Mapping[int, Sequence[Span]],
    principal_id: int,
    days: tuple[date, date],
) -> list[SiteLine]:
    """Every site, also those without any contact: the norm asks for technical ones too."""
    return [
        SiteLine(
            site_id,
            sum(count.contacts for place, count in counted.items() if place.site_id == site_id),
            standing(spans.get(site_id, ()), principal_id, *days),
        )
        for site_id in site_ids
    ]
