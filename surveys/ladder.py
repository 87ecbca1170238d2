"""The coverage ladder: where every contact of the population went.

population = ineligible by reason + suppressed by reason + eligible → drawn → sent → delivered → started → completed.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import NamedTuple

from estimation.disclosure import OVERALL, Key, hidden_keys
from surveys.dispositions import DISPOSITIONS, outcomes
from surveys.eligibility import DELAYABLE


class UnitCount(NamedTuple):
    """So many contacts of one stratum with one standing."""

    stratum: str
    status: str
    reason: str
    contacts: int
    drawn: int


class InvitationCount(NamedTuple):
    """So many invitations of one stratum at one disposition, and how far they ever got."""

    stratum: str
    disposition: str
    invitations: int
    sent: int
    delivered: int
    started: int
    completed: int


class Rate(NamedTuple):
    """A rate as two integers; ``of`` may be 0."""

    successes: int
    of: int

    @property
    def value(self) -> float | None:
        return self.successes / self.of if self.of else None


@dataclass
class Rungs:
    """The counts of one stratum, or of all. ``sent`` and ``delivered`` are None where no message goes out.

    ``is_hushed``: what people did is not told of so few; those steps are None, and there are no dispositions.
    """

    population: int = 0
    ineligible: Counter[str] = field(default_factory=Counter)
    suppressed: Counter[str] = field(default_factory=Counter)
    eligible: int = 0
    drawn: int = 0
    sent: int | None = 0
    delivered: int | None = 0
    started: int | None = 0
    completed: int | None = 0
    dispositions: Counter[str] = field(default_factory=Counter)
    is_hushed: bool = False

    @property
    def adds_up(self) -> bool:
        """Whether the population is the sum of its parts, every drawn contact has its invitation, and no step grows."""
        parts = self.ineligible.total() + self.suppressed.total() + self.eligible
        steps = [step for step in self.steps if step is not None]
        falling = all(above >= below for above, below in pairwise(steps))
        stand = self.is_hushed or self.dispositions.total() == self.drawn
        return parts == self.population and stand and falling

    @property
    def score_unknown(self) -> int:
        """Contacts left out for what depends on an answer or a complaint: coverage lost, never weighted away."""
        return sum(self.suppressed[reason] for reason in DELAYABLE)

    @property
    def steps(self) -> tuple[int | None, ...]:
        return (self.eligible, self.drawn, self.sent, self.delivered, self.started, self.completed)

    @property
    def outcomes(self) -> dict[str, int]:
        """Invitations by AAPOR outcome: I, P, R, NC, O, UH, UO, NE."""
        return outcomes(self.dispositions)

    @property
    def rr1(self) -> Rate:
        """AAPOR response rate 1: I / (I + P + R + NC + O + UH + UO). What is not eligible (NE) is in no denominator."""
        counts = self.outcomes
        return Rate(counts["I"], sum(counts.values()) - counts["NE"])


@dataclass(frozen=True)
class Ladder:
    overall: Rungs
    strata: dict[str, Rungs]

    @property
    def adds_up(self) -> bool:
        """Whether every stratum adds up, and the strata add up to the whole."""
        return self.overall.adds_up and all(rungs.adds_up for rungs in self.strata.values())


def ladder(units: Iterable[UnitCount], invitations: Iterable[InvitationCount], sends_messages: bool) -> Ladder:
    """The ladder of one draw, whole and by stratum."""
    overall = _rungs(sends_messages)
    strata: dict[str, Rungs] = {}
    for unit in units:
        for rungs in (overall, strata.setdefault(unit.stratum, _rungs(sends_messages))):
            _add_unit(rungs, unit)
    for invitation in invitations:
        for rungs in (overall, strata.setdefault(invitation.stratum, _rungs(sends_messages))):
            _add_invitation(rungs, invitation)
    return Ladder(overall, dict(sorted(strata.items())))


def _rungs(sends_messages: bool) -> Rungs:
    return Rungs() if sends_messages else Rungs(sent=None, delivered=None)


def _add_unit(rungs: Rungs, unit: UnitCount) -> None:
    rungs.population += unit.contacts
    if unit.status == "eligible":
        rungs.eligible += unit.contacts
        rungs.drawn += unit.drawn
    else:
        (rungs.ineligible if unit.status == "ineligible" else rungs.suppressed)[unit.reason] += unit.contacts


def _add_invitation(rungs: Rungs, count: InvitationCount) -> None:
    rungs.dispositions[count.disposition] += count.invitations
    rungs.started = (rungs.started or 0) + count.started
    rungs.completed = (rungs.completed or 0) + count.completed
    if rungs.sent is not None and rungs.delivered is not None:
        rungs.sent += count.sent
        rungs.delivered += count.delivered


def hushed(whole: Ladder) -> Ladder:
    """The ladder of an anonymous draw as it may be shown: what few did below "sent" is left out.

    The rule is that of the figures, so that what is left out cannot be worked out from the rest either.
    """
    hidden: set[Key] = set()
    for step in ("started", "completed"):
        hidden |= hidden_keys({(name, step): getattr(rungs, step) for name, rungs in whole.strata.items()})
    rows = {key[0] for key in hidden}
    overall = _hushed(whole.overall) if OVERALL in hidden else whole.overall
    strata = {name: _hushed(rungs) if name in rows else rungs for name, rungs in whole.strata.items()}
    return Ladder(overall, strata)


def _hushed(rungs: Rungs) -> Rungs:
    return replace(rungs, delivered=None, started=None, completed=None, dispositions=Counter(), is_hushed=True)


def by_code(rungs: Rungs) -> list[tuple[str, str, int]]:
    """(disposition, AAPOR code, invitations) in the order of DISPOSITIONS, without those nobody is at."""
    return [
        (name, DISPOSITIONS[name].aapor, rungs.dispositions[name]) for name in DISPOSITIONS if rungs.dispositions[name]
    ]


def lines(rungs: Rungs) -> list[tuple[str, str, str, int]]:
    """The rungs as a table: (step, reason, AAPOR code, count), the whole before its parts."""
    excluded = [
        (status, reason, "", count)
        for status, reasons in (("ineligible", rungs.ineligible), ("suppressed", rungs.suppressed))
        for reason, count in sorted(reasons.items())
    ]
    excluded += [("score-unknown", "", "", rungs.score_unknown)] if rungs.score_unknown else []
    names = ("eligible", "drawn", "sent", "delivered", "started", "completed")
    steps = [(name, "", "", step) for name, step in zip(names, rungs.steps, strict=True) if step is not None]
    stands = [("stands", name, code, count) for name, code, count in by_code(rungs)]
    rr1 = () if rungs.is_hushed else (("numerator", rungs.rr1.successes), ("denominator", rungs.rr1.of))
    rate = [(f"rr1-{name}", "", "", count) for name, count in rr1]
    return [("population", "", "", rungs.population), *excluded, *steps, *stands, *rate]
