"""Conditions on earlier answers, written in a subset of the expressions of SurveyJS.

``{satisfaction} <= {low_score} and ({solved} = 'no' or {reasons} anyof ['bill', 'fault'])``. The text is parsed by a
grammar, never evaluated: all that can be written is comparisons put together with and, or, not and brackets.
``{low_score}`` is the threshold of the programme.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from typing import Any

from lark import Lark, Token, Transformer, UnexpectedInput, UnexpectedToken

from surveys.comparisons import LOW_SCORE, Answers, Comparison, LowScore, Test
from surveys.connectives import Node, Not, all_of, any_of, depth, leaves, mapped, test_of, written

MOST_LETTERS = 1000
MOST_DEPTH = 10
# The words and signs of SurveyJS, and ours for each.
SPELLINGS = {
    "==": "=", "equal": "=", "!=": "<>", "notequal": "<>", "less": "<", "greater": ">",
    "lessorequal": "<=", "greaterorequal": ">=", "*=": "contains", "contain": "contains", "notcontain": "notcontains",
}  # fmt: skip
GRAMMAR = r"""
    ?start: either
    ?either: both (_OR both)*
    ?both: single (_AND single)*
    ?single: _NOT single -> negation
        | "(" either ")"
        | NAME PRESENCE -> presence
        | NAME SIGN (NUMBER | TEXT | TRUTH | NAME) -> comparison
        | NAME SET (_value | "[" _value ("," _value)* "]") -> comparison_of_set
    _value: NUMBER | TEXT | TRUTH

    _OR: /or\b|\|\|/i
    _AND: /and\b|&&/i
    _NOT: /(?:not|negate)\b|!(?!=)/i
    PRESENCE: /(?:not)?empty\b/i
    SIGN: /(?:equal|notequal|lessorequal|greaterorequal|less|greater)\b|<=|>=|<>|!=|==|<|>|=/i
    SET: /(?:anyof|allof|noneof|(?:not)?contains?)\b|\*=/i
    NAME: /\{\s*[a-z][a-z0-9_]*\s*\}/
    NUMBER: /-?\d{1,9}(?:\.\d{1,6})?(?![\w.])/
    TEXT: /'[^'\n]*'|"[^"\n]*"/
    TRUTH: /(?:true|false)\b/i
    %ignore /\s+/
"""


class BadCondition(ValueError):
    """A condition outside the subset; ``rest`` is where reading stopped."""

    def __init__(self, rest: str) -> None:
        super().__init__(rest)
        self.rest = rest


@dataclass(frozen=True)
class Condition:
    """A condition. Two that are written alike are equal."""

    root: Node

    def holds(self, answers: Answers) -> bool:
        """Whether it holds for these answers; a question that is not among them has none."""
        return self._test(answers)

    @cached_property
    def _test(self) -> Test:
        return test_of(self.root)

    @property
    def comparisons(self) -> tuple[Comparison, ...]:
        """Its comparisons, in the order in which they are written."""
        return tuple(leaves(self.root))

    @cached_property
    def names(self) -> frozenset[str]:
        """The questions it looks at."""
        return frozenset(each.name for each in self.comparisons)

    @property
    def needs_low_score(self) -> bool:
        return any(isinstance(each.operand, LowScore) for each in self.comparisons)

    def with_low_score(self, low_score: int) -> "Condition":
        """The same condition with the programme's threshold in place of ``{low_score}``."""

        def filled(each: Comparison) -> Comparison:
            is_open = isinstance(each.operand, LowScore)
            return Comparison(each.name, each.operator, low_score) if is_open else each

        return Condition(mapped(self.root, filled))

    def renamed(self, names: Mapping[str, str]) -> "Condition":
        """The same condition about questions of other ids: the old id → the new one."""
        return Condition(mapped(self.root, lambda each: replace(each, name=names.get(each.name, each.name))))

    def __str__(self) -> str:
        """The one way to write it; ``parse_condition`` reads an equal condition from it, and SurveyJS the same one."""
        return written(self.root)


def both(*conditions: Condition) -> Condition:
    """The condition that holds where all of them do. Give one or more."""
    return Condition(all_of(*(condition.root for condition in conditions)))


@lru_cache(maxsize=2048)
def parse_condition(text: str) -> Condition:
    """The condition ``text`` writes.

    Raises BadCondition for whatever is outside the subset, longer than MOST_LETTERS, or nested deeper than MOST_DEPTH.
    """
    if len(text) > MOST_LETTERS:
        raise BadCondition(text[MOST_LETTERS:])
    try:
        root: Any = PARSER.parse(text)
    except UnexpectedInput as fault:
        ended = isinstance(fault, UnexpectedToken) and fault.token.type == "$END"
        raise BadCondition("" if ended else text[fault.pos_in_stream :]) from fault
    return Condition(root)


class _Reader(Transformer[Token, Node]):
    """Makes nodes of what the grammar finds, from the inside out."""

    def either(self, parts: list[Node]) -> Node:
        return _shallow(any_of(*parts))

    def both(self, parts: list[Node]) -> Node:
        return _shallow(all_of(*parts))

    def negation(self, parts: list[Node]) -> Node:
        return _shallow(Not(parts[0]))

    def presence(self, tokens: list[Token]) -> Node:
        return Comparison(_name(tokens[0]), tokens[1].lower())

    def comparison(self, tokens: list[Token]) -> Node:
        return Comparison(_name(tokens[0]), _operator(tokens[1]), _operand(tokens[2]))

    def comparison_of_set(self, tokens: list[Token]) -> Node:
        return Comparison(_name(tokens[0]), _operator(tokens[1]), tuple(map(_operand, tokens[2:])))


def _shallow(node: Node) -> Node:
    if depth(node) > MOST_DEPTH:
        raise BadCondition(written(node))
    return node


def _name(token: Token) -> str:
    name = token[1:-1].strip()
    if name == LOW_SCORE:
        raise BadCondition(token)
    return name


def _operator(token: Token) -> str:
    return SPELLINGS.get(token.lower(), token.lower())


def _operand(token: Token) -> Any:
    if token.type == "TEXT":
        return token[1:-1]
    if token.type == "TRUTH":  # yes and no are the values of a question that SurveyJS calls boolean
        return "yes" if token.lower() == "true" else "no"
    if token.type == "NUMBER":
        number = float(token)
        return int(number) if number.is_integer() else number
    if token[1:-1].strip() != LOW_SCORE:
        raise BadCondition(token)
    return LowScore()


PARSER = Lark(GRAMMAR, parser="lalr", transformer=_Reader())
