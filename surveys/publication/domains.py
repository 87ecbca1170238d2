"""The answers to a question that its questionnaire can tell apart: one of each kind is enough to try them all."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from itertools import combinations
from typing import Any

from surveys.comparisons import Comparison
from surveys.questions.base import Question, Value, offered

#: Choices named in conditions whose combinations are tried; of more, each alone and all together.
MOST_MEMBERS = 8
DAY = timedelta(days=1)
FAR_DAYS = ("1900-01-01", "2100-12-31")


def kinds_of_answer(question: Question, comparisons: Sequence[Comparison]) -> list[list[Value]]:
    """Groups of answers that make the same of ``comparisons`` (all those about the question) true."""
    tests = [comparison.test() for comparison in dict.fromkeys(comparisons)]
    groups: dict[tuple[bool, ...], list[Value]] = {}
    for value in _candidates(question, comparisons):
        answers = {question.id: value}
        groups.setdefault(tuple(test(answers) for test in tests), []).append(value)
    return list(groups.values())


def _candidates(question: Question, comparisons: Sequence[Comparison]) -> list[Value]:
    values = question.type.values(question)
    if values is None:
        values = tuple(_named(question, [member for each in comparisons for member in _members(each)]))
    return [*values, *offered(question)]


def _members(comparison: Comparison) -> Sequence[Any]:
    operand = comparison.operand
    if operand is None:
        return ()
    return operand if isinstance(operand, tuple) else (operand,)


def _named(question: Question, named: Sequence[Any]) -> Iterable[Value]:
    """Answers around those that conditions name, where all of them would be too many."""
    if question.type.takes_several:
        return _lists(question, [name for name in dict.fromkeys(named) if isinstance(name, str)])
    if question.type.name == "date":
        return _days(question, [name for name in named if isinstance(name, str)])
    return _numbers(question, [name for name in named if isinstance(name, (int, float))])


def _numbers(question: Question, named: Sequence[float]) -> Iterable[Value]:
    step = 10**-question.decimals
    bounds = [bound for bound in (question.least, question.most) if isinstance(bound, (int, float))]
    around = {round(number + shift, question.decimals) for number in (*named, *bounds, 0) for shift in (-step, 0, step)}
    return [number for number in sorted(around) if _is_within(question, number)]


def _days(question: Question, named: Sequence[str]) -> Iterable[Value]:
    bounds = [bound for bound in (question.least, question.most) if isinstance(bound, str)]
    days = [date.fromisoformat(day) for day in (*named, *bounds, *FAR_DAYS) if day[:1].isdigit()]
    around = {(day + shift).isoformat() for day in days for shift in (-DAY, 0 * DAY, DAY)}
    return [day for day in sorted(around) if _is_within(question, day)]


def _is_within(question: Question, value: Any) -> bool:
    least, most = question.least, question.most
    return (least is None or least <= value) and (most is None or value <= most)


def _lists(question: Question, named: list[str]) -> Iterable[Value]:
    """Combinations of the named choices, filled up with others where more must be taken."""
    alone = {choice.id for choice in question.choices if choice.exclusive}
    ids = [choice.id for choice in question.choices]
    least = max(1, question.least if isinstance(question.least, int) else 1)
    most = question.most if isinstance(question.most, int) else len(ids)
    sizes = range(len(named) + 1) if len(named) <= MOST_MEMBERS else (0, 1, len(named))
    for chosen in (set(some) for size in sizes for some in combinations(named, size)):
        if chosen & alone:
            full = chosen
        else:
            others = [name for name in ids if name not in {*named, *alone}]
            full = chosen | set(others[: max(0, least - len(chosen))])
        if least <= len(full) <= most and (len(full) == 1 or not full & alone):
            yield tuple(name for name in ids if name in full)
