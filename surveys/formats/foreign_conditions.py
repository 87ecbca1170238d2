"""Conditions of other tools, about questions and answers that have other names with us."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from surveys.comparisons import Comparison, Operand
from surveys.conditions import MOST_DEPTH, BadCondition
from surveys.connectives import Node, Not, all_of, any_of, depth

SIGNS = {
    "==": "=", "eq": "=", "=": "=", "!=": "<>", "ne": "<>", "<>": "<>", "lt": "<", "<": "<", "le": "<=", "<=": "<=",
    "gt": ">", ">": ">", "ge": ">=", ">=": ">=",
}  # fmt: skip
#: The same comparison seen from its right side.
TURNED = {"<": ">", ">": "<", "<=": ">=", ">=": "<="}


@dataclass(frozen=True)
class Variable:
    """What a name of the other tool stands for: our question; or whether one choice of it is taken.

    ``values``: the other tool's value → ours. ``numeric``: its values are numbers. ``choice``: the variable is that
    choice of a question with several, and ``taken`` is the value it has when it is taken.
    """

    question: str
    values: Mapping[str, str] = field(default_factory=dict)
    numeric: bool = False
    several: bool = False
    choice: str | None = None
    taken: str = "Y"


Variables = Mapping[str, Variable]


def compared(variable: Variable, sign: str, value: str | int | float) -> Node:
    """``variable sign value`` as we say it. Raises BadCondition where we cannot."""
    operator = SIGNS[sign]
    if value == "" and operator in ("=", "<>"):
        return present(variable, operator == "<>")
    if variable.choice is not None:
        if operator not in ("=", "<>") or str(value) != variable.taken:
            raise BadCondition(f"{variable.question} {sign} {value}")
        return chosen(variable, variable.choice, operator == "=")
    if variable.several:
        raise BadCondition(f"{variable.question} {sign} {value}")
    return Comparison(variable.question, operator, _operand(variable, value))


def present(variable: Variable, is_there: bool) -> Node:
    """Whether it was answered; of one choice, whether it was taken."""
    if variable.choice is not None:
        return chosen(variable, variable.choice, is_there)
    return Comparison(variable.question, "notempty" if is_there else "empty")


def chosen(variable: Variable, value: str, is_taken: bool = True) -> Node:
    """Whether a choice is among those taken."""
    name = variable.values.get(value, value)
    if variable.several or variable.choice is not None:
        return Comparison(variable.question, "contains" if is_taken else "notcontains", (name,))
    return Comparison(variable.question, "=" if is_taken else "<>", name)


def _operand(variable: Variable, value: str | int | float) -> Operand:
    text = str(value)
    if text in variable.values:
        return variable.values[text]
    if variable.values:
        raise BadCondition(text)  # a value that no choice has
    if not variable.numeric:
        return text
    try:
        number = float(value)
    except ValueError as fault:
        raise BadCondition(text) from fault
    return int(number) if number.is_integer() else number


def known(variables: Variables, name: str) -> Variable:
    """Raises BadCondition for a name that stands for nothing here."""
    if name not in variables:
        raise BadCondition(name)
    return variables[name]


def joined(word: str, nodes: list[Node]) -> Node:
    """Raises BadCondition where connectives stand too deep inside one another."""
    node = any_of(*nodes) if word == "or" else all_of(*nodes)
    return shallow(node)


def negated(node: Node) -> Node:
    return shallow(Not(node))


def shallow(node: Node) -> Node:
    if depth(node) > MOST_DEPTH:
        raise BadCondition("")
    return node
