"""The verdicts of some days as tables: commitments by site, and sites by channel where channels are judged apart."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from satisfaction.commitments import Card


@dataclass(frozen=True)
class Line:
    """A row: ``site`` is "" where it is a commitment or all sites; ``cells`` stand in the order of the columns."""

    site: str
    cells: Sequence[Card | None]

    @property
    def first(self) -> Card:
        return next(card for card in self.cells if card is not None)


@dataclass(frozen=True)
class Grid:
    """``columns``: sites ("": all together) of several commitments, or the channels of one (``by_channel``)."""

    by_channel: bool
    columns: Sequence[str]
    lines: Sequence[Line]


def grids(cards: Iterable[Card]) -> list[Grid]:
    """One table of the commitments that tell no channels apart, then one of each that does; empty ones are left out."""
    of: dict[int, list[Card]] = {}
    for card in cards:
        of.setdefault(card.agreement_id, []).append(card)
    apart = [mine for mine in of.values() if any("channel" in card.by for card in mine)]
    whole = [mine for mine in of.values() if mine not in apart]
    found = [_by_site(whole)] if whole else []
    return found + [_by_channel(mine) for mine in apart]


def _by_site(commitments: Sequence[Sequence[Card]]) -> Grid:
    sites = sorted({card.by.get("site", "") for mine in commitments for card in mine})
    placed = [{card.by.get("site", ""): card for card in mine} for mine in commitments]
    return Grid(False, sites, [Line("", [known.get(site) for site in sites]) for known in placed])


def _by_channel(cards: Sequence[Card]) -> Grid:
    known = {(card.by.get("site", ""), card.by.get("channel", "")): card for card in cards}
    sites, channels = (sorted({key[place] for key in known}) for place in (0, 1))
    return Grid(True, channels, [Line(site, [known.get((site, name)) for name in channels]) for site in sites])
