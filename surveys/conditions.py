"""When a question is shown: comparisons of earlier answers, written as in SurveyJS.

``{satisfaction} <= 2`` or ``{satisfaction} <= {low_score} and {solved} = 'no'``. Comparisons are joined by
``and`` alone or by ``or`` alone, so that nobody has to remember which binds tighter. ``{low_score}`` is the
threshold of the programme. Nothing is evaluated but these comparisons.
"""

import operator
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

LOW_SCORE = "low_score"
SIGNS: Mapping[str, Callable[[Any, Any], bool]] = {
    "<=": operator.le,
    ">=": operator.ge,
    "<>": operator.ne,
    "<": operator.lt,
    ">": operator.gt,
    "=": operator.eq,
}
SPELLINGS = {"==": "=", "!=": "<>"}
TEST = re.compile(
    r"""\s*\{(?P<name>[a-z][a-z0-9_]*)\}\s*
    (?:(?P<presence>empty|notempty)\b
    |(?P<operator><=|>=|<>|!=|==|<|>|=)\s*
     (?:(?P<number>-?\d{1,9})(?![\w.])|'(?P<text>[^']*)'|"(?P<quoted>[^"]*)"|\{(?P<variable>[a-z][a-z0-9_]*)\}))\s*""",
    re.VERBOSE,
)
JOINER = re.compile(r"(and|or)\b")


class BadCondition(ValueError):
    """A condition outside the subset; ``rest`` is where reading stopped."""

    def __init__(self, rest: str) -> None:
        super().__init__(rest)
        self.rest = rest


@dataclass(frozen=True)
class LowScore:
    """The programme's threshold, put in when a version is compiled for it."""


@dataclass(frozen=True)
class Comparison:
    """One comparison. ``operator`` is a key of SIGNS, ``empty`` or ``notempty``."""

    name: str
    operator: str
    operand: int | str | LowScore | None = None

    def holds(self, answers: Mapping[str, Any]) -> bool:
        """An unanswered question is unlike every value: only ``empty`` and ``<>`` hold for it."""
        answered = self.name in answers
        if self.operator in ("empty", "notempty"):
            return answered == (self.operator == "notempty")
        if not answered:
            return self.operator == "<>"
        return _compare(self.operator, answers[self.name], self.operand)

    def __str__(self) -> str:
        if self.operand is None:
            return f"{{{self.name}}} {self.operator}"
        if isinstance(self.operand, LowScore):
            return f"{{{self.name}}} {self.operator} {{{LOW_SCORE}}}"
        shown = self.operand if isinstance(self.operand, int) else f"'{self.operand}'"
        return f"{{{self.name}}} {self.operator} {shown}"


@dataclass(frozen=True)
class Condition:
    """Comparisons joined by ``and`` or by ``or``."""

    tests: tuple[Comparison, ...]
    joiner: str = "and"

    def holds(self, answers: Mapping[str, Any]) -> bool:
        together = all if self.joiner == "and" else any
        return together(test.holds(answers) for test in self.tests)

    def with_low_score(self, low_score: int) -> "Condition":
        """The same condition with the programme's threshold in place of ``{low_score}``."""
        tests = (
            Comparison(test.name, test.operator, low_score) if isinstance(test.operand, LowScore) else test
            for test in self.tests
        )
        return Condition(tuple(tests), self.joiner)

    def __str__(self) -> str:
        return f" {self.joiner} ".join(str(test) for test in self.tests)


def parse_condition(text: str) -> Condition:
    """The condition ``text`` writes. Raises BadCondition for whatever is outside the subset."""
    tests: list[Comparison] = []
    joiners: set[str] = set()
    rest = text
    while True:
        found = TEST.match(rest)
        if found is None:
            raise BadCondition(rest)
        tests.append(_test(found))
        rest = rest[found.end() :]
        if not rest:
            return Condition(tuple(tests), joiners.pop() if joiners else "and")
        joined = JOINER.match(rest)
        if joined is None or joiners - {joined[1]}:
            raise BadCondition(rest)
        joiners.add(joined[1])
        rest = rest[joined.end() :]


def _test(found: re.Match[str]) -> Comparison:
    if found["presence"]:
        return Comparison(found["name"], found["presence"])
    sign = SPELLINGS.get(found["operator"], found["operator"])
    if found["variable"]:
        if found["variable"] != LOW_SCORE:
            raise BadCondition(found[0])
        return Comparison(found["name"], sign, LowScore())
    if found["number"]:
        return Comparison(found["name"], sign, int(found["number"]))
    text = found["text"] if found["text"] is not None else found["quoted"]
    if "'" in text:
        raise BadCondition(found[0])
    return Comparison(found["name"], sign, text)


def _compare(sign: str, value: Any, operand: Any) -> bool:
    """Compare like with like; a text and a number are unlike and have no order."""
    if type(value) is not type(operand):
        return sign == "<>"
    return SIGNS[sign](value, operand)
