"""A text to be read, with or without a box to agree to it."""

from collections.abc import Sequence
from datetime import date

from surveys.questions.base import Option, Question, Reading, Unreadable, Value, one_of
from surveys.questions.choices import YesNo

SEEN = "seen"
CHOICES = ("yes", "no")
# Said where no page can be: a box has no other label for "no".
LABELS = {"fr": ("Oui", "Non"), "en": ("Yes", "No")}


class Statement(YesNo):
    """A statement. Without ``consent`` its value is ``seen``; with it ``yes`` or ``no``: a box left empty is a no."""

    name = "statement"
    choice_ids = None
    keys = frozenset({"consent"})

    def left_empty(self, question: Question) -> Reading:
        """Going on is having seen it; no consent is given in silence, and where it is required silence is no answer."""
        if not question.consent:
            return Reading(SEEN)
        return super().left_empty(question) if question.required else Reading("no")

    def read_web(self, question: Question, given: Sequence[str], shown: Sequence[str]) -> Reading:
        answer = one_of(given)
        if answer not in self.values(question):
            raise Unreadable("unknown-choice")
        return Reading(answer)

    def read_sms(self, question: Question, body: str, language: str, order: Sequence[str], day: date | None) -> Reading:
        if not question.consent:
            raise Unreadable("web-only")
        return super().read_sms(question, body, language, order, day)

    def asks_by_sms(self, question: Question) -> bool:
        return bool(question.consent)

    def options(self, question: Question, language: str, order: Sequence[str] = ()) -> list[Option]:
        """Yes and no where consent is asked, nothing where it is not; the box itself is labelled ``consent``."""
        if not question.consent:
            return []
        return [Option(value, label) for value, label in zip(CHOICES, LABELS.get(language, LABELS["en"]), strict=True)]

    def value_label(self, question: Question, value: Value, language: str) -> str:
        """That a statement was seen is nothing to say."""
        return "" if value == SEEN else super().value_label(question, value, language)

    def values(self, question: Question) -> tuple[Value, ...]:
        return CHOICES if question.consent else (SEEN,)
