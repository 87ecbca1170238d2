"""Questions with named answers: yes or no, and one of a list."""

import re
from collections.abc import Sequence
from datetime import date
from typing import ClassVar

from surveys import replies
from surveys.questions.base import Question, QuestionType, Reading, Unreadable, Value, one_of

AND = re.compile(r"^(?:(?:et|ou|and|or)\b|[\s,/+&])+", re.IGNORECASE)


class SingleChoice(QuestionType):
    """One of the choices the questionnaire lists; the value is the id of the choice."""

    name = "choice"
    keys = frozenset({"choices", "random_order"})
    reply_form = "choice"

    def read_web(self, question: Question, given: Sequence[str], shown: Sequence[str]) -> Reading:
        return Reading(known_choice(question, one_of(given), shown))

    def read_sms(self, question: Question, body: str, language: str, order: Sequence[str], day: date | None) -> Reading:
        """A choice by its number in the message, or by one of its short words or its label."""
        listed = list(order) or [choice.id for choice in question.choices]
        phrases = phrases_of(question, language, listed)
        number, words = replies.leading_number(body)
        numbered = listed[number - 1] if number is not None and 1 <= number <= len(listed) else None
        said = replies.leading_phrase(body, phrases)
        named = said or (numbered and (numbered, words))
        if not named:
            raise Unreadable("unknown-choice" if number is None else "out-of-range")
        also = replies.leading_phrase(AND.sub("", named[1]), phrases)
        meant = {named[0], also[0]} if also else {named[0]}
        if number is not None and not (said and len(said[1]) < len(words)):  # "2 or more" says more than "2"
            meant |= {numbered or named[0], *replies.begun_with(phrases, number)}
        if len(meant) > 1:
            raise Unreadable("more-than-one-reading")
        return Reading(*named)

    def values(self, question: Question) -> tuple[Value, ...]:
        return tuple(choice.id for choice in question.choices)


class YesNo(SingleChoice):
    """Yes or no; the value is ``yes`` or ``no``."""

    name = "yes_no"
    choice_ids: ClassVar[tuple[str, ...] | None] = ("yes", "no")
    keys = frozenset({"choices"})
    reply_form = "yes_no"

    def read_sms(self, question: Question, body: str, language: str, order: Sequence[str], day: date | None) -> Reading:
        answer, words = replies.leading_yes_no(body)
        if answer is None:
            raise Unreadable("neither-yes-nor-no")
        return Reading("yes" if answer else "no", words)


def known_choice(question: Question, name: str, shown: Sequence[str] = ()) -> str:
    """``name`` if it is the id of a choice, and of one that was ``shown``. Raises Unreadable."""
    if name not in (shown or [choice.id for choice in question.choices]):
        raise Unreadable("unknown-choice")
    return name


def phrases_of(question: Question, language: str, listed: Sequence[str]) -> dict[str, list[str]]:
    """What people may write for each of the ``listed`` choices: its short words, its label, its id if it is a word."""
    return {
        choice.id: [*choice.words.get(language, ()), choice.label.get(language, ""), *_word(choice.id)]
        for choice in question.choices
        if choice.id in listed
    }


def _word(name: str) -> list[str]:
    """An id that is a number would be taken for a place in the list."""
    return [] if name.isdigit() else [name.replace("_", " ")]
