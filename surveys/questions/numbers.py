"""Numbers within bounds."""

from collections.abc import Sequence
from datetime import date

from surveys import reply_numbers
from surveys.questions.base import Question, QuestionType, Reading, Unreadable, Value, one_of

#: Bounds of a number without bounds of its own: what nine digits can say.
LIMIT = 999_999_999
MOST_VALUES = 512


class Number(QuestionType):
    """A whole number, or one of ``decimals`` decimals at most; ``least`` and ``most`` are inclusive."""

    name = "number"
    keys = frozenset({"least", "most", "decimals"})
    reply_form = "number"

    def read_web(self, question: Question, given: Sequence[str], shown: Sequence[str]) -> Reading:
        return Reading(self._within(question, reply_numbers.number(one_of(given), question.decimals)))

    def read_sms(self, question: Question, body: str, language: str, order: Sequence[str], day: date | None) -> Reading:
        """A number in digits or in words up to a hundred; a unit only if the question names it."""
        asked = f"{question.title.get(language, '')} {(question.sms or {}).get(language, '')}"
        said, words = reply_numbers.leading(body, question.decimals, asked)
        return Reading(self._within(question, said), words)

    def values(self, question: Question) -> tuple[Value, ...] | None:
        if question.decimals or question.least is None or question.most is None:
            return None
        lowest, highest = int(question.least), int(question.most)
        return tuple(range(lowest, highest + 1)) if highest - lowest < MOST_VALUES else None

    def value_label(self, question: Question, value: Value, language: str) -> str:
        written = self.code(question, value)
        return written.replace(".", ",") if language == "fr" else written

    def code(self, question: Question, value: Value) -> str:
        """With a point, and all the decimals the question takes; SQLite gives 2.0 back as 2."""
        return f"{value:.{question.decimals}f}" if isinstance(value, int | float) else super().code(question, value)

    def _within(self, question: Question, number: int | float | None) -> int | float:
        if number is None:
            raise Unreadable("not-a-number")
        least = -LIMIT if question.least is None else question.least
        most = LIMIT if question.most is None else question.most
        if not float(least) <= number <= float(most):
            raise Unreadable("out-of-range")
        return number
