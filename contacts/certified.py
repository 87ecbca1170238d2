"""The certified scope: on which days a site is in it, for whom."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import combinations

WHOLE, PART, NONE = "whole", "part", "none"


@dataclass(frozen=True, order=True)
class Span:
    """Days on which a site is certified, both inclusive; no last day: until further notice. No principal: for all."""

    first_day: date
    last_day: date | None = None
    principal_id: int | None = None

    def holds(self, day: date) -> bool:
        return self.first_day <= day and (self.last_day is None or day <= self.last_day)

    def concerns(self, principal_id: int) -> bool:
        return self.principal_id in (None, principal_id)


class BadSpans(Exception):
    """Spans that cannot be: ``span-reversed`` or ``spans-overlap``, and the first of those it is about."""

    def __init__(self, code: str, span: Span) -> None:
        super().__init__(f"{code} {span}")
        self.code = code
        self.span = span


def checked(spans: Iterable[Span]) -> list[Span]:
    """The spans of one site in the order of their days. Raises BadSpans.

    Two that hold on the same day for the same principal are refused: which of them counts would be anybody's guess.
    """
    ordered = sorted(spans, key=lambda span: (span.first_day, span.principal_id or 0))
    for span in ordered:
        if span.last_day is not None and span.last_day < span.first_day:
            raise BadSpans("span-reversed", span)
    for one, other in combinations(ordered, 2):
        if _meet(one, other):
            raise BadSpans("spans-overlap", other)
    return ordered


def _meet(one: Span, other: Span) -> bool:
    if None not in (one.principal_id, other.principal_id) and one.principal_id != other.principal_id:
        return False
    return other.first_day <= (one.last_day or date.max) and one.first_day <= (other.last_day or date.max)


def standing(spans: Sequence[Span], principal_id: int, first_day: date, last_day: date) -> str:
    """How much of these days, both inclusive, a site is certified for a principal: ``whole``, ``part`` or ``none``."""
    mine = [span for span in spans if span.concerns(principal_id)]
    days = (last_day - first_day).days + 1
    held = sum(any(span.holds(first_day + timedelta(days=n)) for span in mine) for n in range(days))
    return WHOLE if held == days else PART if held else NONE
