"""Free text. The words live in an erasable row; the event itself has no value."""

from typing import Any

from surveys import replies
from surveys.questions.base import Option, Question, QuestionType, Reading, Unreadable, Value

MOST_CHARACTERS = 4000


class Comment(QuestionType):
    """Words of the customer, up to 4,000 characters."""

    name = "comment"

    def parse_web(self, question: Question, raw: str) -> Value:
        if len(raw) > MOST_CHARACTERS:
            raise Unreadable("too-long")
        return None

    def parse_sms(self, question: Question, body: str, language: str) -> Reading:
        if replies.declines(body):
            return Reading(None, skipped=True)
        return Reading(None, body.strip()[:MOST_CHARACTERS])

    def options(self, question: Question, language: str) -> list[Option]:
        return []

    def compares_with(self, question: Question, operand: Any) -> bool:
        return False
