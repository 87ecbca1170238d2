"""The disposition history as a table: codes as they are, so that a program reads the same file in every language."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any, Protocol

from foundation.cells import safe_cell
from surveys.dispositions import DISPOSITIONS

HEADER = (
    "invitation", "contact", "draw", "programme_version", "stratum", "disposition", "aapor", "reason", "at", "stands",
)  # fmt: skip


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
    def at(self) -> datetime: ...
    @property
    def last(self) -> bool: ...


def rows(steps: Iterable[Stepped]) -> Iterator[tuple[Any, ...]]:
    """One row for each step; ``stands`` is 1 in the last one of each invitation: its rows sum to the ladder."""
    for step in steps:
        code = DISPOSITIONS[step.disposition].aapor
        yield (
            step.invitation, step.contact, step.draw, step.terms, safe_cell(step.stratum), step.disposition, code,
            safe_cell(step.reason), step.at.isoformat(), int(step.last),
        )  # fmt: skip
