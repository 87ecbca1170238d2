"""Scales of whole numbers: satisfaction, recommendation, effort."""

from typing import Any, ClassVar

from surveys import replies
from surveys.questions.base import Option, Question, QuestionType, Reading, Unreadable, Value


class Rating(QuestionType):
    """A whole number from ``lowest`` to ``highest``, both inclusive."""

    lowest: ClassVar[int]
    highest: ClassVar[int]
    accepts_ends = True

    def __init_subclass__(cls) -> None:
        cls.choice_ids = tuple(str(number) for number in range(cls.lowest, cls.highest + 1))

    def parse_web(self, question: Question, raw: str) -> Value:
        return self._within(replies.whole_number(raw))

    def parse_sms(self, question: Question, body: str, language: str) -> Reading:
        number, words = replies.leading_number(body, out_of=self.highest)
        return Reading(self._within(number), words)

    def options(self, question: Question, language: str) -> list[Option]:
        labels = {choice.id: choice.label.get(language, "") for choice in question.choices}
        return [Option(number, labels.get(number, number)) for number in self.choice_ids or ()]

    def compares_with(self, question: Question, operand: Any) -> bool:
        return isinstance(operand, int) and self.lowest <= operand <= self.highest

    def _within(self, number: int | None) -> int:
        if number is None:
            raise Unreadable("not-a-number")
        if not self.lowest <= number <= self.highest:
            raise Unreadable("out-of-range")
        return number


class Satisfaction(Rating):
    """Five labelled degrees, from 1 (not at all satisfied) to 5 (very satisfied)."""

    name = "satisfaction"
    lowest, highest = 1, 5
    accepts_choices = True


class Recommendation(Rating):
    """0 to 10, the two ends named: the scale of the net promoter score."""

    name = "recommendation"
    lowest, highest = 0, 10


class Effort(Rating):
    """1 to 7, the two ends named: agreement that the contact was easy."""

    name = "effort"
    lowest, highest = 1, 7
