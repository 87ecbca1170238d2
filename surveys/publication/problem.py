"""What is wrong with a definition, as codes and facts; pages find the words."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

FORBIDS, WARNS = "forbids", "warns"

#: What a check yields: code, place, facts.
Fault = tuple[str, str, dict[str, Any]]


@dataclass(frozen=True)
class Problem:
    """A fault: a stable ``code``, ``where`` it is ("questions.solved.title"), and the facts to print.

    ``severity``: ``forbids`` publishing, or only ``warns`` of what the author may well have meant.
    """

    code: str
    where: str
    facts: Mapping[str, Any]
    severity: str = FORBIDS


def forbidding(problems: Iterable[Problem]) -> list[Problem]:
    """Those that forbid publishing."""
    return [problem for problem in problems if problem.severity == FORBIDS]
