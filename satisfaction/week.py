"""This week as plain values: what was promised, what waits, what is missing."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

#: In the order of the page: people first.
EMERGENCIES, CALL_BACKS, PROPOSALS, CASES, ACTIONS, IMPORTS, GAPS, PERIODS, BEHIND = GROUPS = (
    "emergencies", "call_backs", "proposals", "cases", "actions", "imports", "gaps", "periods", "behind",
)  # fmt: skip
#: Who may know of each.
NEEDED: Mapping[str, str] = {
    EMERGENCIES: "satisfaction.comments",
    CALL_BACKS: "complaints.read",
    PROPOSALS: "complaints.read",
    CASES: "complaints.read",
    ACTIONS: "satisfaction.comments",
    IMPORTS: "contacts.read",
    GAPS: "contacts.read",
    PERIODS: "surveys.read",
    BEHIND: "satisfaction.read",
}
DAYS = 7
#: So many of each are named; the rest are counted.
NAMED = 5


@dataclass(frozen=True)
class Item:
    """One thing of the week: where, by when, the page of it, and what its words need (``facts``)."""

    principal: str
    site: str | None
    path: str
    due: date | None = None
    late: bool = False
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Group:
    """All of one kind; ``items`` are the first of them, the most urgent first."""

    code: str
    total: int
    late: int
    items: Sequence[Item]
    path: str

    @property
    def more(self) -> int:
        return self.total - len(self.items)


def group(code: str, path: str, items: Iterable[Item], total: int | None = None, late: int | None = None) -> Group:
    """A group of ``items``; ``total`` and ``late`` where there are more than these."""
    every = list(items)
    counted = sum(item.late for item in every) if late is None else late
    return Group(code, len(every) if total is None else total, counted, every[:NAMED], path)


def something(groups: Iterable[Group]) -> list[Group]:
    """The groups that hold something."""
    return [each for each in groups if each.total]
