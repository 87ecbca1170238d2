"""How far a programme got: from the contacts of the log to the answers."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from estimation import Outcomes, outcome_rates
from satisfaction.cells import FrameCount
from satisfaction.findings import Period
from surveys.anonymity import FEWEST
from surveys.dispositions import outcomes


@dataclass(frozen=True)
class Coverage:
    """Contacts in the population, those that could be drawn, those drawn, and interviews that count.

    ``response_rate``: answered of drawn. ``rr1``: response rate 1 of AAPOR, completed interviews of all invitations
    but those found ineligible. Both None when nobody was drawn. While invitations are ``still_open``, figures move.
    What people did is None where so few did it anonymously that it is not told.
    """

    periods: tuple[Period, ...]
    contacts: int
    eligible: int
    drawn: int
    completed: int | None
    partial: int
    still_open: int | None
    rr1: float | None
    #: Contacts left out because of a complaint or a recent answer; None where only some sites are seen.
    score_unknown: int | None = None
    #: Answers that counted once and were withdrawn; what was published before counted them.
    withdrawn: int = 0

    @property
    def answered(self) -> int | None:
        return None if self.completed is None else self.completed + self.partial

    @property
    def response_rate(self) -> float | None:
        return self.answered / self.drawn if self.drawn and self.answered is not None else None

    def as_json(self) -> dict[str, object]:
        return {
            "periods": [period.as_json() for period in self.periods],
            "contacts": self.contacts,
            "eligible": self.eligible,
            "drawn": self.drawn,
            "answered": self.answered,
            "completed": self.completed,
            "still_open": self.still_open,
            "response_rate": self.response_rate,
            "response_rate_rr1": self.rr1,
            "score_unknown": self.score_unknown,
            "withdrawn": self.withdrawn,
        }


def coverage(
    periods: Iterable[Period],
    frame: Iterable[FrameCount],
    dispositions: Mapping[str, Mapping[str, int]],
    seen: frozenset[str] | None,
    still_open: int,
) -> Coverage:
    """The ladder of the sites that are ``seen`` (None: all); ``dispositions`` are by site."""
    rows = [row for row in frame if seen is None or row.place.site in seen]
    stand: Counter[str] = Counter()
    for site, counts in dispositions.items():
        if seen is None or site in seen:
            stand.update(counts)
    return Coverage(
        periods=tuple(periods),
        contacts=sum(row.contacts for row in rows),
        eligible=sum(row.eligible for row in rows),
        drawn=sum(row.drawn for row in rows),
        completed=stand["completed"],
        partial=stand["partial"],
        still_open=still_open,
        rr1=_rr1(stand),
    )


def hushed(reach: Coverage) -> Coverage:
    """The coverage of anonymous draws as it may be shown: what fewer than FEWEST did is left out."""
    if not 0 < (reach.answered or 0) < FEWEST:
        return reach
    return replace(reach, completed=None, partial=0, still_open=None, rr1=None)


def _rr1(dispositions: Mapping[str, int]) -> float | None:
    counts = outcomes(dict(dispositions))
    found = Outcomes(*(counts[letter] for letter in ("I", "P", "R", "NC", "O", "UH", "UO")))
    return outcome_rates(found, eligibility=1.0).rr1
