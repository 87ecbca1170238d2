"""Questions with named answers: yes or no, and one of a list."""

from typing import Any

from surveys import replies
from surveys.questions.base import Option, Question, QuestionType, Reading, Unreadable, Value


class SingleChoice(QuestionType):
    """One of the choices the questionnaire lists; the value is the id of the choice."""

    name = "choice"
    accepts_choices = True

    def parse_web(self, question: Question, raw: str) -> Value:
        if raw.strip() not in self._ids(question):
            raise Unreadable("unknown-choice")
        return raw.strip()

    def parse_sms(self, question: Question, body: str, language: str) -> Reading:
        """A choice by its number in the list, or by one of its short words or its label."""
        for choice in question.choices:
            phrases = [*choice.words.get(language, ()), choice.label.get(language, ""), choice.id]
            words = replies.after_phrase(body, phrases)
            if words is not None:
                return Reading(choice.id, words)
        number, words = replies.leading_number(body)
        if number is None:
            raise Unreadable("unknown-choice")
        if not 1 <= number <= len(question.choices):
            raise Unreadable("out-of-range")
        return Reading(question.choices[number - 1].id, words)

    def options(self, question: Question, language: str) -> list[Option]:
        return [Option(choice.id, choice.label.get(language, "")) for choice in question.choices]

    def compares_with(self, question: Question, operand: Any) -> bool:
        return operand in self._ids(question)

    def _ids(self, question: Question) -> list[str]:
        return [choice.id for choice in question.choices]


class YesNo(SingleChoice):
    """Yes or no; the value is ``yes`` or ``no``."""

    name = "yes_no"
    choice_ids = ("yes", "no")

    def parse_sms(self, question: Question, body: str, language: str) -> Reading:
        answer, words = replies.leading_yes_no(body)
        if answer is None:
            raise Unreadable("neither-yes-nor-no")
        return Reading("yes" if answer else "no", words)
