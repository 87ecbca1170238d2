"""Whether a comparison can mean anything for the type of question it looks at."""

from collections.abc import Iterator
from typing import Any

from surveys.comparisons import ORDER, PRESENCE, SETS, Comparison, LowScore
from surveys.publication.problem import Fault
from surveys.publication.values import is_day, is_number
from surveys.questions.base import Question, offered

WITH_ORDER = ("satisfaction", "recommendation", "effort", "number", "date")


def misfits(comparison: Comparison, asked: Question, where: str) -> Iterator[Fault]:
    """What is wrong with ``comparison``, which looks at the question ``asked``."""
    name, operator, operand = comparison.name, comparison.operator, comparison.operand
    if operator in PRESENCE or _declines(asked, operand):
        return
    fitting = operators_of(asked)
    if operator not in fitting:
        yield "wrong-operator", where, {"name": name, "operator": operator, "type": asked.type.name, "known": fitting}
        return
    if isinstance(operand, LowScore):
        if asked.type.name != "satisfaction":
            yield "wrong-value", where, {"name": name, "value": "{low_score}", **_known(asked)}
        return
    for value in operand if isinstance(operand, tuple) else (operand,):
        if not _takes(asked, operator, value):
            yield "wrong-value", where, {"name": name, "value": value, **_known(asked)}


def operators_of(asked: Question) -> list[str]:
    """The operators that mean something for answers to this question."""
    if asked.type.holds_words:
        return list(PRESENCE)
    if asked.type.takes_several:
        return [*SETS, *PRESENCE]
    scalar = ["=", "<>", "anyof", "noneof", *PRESENCE]
    return [*scalar, *ORDER] if asked.type.name in WITH_ORDER else scalar


def _declines(asked: Question, operand: Any) -> bool:
    """Whether it looks at nothing but answers of their own that the question offers."""
    values = operand if isinstance(operand, tuple) else (operand,)
    return all(isinstance(value, str) and value in offered(asked) for value in values)


def _takes(asked: Question, operator: str, value: Any) -> bool:
    if isinstance(value, str) and value in offered(asked):
        return operator not in ORDER
    if asked.type.name == "number":
        return is_number(value) and (operator in ORDER or _is_answer(asked, value))
    if asked.type.name == "date":
        return is_day(value) and (operator in ORDER or _is_within(asked, value))
    if asked.type.takes_several:
        return value in [choice.id for choice in asked.choices]
    known = asked.type.values(asked) or ()
    return not isinstance(value, bool) and value in known


def _is_answer(asked: Question, value: float) -> bool:
    return _is_within(asked, value) and round(value, asked.decimals) == value


def _is_within(asked: Question, value: Any) -> bool:
    least, most = asked.least, asked.most
    return (least is None or least <= value) and (most is None or value <= most)


def _known(asked: Question) -> dict[str, Any]:
    """What could stand there instead, where that can be listed."""
    if asked.type.takes_several:
        return {"known": [choice.id for choice in asked.choices]}
    values = asked.type.values(asked)
    return {"known": list(values)} if values and len(values) <= 20 else {}
