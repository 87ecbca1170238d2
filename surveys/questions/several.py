"""Questions that take several of a list: those that apply, or those that matter in their order."""

from collections.abc import Sequence
from datetime import date
from itertools import combinations, permutations

from surveys.questions.base import Question, QuestionType, Reading, Unreadable, Value
from surveys.questions.choices import known_choice, phrases_of
from surveys.reply_lists import leading_items, means_none, says_none

#: More values than these are not named one by one.
MOST_VALUES = 512


class Several(QuestionType):
    """Some choices of a list; the value is the tuple of their ids."""

    keys = frozenset({"choices", "random_order", "least", "most"})
    takes_several = True

    def value_label(self, question: Question, value: Value, language: str) -> str:
        labels = {choice.id: choice.label.get(language, "") for choice in question.choices}
        return ", ".join(labels.get(name, name) for name in value) if isinstance(value, tuple) else ""

    def code(self, question: Question, value: Value) -> str:
        return ";".join(value) if isinstance(value, tuple) else super().code(question, value)

    def _counted(self, question: Question, chosen: tuple[str, ...]) -> tuple[str, ...]:
        if question.least is not None and len(chosen) < int(question.least):
            raise Unreadable("too-few-chosen")
        if question.most is not None and len(chosen) > int(question.most):
            raise Unreadable("too-many-chosen")
        return chosen


class Multiple(Several):
    """Those of the choices that apply, in the order of the questionnaire."""

    name = "multiple"
    reply_form = "several"

    def read_web(self, question: Question, given: Sequence[str], shown: Sequence[str]) -> Reading:
        return Reading(self._chosen(question, {known_choice(question, name, shown) for name in given if name}))

    def read_sms(self, question: Question, body: str, language: str, order: Sequence[str], day: date | None) -> Reading:
        """Numbers of the message or names of choices; "aucun" for an exclusive choice that says so."""
        listed = list(order) or [choice.id for choice in question.choices]
        phrases = phrases_of(question, language, listed)
        none = [each.id for each in question.choices if each.exclusive and means_none(phrases.get(each.id, ()))]
        if len(none) == 1 and says_none(body):
            return Reading(tuple(none))
        names, words = leading_items(body, listed, phrases)
        if not names:
            raise Unreadable("unknown-choice")
        return Reading(self._chosen(question, set(names)), words)

    def values(self, question: Question) -> tuple[Value, ...] | None:
        names = [choice.id for choice in question.choices]
        least = 1 if question.least is None else max(1, int(question.least))
        most = len(names) if question.most is None else min(len(names), int(question.most))
        if len(names) > MOST_VALUES.bit_length() - 1:
            return None
        sizes = range(least, most + 1)
        return tuple(chosen for size in sizes for chosen in combinations(names, size) if self._may_be(question, chosen))

    def _chosen(self, question: Question, names: set[str]) -> tuple[str, ...]:
        chosen = tuple(choice.id for choice in question.choices if choice.id in names)
        if not self._may_be(question, chosen):
            raise Unreadable("exclusive-choice")
        return self._counted(question, chosen)

    def _may_be(self, question: Question, chosen: tuple[str, ...]) -> bool:
        return len(chosen) == 1 or not any(choice.exclusive for choice in question.choices if choice.id in chosen)


class Ranking(Several):
    """The choices that matter, best first. On the web only: a row of numbers in an SMS says neither rank nor item.

    A form posts one value for each rank, in order; ranks at the end may stay empty unless ``least`` asks for them.
    """

    name = "ranking"
    takes_sms = False
    keeps_order = True
    reply_form = "several"

    def read_web(self, question: Question, given: Sequence[str], shown: Sequence[str]) -> Reading:
        ranked = tuple(known_choice(question, name, shown) for name in given if name)
        if any(given[len(ranked) :]):
            raise Unreadable("rank-left-out")
        if len(set(ranked)) < len(ranked):
            raise Unreadable("ranked-twice")
        return Reading(self._counted(question, ranked))

    def read_sms(self, question: Question, body: str, language: str, order: Sequence[str], day: date | None) -> Reading:
        raise Unreadable("web-only")

    def values(self, question: Question) -> tuple[Value, ...] | None:
        names = [choice.id for choice in question.choices]
        least = 1 if question.least is None else max(1, int(question.least))
        most = len(names) if question.most is None else min(len(names), int(question.most))
        if len(names) > 5:
            return None
        return tuple(ranked for size in range(least, most + 1) for ranked in permutations(names, size))
