"""What a published version asks, as figures see it."""

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

from satisfaction.indicators import Asked, Reading, readings
from surveys.questionnaires import Definition, canonical_json, compile_version
from surveys.questions.base import Question
from surveys.series import Marks, is_broken, marks

SCALES = {"satisfaction": (1, 5), "recommendation": (0, 10), "effort": (1, 7), "yes_no": (0, 1)}
SERIES_DIGITS = 12


def asked_questions(definition: Definition) -> list[Asked]:
    """The questions of a version that a figure may be read from.

    One asked under a condition, or that a jump passes over, is left out: those who saw it are no sample of the whole.
    So is a scale whose low end is the good one, because every indicator counts upwards.
    """
    asked_as, questions = marks(definition), compile_version(definition).questions
    passed_over = _passed_over(questions)
    return [
        Asked(
            question=question.id,
            kind=question.type.name,
            theme=question.theme or ("solved" if question.id == "solved" else None),
            scale=SCALES[question.type.name],
            series=series(asked_as[question.id]),
            marks=asked_as[question.id],
            web_only=question.sms is None,
        )
        for question in questions
        if _is_counted(question) and question.id not in passed_over
    ]


def _is_counted(question: Question) -> bool:
    always = question.condition is None and question.purpose is None
    return question.type.name in SCALES and always and not question.lower_is_better


def _passed_over(questions: Sequence[Question]) -> set[str]:
    """The ids of the questions that a jump may leave out."""
    names = [question.id for question in questions]
    return {
        name
        for place, question in enumerate(questions)
        for jump in question.jumps
        for name in names[place + 1 : None if jump.to is None else names.index(jump.to)]
    }


def series(asked_as: Marks) -> str:
    """A digest of what the customer is asked: wording in every language and mode, scale, what stands before it."""
    return hashlib.sha256(canonical_json(asked_as).encode()).hexdigest()[:SERIES_DIGITS]


def common_readings(definitions: Sequence[Definition]) -> tuple[tuple[Reading, ...], frozenset[str]]:
    """The indicators of the last version, and the questions among them that another version asked differently.

    Cosmetic edits break nothing, nor does a language that only some versions have (``surveys.series``).
    """
    each = [{reading.indicator.code: reading for reading in readings(asked_questions(d))} for d in definitions]
    latest = tuple(each[-1].values()) if each else ()
    return latest, frozenset(reading.asked.question for reading in latest if _is_broken(reading.indicator.code, each))


def _is_broken(indicator: str, versions: Sequence[Mapping[str, Reading]]) -> bool:
    """Whether an indicator is read from other questions, from none, or from one that was asked differently."""
    if not all(indicator in found for found in versions):
        return True
    # The digests hold the id of the question, so that the same words under another id are another question.
    return is_broken([found[indicator].asked.marks for found in versions])


def counted_value(value: Any) -> int | None:
    """An answer's value as the number that figures count.

    None for what is none: a declined question, a choice, several of them, a day, words.
    """
    if isinstance(value, bool) or not isinstance(value, int | str):
        return None
    return value if isinstance(value, int) else {"yes": 1, "no": 0}.get(value)


def counted_questions(definition: Definition) -> frozenset[str]:
    """The ids of the questions on a scale: those whose answers are counted."""
    return frozenset(question.id for question in compile_version(definition).questions if question.type.name in SCALES)
