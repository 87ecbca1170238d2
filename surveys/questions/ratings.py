"""Scales of whole numbers: satisfaction, recommendation, effort."""

from collections.abc import Sequence
from datetime import date
from typing import Any, ClassVar

from surveys import replies
from surveys.questions.base import Option, Question, QuestionType, Reading, Unreadable, Value, one_of


class Rating(QuestionType):
    """A whole number from ``lowest`` to ``highest``, both inclusive."""

    lowest: ClassVar[int]
    highest: ClassVar[int]
    keys = frozenset({"low_end", "high_end", "polarity"})
    reply_form = "scale"

    def __init_subclass__(cls) -> None:
        cls.choice_ids = tuple(str(number) for number in range(cls.lowest, cls.highest + 1))

    def read_web(self, question: Question, given: Sequence[str], shown: Sequence[str]) -> Reading:
        return Reading(self._within(replies.whole_number(one_of(given))))

    def read_sms(self, question: Question, body: str, language: str, order: Sequence[str], day: date | None) -> Reading:
        number, words = replies.leading_number(body, out_of=self.highest)
        return Reading(self._within(number), words)

    def options(self, question: Question, language: str, order: Sequence[str] = ()) -> list[Option]:
        labels = {choice.id: choice.label.get(language, "") for choice in question.choices}
        return [Option(number, labels.get(number, number)) for number in self.choice_ids or ()]

    def values(self, question: Question) -> tuple[Value, ...]:
        return tuple(range(self.lowest, self.highest + 1))

    def compares_with(self, question: Question, operand: Any) -> bool:
        return not isinstance(operand, bool) and super().compares_with(question, operand)

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
    keys = Rating.keys | {"choices"}

    def read_sms(self, question: Question, body: str, language: str, order: Sequence[str], day: date | None) -> Reading:
        """A number; or the label of a degree and nothing else: "satisfait mais …" is better asked again."""
        labels = {choice.id: [choice.label.get(language, "")] for choice in question.choices}
        said = replies.leading_phrase(body, labels)
        if said and not said[1]:
            return Reading(int(said[0]))
        return super().read_sms(question, body, language, order, day)


class Recommendation(Rating):
    """0 to 10, the two ends named: the scale of the net promoter score."""

    name = "recommendation"
    lowest, highest = 0, 10


class Effort(Rating):
    """1 to 7, the two ends named: agreement that the contact was easy."""

    name = "effort"
    lowest, highest = 1, 7
