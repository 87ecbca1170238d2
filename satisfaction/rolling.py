"""Which answer events are counted already, and what an interview adds to the cells or takes from them.

Ids are given out in one order and committed in another. So what was counted is not « all up to the largest id », but
all up to it except those that could not be seen then: these are claimed one by one when they appear.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

#: The last of these to a question is what it stands at.
DECIDING = ("answer", "skip", "void")
#: Interviews that count.
COUNTED = ("completed", "partial")
#: Where an interview stands that cannot begin to count without another event.
AT_REST = ("broken_off", "refused", "wrong_person", "ineligible", "not_sent", "erased")


class CellKey(NamedTuple):
    """Where an answer is counted."""

    draw_id: int
    stratum: str
    site_id: int
    channel: str
    question_id: str
    value: int


@dataclass(frozen=True)
class Claims:
    """The ids up to ``top``, both ends of each gap left out."""

    top: int = 0
    gaps: tuple[tuple[int, int], ...] = ()

    def holds(self, event_id: int) -> bool:
        return event_id <= self.top and not any(first <= event_id <= last for first, last in self.gaps)

    def with_seen(self, event_ids: Sequence[int], remember: bool = True) -> "Claims":
        """The claims after these ids, ascending, were read: all that could be seen between them.

        ``remember`` is False where a missing id cannot appear any more (SQLite has one writer).
        """
        seen = set(event_ids)
        gaps = [gap for first, last in self.gaps for gap in _left(first, last, seen)]
        top = self.top
        for event_id in event_ids:
            if event_id > top:
                gaps += [(top + 1, event_id - 1)] if event_id > top + 1 else []
                top = event_id
        return Claims(top, tuple(gaps) if remember else ())


def _left(first: int, last: int, seen: set[int]) -> list[tuple[int, int]]:
    """The runs of ids from first to last, inclusive, that are not among ``seen``."""
    runs: list[tuple[int, int]] = []
    start = first
    for event_id in sorted(one for one in seen if first <= one <= last):
        if event_id > start:
            runs.append((start, event_id - 1))
        start = event_id + 1
    return [*runs, (start, last)] if start <= last else runs


class Said(NamedTuple):
    """One deciding event; ``value`` is None where there is nothing to count."""

    event_id: int
    position: int
    kind: str
    question_id: str
    value: int | None


@dataclass
class Interview:
    """The deciding events of one invitation, where it stands, and whether the cells left it out so far."""

    invitation_id: int
    draw_id: int
    stratum: str
    site_id: int
    channel: str
    disposition: str
    was_left_out: bool
    events: list[Said]

    def standing(self, claims: Claims | None) -> Counter[CellKey]:
        """What each question stands at after the events of ``claims``; None: after all of them."""
        last: dict[str, Said] = {}
        for event in self.events:
            if claims is None or claims.holds(event.event_id):
                known = last.get(event.question_id)
                if known is None or known.position < event.position:
                    last[event.question_id] = event
        place = (self.draw_id, self.stratum, self.site_id, self.channel)
        return Counter(
            CellKey(*place, event.question_id, event.value)
            for event in last.values()
            if event.kind == "answer" and event.value is not None
        )

    def counted_before(self, claims: Claims) -> Counter[CellKey]:
        """What the cells hold of it, which were made from the events of ``claims``."""
        return Counter() if self.was_left_out else self.standing(claims)

    def counts_now(self, claims: Claims | None) -> Counter[CellKey]:
        return self.standing(claims) if self.disposition in COUNTED else Counter()

    def is_left_out(self, claims: Claims) -> bool:
        """Whether it has claimed events and counts in no cell."""
        return self.disposition not in COUNTED and any(claims.holds(event.event_id) for event in self.events)


def difference(interviews: Iterable[Interview], before: Claims, after: Claims | None) -> dict[CellKey, int]:
    """What to add to each cell, zeros left out; ``after`` None: all that can be seen."""
    change: Counter[CellKey] = Counter()
    for interview in interviews:
        change.update(interview.counts_now(after))
        change.subtract(interview.counted_before(before))
    return {key: answers for key, answers in change.items() if answers}
