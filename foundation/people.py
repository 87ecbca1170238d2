"""What every package tells of one person, and how it lets go of them.

Each package that knows people has a Part, registered in app.py; contacts, which knows who is who, asks them all. So
nobody has to know where a person may be found but whoever keeps something of them.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from foundation.accounts.scope import Scope


@dataclass(frozen=True)
class Person:
    """One person as one principal knows them. ``alone``: no other principal knows one of the addresses.

    ``addresses`` are theirs alone among the people of that principal; what somebody else has as well leads to nobody.
    ``subjects`` are what messages to and from them are about (invitation:12, complaint:3); ``spared`` those of them
    that stay for a reason of their own.
    """

    principal_id: int
    customer_ids: tuple[int, ...]
    addresses: tuple[str, ...]
    alone: bool = True
    subjects: frozenset[str] = frozenset()
    spared: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Held:
    """What is held of one kind: rows of plain values, all with the same columns."""

    kind: str
    rows: list[dict[str, Any]]


@dataclass(frozen=True)
class Kept:
    """What stays although its person was erased: why, as a code, and until which day (None: until it is settled)."""

    kind: str
    count: int
    reason: str
    until: date | None = None

    def as_json(self) -> dict[str, Any]:
        return {**vars(self), "until": self.until.isoformat() if self.until else None}


@dataclass(frozen=True)
class Outcome:
    """What goes, how many of each kind, and what stays."""

    gone: dict[str, int] = field(default_factory=dict)
    kept: list[Kept] = field(default_factory=list)


@dataclass(frozen=True)
class Found:
    """Somebody found by what was typed. ``customer_id`` is None for one that contacts does not know."""

    principal_id: int
    customer_id: int | None
    name: str = ""
    phone: str | None = None
    phone_takes_sms: bool = False
    email: str | None = None


@dataclass(frozen=True)
class Limits:
    """Moments before which things of one principal go by themselves; None: never."""

    principal_id: int
    identity: datetime | None = None
    link: datetime | None = None
    text: datetime | None = None
    complaint: datetime | None = None


class Part:
    """What one package has of people. Whoever keeps nothing of a kind leaves its function as it is."""

    #: Words for kinds, columns, codes and reasons, in the reader's language once they are printed.
    words: Mapping[str, Any] = {}

    def find(self, typed: str, addresses: Collection[str], scope: Scope) -> list[Found]:
        """Whom ``typed``, or one of ``addresses`` that it may stand for, leads to."""
        return []

    def held(self, person: Person) -> list[Held]:
        """All that is held of a person, as it is told to them."""
        return []

    def subjects(self, person: Person) -> set[str]:
        """What messages to and from a person are about, as the outbox writes it."""
        return set()

    def spared(self, person: Person, now: datetime) -> set[str]:
        """The subjects that may not go yet."""
        return set()

    def outcome(self, person: Person, now: datetime) -> Outcome:
        """What ``erase`` would do, without doing it."""
        return Outcome()

    def erase(self, person: Person, now: datetime) -> Outcome:
        """Let go of a person in the caller's transaction; facts without a person stay, and every figure with them."""
        return Outcome()

    def active(self, customer_ids: Collection[int], since: datetime) -> set[int]:
        """Those of the customers with whom something happened since, or is still open."""
        return set()

    def purge(self, limits: Limits, now: datetime, at_most: int) -> int:
        """Let go of what is older than its limit; return how much, at most ``at_most`` at once."""
        return 0

    def follow(self, kept_id: int, other_id: int) -> dict[str, list[int]]:
        """Let what hangs on customer ``other_id`` hang on ``kept_id``; return the ids of what moved, by table."""
        return {}

    def follow_back(self, moved: Mapping[str, list[int]], other_id: int) -> None:
        """Undo it for those rows."""
