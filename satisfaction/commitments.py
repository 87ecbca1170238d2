"""What became of the commitments of a period, as Home tells it: which hold, which do not, which cannot be said."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Protocol

from satisfaction.verdicts import MET, NOT_MEASURED, NOT_MET

HOLD, FAIL, ABOVE, BELOW, UNMEASURED = GROUPS = ("hold", "fail", "above", "below", "unmeasured")
#: So many of each are named; the rest are counted.
NAMED = 8


class Card(Protocol):
    """A verdict as ``satisfaction.queries.verdicts`` gives it."""

    @property
    def id(self) -> int: ...
    @property
    def agreement_id(self) -> int: ...
    @property
    def version(self) -> Any: ...
    @property
    def span(self) -> tuple[date, date]: ...
    @property
    def looked_at(self) -> datetime: ...
    @property
    def by(self) -> Mapping[str, str]: ...
    @property
    def state(self) -> str: ...
    @property
    def reason(self) -> str: ...
    @property
    def response(self) -> float | None: ...
    @property
    def is_good_side(self) -> bool: ...
    @property
    def misses(self) -> bool: ...
    @property
    def finding(self) -> Mapping[str, Any]: ...


@dataclass(frozen=True)
class Group:
    """The verdicts that came out alike; ``code`` is of GROUPS, "above" being the side that was promised."""

    code: str
    cards: Sequence[Card]

    @property
    def named(self) -> Sequence[Card]:
        return self.cards[:NAMED]

    @property
    def more(self) -> int:
        return len(self.cards) - len(self.named)


def group_of(card: Card) -> str:
    """Where a verdict stands on Home."""
    known = {MET: HOLD, NOT_MET: FAIL, NOT_MEASURED: UNMEASURED}
    return known.get(card.state) or (ABOVE if card.is_good_side else BELOW)


def grouped(cards: Iterable[Card]) -> list[Group]:
    """The verdicts by what came of them, in the order of GROUPS; groups without any are left out."""
    every = list(cards)
    found = [Group(code, [card for card in every if group_of(card) == code]) for code in GROUPS]
    return [each for each in found if each.cards]


@dataclass(frozen=True)
class Pending:
    """A commitment on which no verdict was given yet: answers in hand, at the close by today's pace, and the least.

    Numbers are None for what comes from the register, and where they are not told.
    """

    agreement_id: int
    principal_id: int
    title: str
    least: int
    answered: int | None
    reached: int | None
