"""Days within bounds."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from surveys import reply_dates
from surveys.questions.base import Question, QuestionType, Reading, Unreadable, Value, one_of


class Date(QuestionType):
    """A day, kept as YYYY-MM-DD; ``least`` and ``most`` are inclusive."""

    name = "date"
    keys = frozenset({"least", "most"})
    reply_form = "date"

    def read_web(self, question: Question, given: Sequence[str], shown: Sequence[str]) -> Reading:
        return Reading(self._within(question, reply_dates.whole_date(one_of(given))))

    def read_sms(self, question: Question, body: str, language: str, order: Sequence[str], day: date | None) -> Reading:
        """A day with its year; without one only where the day of the message leaves no doubt which it is."""
        found, words = reply_dates.leading(body, day, *self._bounds(question))
        return Reading(self._within(question, found), words)

    def values(self, question: Question) -> None:
        return None

    def value_label(self, question: Question, value: Value, language: str) -> str:
        return reply_dates.spoken(date.fromisoformat(str(value)), language) if value else ""

    def compares_with(self, question: Question, operand: Any) -> bool:
        return isinstance(operand, str) and (reply_dates.is_iso(operand) or super().compares_with(question, operand))

    def _within(self, question: Question, found: date | None) -> str:
        if found is None:
            raise Unreadable("not-a-date")
        least, most = self._bounds(question)
        if (least and found < least) or (most and found > most):
            raise Unreadable("out-of-range")
        return found.isoformat()

    def _bounds(self, question: Question) -> tuple[date | None, date | None]:
        bounds = (question.least, question.most)
        least, most = (date.fromisoformat(bound) if isinstance(bound, str) else None for bound in bounds)
        return least, most
