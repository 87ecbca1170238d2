"""The disposition history as a table: codes as they are, so that a program reads the same file in every language.

Of an anonymous interview it is told how far the invitation got on its way out, and nothing beyond: neither what its
reader did nor when, nor whether a reminder was needed.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any, Protocol

from foundation.cells import safe_cell
from surveys.dispositions import DISPOSITIONS

HEADER = (
    "invitation", "contact", "draw", "programme_version", "stratum", "disposition", "aapor", "reason", "at", "stands",
)  # fmt: skip
#: Nobody has read anything of ours before these are left.
BEFORE_SENT = frozenset({"drawn", "held", "queued", "not_sent", "ineligible"})


def told(disposition: str, is_anonymous: bool) -> str:
    """Where an invitation may be said to stand."""
    return "sent" if is_anonymous and disposition not in BEFORE_SENT else disposition


class Stepped(Protocol):
    """One step; ``surveys.queries.invitations.Step`` is one."""

    @property
    def invitation(self) -> str: ...
    @property
    def contact(self) -> str: ...
    @property
    def draw(self) -> int: ...
    @property
    def terms(self) -> int: ...
    @property
    def stratum(self) -> str: ...
    @property
    def disposition(self) -> str: ...
    @property
    def reason(self) -> str: ...
    @property
    def at(self) -> datetime | None: ...
    @property
    def last(self) -> bool: ...


def rows(steps: Iterable[Stepped]) -> Iterator[tuple[Any, ...]]:
    """One row for each step; ``stands`` is 1 in the last one of each invitation: its rows sum to the ladder."""
    for step in steps:
        code = DISPOSITIONS[step.disposition].aapor
        yield (
            step.invitation, step.contact, step.draw, step.terms, safe_cell(step.stratum), step.disposition, code,
            safe_cell(step.reason), step.at.isoformat() if step.at else "", int(step.last),
        )  # fmt: skip
