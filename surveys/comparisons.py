"""One comparison of an earlier answer, and when it holds.

An answer is compared with its own kind only: numbers with numbers, words with words; what is of another kind is
unlike, and has no order. Days are written YYYY-MM-DD, whose order is that of words. A question without answer is unlike
every value. "Not applicable" and "prefer not to answer" are answers, ``_na`` and ``_private``, unlike all others.
"""

import operator as signs
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

LOW_SCORE = "low_score"
Answers = Mapping[str, Any]
Test = Callable[[Answers], bool]

ORDER: Mapping[str, Callable[[Any, Any], bool]] = {"<=": signs.le, ">=": signs.ge, "<": signs.lt, ">": signs.gt}
PRESENCE = ("empty", "notempty")
#: Operators that take several values, and those of them that say what is not so.
SETS = ("anyof", "allof", "noneof", "contains", "notcontains")


@dataclass(frozen=True)
class LowScore:
    """The programme's threshold, put in when a version is compiled for it."""


Operand = int | float | str | tuple[int | float | str, ...] | LowScore | None


@dataclass(frozen=True)
class Comparison:
    """``{name} operator operand``. ``operand`` is a tuple for SETS and None for PRESENCE."""

    name: str
    operator: str
    operand: Operand = None

    def test(self) -> Test:
        """The comparison as a function of the answers, with nothing left to look up but them."""
        if self.operator in PRESENCE:
            return _presence(self.name, self.operator)
        if self.operator in SETS:
            return _of_set(self.name, self.operator, self.operand if isinstance(self.operand, tuple) else ())
        return _of_order(self.name, self.operator, self.operand)

    def __str__(self) -> str:
        if self.operand is None:
            return f"{{{self.name}}} {self.operator}"
        return f"{{{self.name}}} {self.operator} {self._operand()}"

    def _operand(self) -> str:
        if not isinstance(self.operand, tuple):
            return _written(self.operand)
        if len(self.operand) == 1 and self.operator in ("contains", "notcontains"):
            return _written(self.operand[0])
        return f"[{', '.join(map(_written, self.operand))}]"


def _written(operand: Any) -> str:
    if isinstance(operand, LowScore):
        return f"{{{LOW_SCORE}}}"
    if isinstance(operand, str):
        return f'"{operand}"' if "'" in operand else f"'{operand}'"
    return f"{operand:f}".rstrip("0").rstrip(".") if isinstance(operand, float) else str(operand)


def _presence(name: str, operator: str) -> Test:
    if operator == "empty":
        return lambda answers: name not in answers
    return lambda answers: name in answers


def _of_order(name: str, operator: str, operand: Operand) -> Test:
    if isinstance(operand, LowScore):  # not put in yet: unlike every answer
        return lambda _answers: operator == "<>"
    if operator == "=":
        return lambda answers: answers.get(name) == operand
    if operator == "<>":
        return lambda answers: answers.get(name) != operand
    compare = ORDER[operator]
    kind: Any = str if isinstance(operand, str) else (int, float)

    def in_order(answers: Answers) -> bool:
        value = answers.get(name)
        return isinstance(value, kind) and compare(value, operand)

    return in_order


def _of_set(name: str, operator: str, operand: tuple[Any, ...]) -> Test:
    wanted = frozenset(operand)
    if operator in ("anyof", "noneof"):
        expected = operator == "anyof"
        return lambda answers: (not wanted.isdisjoint(_several(answers.get(name)))) is expected
    expected = operator != "notcontains"
    return lambda answers: wanted.issubset(_several(answers.get(name))) is expected


def _several(value: Any) -> tuple[Any, ...]:
    """The values of an answer: those of a list, one otherwise, none where there is no value."""
    if isinstance(value, tuple):
        return value
    return () if value is None else (value,)
