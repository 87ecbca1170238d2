"""How fine the places of anonymous answers are: as fine as the stratum they were let go with, and no finer."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from satisfaction.cells import FrameCount, Place
from surveys.anonymity import TOGETHER, shared


@dataclass(frozen=True)
class Blur:
    """The names and places under which the strata of one anonymous draw are told.

    ``places``: name → place; a site or channel that the strata do not tell is empty. ``waiting``: answers not let go.
    """

    names: Mapping[str, str]
    places: Mapping[str, Place]
    waiting: int

    def place(self, name: str) -> Place:
        """The place that goes with a name."""
        return self.places.get(name, Place("", ""))

    @property
    def puts_together(self) -> bool:
        return TOGETHER in self.places


def blur(strata: Mapping[str, Place], together: Collection[str], waiting: int) -> Blur:
    """The blur of a draw, from the place of each of its strata and those that are told together."""
    places = {stratum: place for stratum, place in strata.items() if stratum not in together}
    merged = [strata[stratum] for stratum in sorted(together)]
    if merged:
        places[TOGETHER] = Place(shared(place.site for place in merged), shared(place.channel for place in merged))
    return Blur({stratum: TOGETHER if stratum in together else stratum for stratum in strata}, places, waiting)


def blurred(frame: Iterable[FrameCount], blurs: Mapping[int, Blur]) -> tuple[FrameCount, ...]:
    """The frame with the strata and places of anonymous draws as their answers have them; the sums stay."""
    kept, sums = [], Counter[tuple[tuple[int, str], Place, str]]()
    for row in frame:
        how = blurs.get(row.stratum[0])
        if how is None:
            kept.append(row)
            continue
        name = how.names.get(row.stratum[1], row.stratum[1])
        for what in ("contacts", "eligible", "drawn"):
            sums[(row.stratum[0], name), how.place(name), what] += getattr(row, what)
    found = dict.fromkeys((stratum, place) for stratum, place, _what in sums)
    return (
        *kept,
        *(
            FrameCount(stratum, place, *(sums[stratum, place, what] for what in ("contacts", "eligible", "drawn")))
            for stratum, place in found
        ),
    )
