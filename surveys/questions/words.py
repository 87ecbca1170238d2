"""Answers in the customer's own words. The words live in an erasable row; the event itself has no value."""

from collections.abc import Sequence
from datetime import date

from surveys import replies
from surveys.questions.base import Question, QuestionType, Reading, Unreadable, Value

MOST_CHARACTERS = 4000
MOST_IN_A_LINE = 250


class Comment(QuestionType):
    """Words of the customer, up to 4,000 characters."""

    name = "comment"
    holds_words = True
    reply_form = "comment"
    most_characters = MOST_CHARACTERS

    def read_web(self, question: Question, given: Sequence[str], shown: Sequence[str]) -> Reading:
        return Reading(None, self._fitting(next(text for text in given if text)))

    def read_sms(self, question: Question, body: str, language: str, order: Sequence[str], day: date | None) -> Reading:
        if replies.declines(body):
            return Reading(None, skipped=True)
        return Reading(None, self._fitting(body.strip()))

    def values(self, question: Question) -> tuple[Value, ...]:
        return (None,)

    def _fitting(self, text: str) -> str:
        if len(text) > self.most_characters:
            raise Unreadable("too-long")
        return text


class ShortText(Comment):
    """A few words on one line, up to 250 characters."""

    name = "text"
    most_characters = MOST_IN_A_LINE

    def _fitting(self, text: str) -> str:
        return super()._fitting(" ".join(text.split()))
