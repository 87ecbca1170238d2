"""What a row of a log becomes: a contact, or a reject that says why; and what it is held against meanwhile."""

from dataclasses import dataclass, field, fields
from datetime import datetime
from operator import attrgetter
from typing import Any

from contacts.addresses import Phone
from contacts.agents import NOBODY, Agent, Pseudonyms
from contacts.entry_points import EntryPoints
from contacts.mapping import Mapping
from contacts.reasons import NO_REASONS, Reasons


@dataclass(frozen=True)
class Fault:
    """What is wrong in one row: the field (or "row"), and a code."""

    field: str
    code: str


#: Another row of the file, above, has the same identifier.
DOUBLED = [Fault("external_id", "duplicate-in-file")]


@dataclass(slots=True)
class Entry:
    """One contact as the log tells it; addresses are normalised, the moment is UTC."""

    external_id: str
    started_at: datetime
    site_id: int
    channel: str
    direction: str
    outcome: str
    ended_at: datetime | None = None
    entry_point_id: int | None = None
    phone_state: str = "absent"
    #: The address of the entry point in its one form, also of one that is in no list.
    entry_address: str = ""
    reason: str = ""
    #: The leaf and the first level, by that version of the tree of reasons; empty where it does not know the word.
    reason_version_id: int | None = None
    reason_leaf: str = ""
    reason_group: str = ""
    agent: Agent = NOBODY
    language: str = ""
    phone: Phone | None = None
    email: str | None = None
    name: str = ""
    facts: dict[str, str] = field(default_factory=dict)

    def __reduce__(self) -> tuple[type["Entry"], tuple[Any, ...]]:
        """As its values in their order: the usual form, by names, takes three times as long between processes."""
        return Entry, _values(self)


_values = attrgetter(*(one.name for one in fields(Entry)))


@dataclass(slots=True)
class ReadRow:
    """A row that is a contact; ``warnings`` name what of it was left out. ``cells`` name no agent."""

    line: int
    cells: list[str]
    entry: Entry
    warnings: list[Fault]

    def __reduce__(self) -> tuple[type["ReadRow"], tuple[Any, ...]]:
        return ReadRow, (self.line, self.cells, self.entry, self.warnings)


@dataclass(slots=True)
class Reject:
    """A row that is no contact yet, with everything that is wrong in it."""

    line: int
    cells: list[str]
    faults: list[Fault]


@dataclass(frozen=True)
class Surroundings:
    """What a row is held against: the sites by key and name in small letters, the language of the
    principal, and the moment after which a contact would lie in the future."""

    sites: dict[str, int]
    language: str
    now: datetime
    agents: Pseudonyms
    entry_points: EntryPoints = field(default_factory=dict)
    reasons: Reasons = NO_REASONS


@dataclass(frozen=True)
class Reading:
    """How a file is read: by which mapping, of which sheet, against what, and how many rows are passed over first."""

    mapping: Mapping
    sheet: str
    around: Surroundings
    passed_over: int = 0
