"""AAPOR's outcome rates of a ladder, each with what it divides by what, under the convention of the house.

The convention: *delivered, nothing came back* is 3.19, unknown eligibility (see dispositions.py). Whoever would rather
say that the frame is the contact log, so that everybody in it is known to be eligible, counts them as not contacted
(2.20, NC). Both are told: RR1, RR2, REF1 and CON1 are the same either way.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from estimation import Outcomes, estimated_eligibility, rate_parts
from surveys.dispositions import OUTCOMES, outcomes
from surveys.ladder import Ladder, Rungs

_ALL, _LIKELY, _KNOWN = "I + P + R + NC + O + UH + UO", "I + P + R + NC + O + e(UH + UO)", "I + P + R + NC + O"
_ABLE, _WILLING = "I + P + R + O", "I + P + R"
#: The formula of each rate, as AAPOR prints it.
FORMULAS = {
    "rr1": ("I", _ALL), "rr2": ("I + P", _ALL), "rr3": ("I", _LIKELY), "rr4": ("I + P", _LIKELY),
    "rr5": ("I", _KNOWN), "rr6": ("I + P", _KNOWN),
    "coop1": ("I", _ABLE), "coop2": ("I + P", _ABLE), "coop3": ("I", _WILLING), "coop4": ("I + P", _WILLING),
    "ref1": ("R", _ALL), "ref2": ("R", _LIKELY), "ref3": ("R", _KNOWN),
    "con1": (_ABLE, _ALL), "con2": (_ABLE, _LIKELY), "con3": (_ABLE, _KNOWN),
}  # fmt: skip
#: Rates in which those of unknown eligibility count as e of themselves.
WITH_E = frozenset({"rr3", "rr4", "ref2", "con2"})
#: Nothing came back from these: unknown by the convention of the house, not contacted by the other one.
SILENT = ("sent", "delivered", "erased")


class RateLine(NamedTuple):
    """One rate: ``part`` of ``whole``; ``whole`` is None where e is needed and nobody's eligibility is known."""

    name: str
    part: int
    whole: float | None

    @property
    def value(self) -> float | None:
        return self.part / self.whole if self.whole else None


@dataclass(frozen=True)
class OutcomeTable:
    """The rates of some invitations. ``eligible`` and ``ineligible`` are those of known eligibility, which give e."""

    counts: Mapping[str, int]
    eligible: int
    ineligible: int
    lines: tuple[RateLine, ...]

    @property
    def invitations(self) -> int:
        return sum(self.counts.values())

    @property
    def eligibility(self) -> float | None:
        """e; None where nobody's eligibility is known."""
        known = self.eligible + self.ineligible
        return self.eligible / known if known else None

    def line(self, name: str) -> RateLine:
        return next(line for line in self.lines if line.name == name)


def outcome_table(rungs: Rungs) -> OutcomeTable | None:
    """The rates by the convention of the house; None where what people did is not told."""
    return None if rungs.is_hushed else _table(rungs.outcomes)


def contacted_otherwise(rungs: Rungs) -> OutcomeTable | None:
    """The same, those of whom nothing came back being counted as not contacted instead of unknown."""
    if rungs.is_hushed:
        return None
    silent = sum(rungs.dispositions[name] for name in SILENT)
    counts = outcomes(Counter({name: n for name, n in rungs.dispositions.items() if name not in SILENT}))
    return _table(counts | {"NC": counts["NC"] + silent})


def _table(counts: Mapping[str, int]) -> OutcomeTable:
    found = Outcomes(*(counts[letter] for letter in OUTCOMES if letter != "NE"))
    e = estimated_eligibility(found, counts["NE"])
    parts = rate_parts(found, 1.0 if e is None else e)
    open_ = e is None and found.unknown > 0
    lines = (RateLine(name, one.part, None if open_ and name in WITH_E else one.whole) for name, one in parts.items())
    return OutcomeTable(counts, found.eligible, counts["NE"], tuple(lines))


HEADER = (
    "stratum", "convention", *OUTCOMES, "e", "e_eligible", "e_ineligible", "rate", "numerator", "denominator", "value",
)  # fmt: skip
#: What a file calls the two readings of "delivered, nothing came back".
CONVENTIONS = {"3.19-unknown": outcome_table, "2.20-not-contacted": contacted_otherwise}


def rate_rows(ladder: Ladder) -> Iterator[tuple[object, ...]]:
    """A row for each rate of the whole (stratum empty) and of each stratum, by both readings; hushed ones have none."""
    for name, rungs in (("", ladder.overall), *ladder.strata.items()):
        for convention, read in CONVENTIONS.items():
            table = read(rungs)
            for line in table.lines if table else ():
                said = (table.eligibility, table.eligible, table.ineligible) if table else ()
                counts = tuple(table.counts[letter] for letter in OUTCOMES) if table else ()
                yield (name, convention, *counts, *said, line.name.upper(), line.part, line.whole, line.value)
