"""The question types this release knows, by name; to add one, write its class and list it here."""

from surveys.questions.base import QuestionType
from surveys.questions.choices import SingleChoice, YesNo
from surveys.questions.dates import Date
from surveys.questions.numbers import Number
from surveys.questions.ratings import Effort, Recommendation, Satisfaction
from surveys.questions.several import Multiple, Ranking
from surveys.questions.statements import Statement
from surveys.questions.words import Comment, ShortText


class DuplicateType(Exception):
    """Two classes claim one type name; the program does not start."""


def registry(types: list[QuestionType]) -> dict[str, QuestionType]:
    """The types by name. Raises DuplicateType, so that a clash shows at start-up and not in an interview."""
    by_name: dict[str, QuestionType] = {}
    for question_type in types:
        if question_type.name in by_name:
            raise DuplicateType(question_type.name)
        by_name[question_type.name] = question_type
    return by_name


TYPES = registry(
    [
        Satisfaction(),
        Recommendation(),
        Effort(),
        YesNo(),
        SingleChoice(),
        Multiple(),
        Number(),
        Date(),
        ShortText(),
        Comment(),
        Ranking(),
        Statement(),
    ]
)
