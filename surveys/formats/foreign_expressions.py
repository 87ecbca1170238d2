"""The expressions of LimeSurvey and of XLSForms: a subset of each, parsed by a grammar and never evaluated.

LimeSurvey: ``Q1.NAOK == "A1" and !is_empty(Q2.NAOK)``. XLSForm: ``selected(${q1}, 'a') and not(${q2} = '')``. What is
outside the subset raises BadCondition: functions, sums, comparisons of two questions.
"""

from lark import Lark, Token, Transformer, UnexpectedInput
from lark.exceptions import VisitError

from surveys.conditions import MOST_LETTERS, BadCondition, Condition
from surveys.connectives import Node
from surveys.formats.foreign_conditions import TURNED, Variables, chosen, compared, joined, known, negated, present

Value = str | int | float
COMMON = r"""
    ?start: either
    ?either: both (_OR both)*
    ?both: single (_AND single)*
    value: NUMBER | TEXT
    SIGN: /==|!=|<>|<=|>=|<|>|=|(?:eq|ne|lt|le|gt|ge)\b/
    NUMBER.3: /-?\d{1,9}(?:\.\d{1,6})?(?![\w.])/
    TEXT: /'[^'\n]*'|"[^"\n]*"/
    _OR: /or\b|\|\|/i
    _AND: /and\b|&&/i
    %ignore /\s+/
"""
LIMESURVEY = (
    COMMON
    + r"""
    ?single: _NOT single -> negation
        | "(" either ")"
        | IS_EMPTY "(" NAME ")" -> emptiness
        | NAME SIGN value -> comparison
        | value SIGN NAME -> turned
    _NOT.2: /not\b|!(?!=)/i
    IS_EMPTY.2: /is_empty(?=\s*\()/i
    NAME: /[A-Za-z0-9][A-Za-z0-9_]*(?:\.(?:NAOK|value|code))?(?![\w.(])/
"""
)
XPATH = (
    COMMON
    + r"""
    ?single: _NOT "(" either ")" -> negation
        | "(" either ")"
        | _SELECTED "(" NAME "," TEXT ")" -> selection
        | _LENGTH "(" NAME ")" SIGN NUMBER -> length
        | NAME SIGN (value | day) -> comparison
        | (value | day) SIGN NAME -> turned
    day: _DATE "(" TEXT ")"
    _NOT.2: /not(?=\s*\()/
    _SELECTED.2: /selected(?=\s*\()/
    _LENGTH.2: /string-length(?=\s*\()/
    _DATE.2: /date(?=\s*\()/
    NAME: /\$\{\s*[\w.:-]+\s*\}|\.(?!\d)|count-selected\(\s*\.\s*\)/
"""
)


class _Reader(Transformer[Token, Node]):
    """Makes our nodes of what a grammar finds."""

    def __init__(self, variables: Variables) -> None:
        super().__init__()
        self.variables = variables

    def either(self, parts: list[Node]) -> Node:
        return joined("or", parts)

    def both(self, parts: list[Node]) -> Node:
        return joined("and", parts)

    def negation(self, parts: list[Node]) -> Node:
        return negated(parts[0])

    def emptiness(self, tokens: list[Token]) -> Node:
        return present(known(self.variables, _name(tokens[1])), False)

    def selection(self, tokens: list[Token]) -> Node:
        return chosen(known(self.variables, _name(tokens[0])), tokens[1][1:-1])

    def length(self, tokens: list[Token]) -> Node:
        if (tokens[1], tokens[2]) not in (("=", "0"), ("!=", "0"), (">", "0"), (">=", "1"), ("<", "1")):
            raise BadCondition(tokens[1])
        return present(known(self.variables, _name(tokens[0])), tokens[1] in ("!=", ">", ">="))

    def comparison(self, parts: list[Token]) -> Node:
        return compared(known(self.variables, _name(parts[0])), parts[1], parts[2])

    def turned(self, parts: list[Token]) -> Node:
        return compared(known(self.variables, _name(parts[2])), TURNED.get(parts[1], parts[1]), parts[0])

    def value(self, tokens: list[Token]) -> Value:
        return tokens[0][1:-1] if tokens[0].type == "TEXT" else _number(tokens[0])

    def day(self, tokens: list[Token]) -> str:
        return tokens[0][1:-1]


def _name(token: Token) -> str:
    """The bare name: without the sign that XPath has around it and the suffixes that LimeSurvey has behind it."""
    if token.startswith("${"):
        return token[2:-1].strip()
    if "(" in token or token == ".":
        return "".join(token.split())
    return token.partition(".")[0]


def _number(token: Token) -> int | float:
    number = float(token)
    return int(number) if number.is_integer() else number


_PARSERS = {"limesurvey": Lark(LIMESURVEY, parser="lalr"), "xpath": Lark(XPATH, parser="lalr")}


def parse_foreign(language: str, text: str, variables: Variables) -> Condition:
    """The condition that ``text`` writes in ``limesurvey`` or ``xpath``, about our questions.

    ``variables`` are the names of the other tool. Raises BadCondition for whatever is outside the subset.
    """
    if len(text) > MOST_LETTERS:
        raise BadCondition(text[MOST_LETTERS:])
    try:
        return Condition(_Reader(variables).transform(_PARSERS[language].parse(text)))
    except UnexpectedInput as fault:
        raise BadCondition(text) from fault
    except VisitError as fault:
        if isinstance(fault.orig_exc, BadCondition):
            raise fault.orig_exc from fault
        raise
