"""What a question is, and what every type of question can do."""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, ClassVar

from surveys import replies
from surveys.conditions import Condition
from surveys.questions import declining
from surveys.questions.declining import NOT_APPLICABLE, PREFER_NOT
from surveys.replies import Unreadable

__all__ = [
    "DECLINED", "NOT_APPLICABLE", "PREFER_NOT", "WORDS", "Choice", "Jump", "Option", "Question", "QuestionType",
    "Reading", "Texts", "Unreadable", "Value", "offered", "one_of",
    "stored",
]  # fmt: skip

#: A whole number, a decimal, a choice id, a date (YYYY-MM-DD), several choice ids; None for words alone.
Value = int | float | str | tuple[str, ...] | None
Texts = Mapping[str, str]

#: Answers of their own to any question that offers them: neither a value of its scale nor silence.
DECLINED = (NOT_APPLICABLE, PREFER_NOT)
#: The code of an answer that is words: they stand in a column of their own, or are left out of the file.
WORDS = "_words"


@dataclass(frozen=True)
class Reading:
    """What a reply said: its value, and the words that came with it (empty if none)."""

    value: Value
    words: str = ""
    skipped: bool = False


@dataclass(frozen=True)
class Option:
    """One line of a scale or list, as shown: the value posted and its label."""

    value: str
    label: str


@dataclass(frozen=True)
class Choice:
    """A choice with its own id. ``wants`` is what choosing it asks of us; ``words`` are short SMS replies for it.

    ``fixed`` keeps its place when the others are shuffled; ``exclusive`` cannot be chosen together with another.
    """

    id: str
    label: Texts
    words: Mapping[str, Sequence[str]] = field(default_factory=dict)
    wants: str | None = None
    condition: Condition | None = None
    fixed: bool = False
    exclusive: bool = False


@dataclass(frozen=True)
class Jump:
    """Go on at the later question ``to``, or end (None), when ``condition`` holds; None: always."""

    to: str | None
    condition: Condition | None = None


@dataclass(frozen=True)
class Question:
    """One question of a compiled version. ``sms`` is None when it is asked on the web only.

    Neighbours with one ``page`` share a screen; without one a question has a screen of its own. ``least`` and ``most``,
    both inclusive, bound a number or date (YYYY-MM-DD), or how many choices may be taken. ``lower_is_better`` is the
    polarity of a scale. ``not_applicable`` and ``prefer_not`` are the labels of those answers, empty if not offered.
    """

    id: str
    type: "QuestionType"
    title: Texts
    hint: Texts
    low_end: Texts
    high_end: Texts
    choices: tuple[Choice, ...]
    sms: Texts | None
    theme: str | None
    purpose: str | None
    required: bool
    condition: Condition | None
    required_when: Condition | None = None
    jumps: tuple[Jump, ...] = ()
    page: str | None = None
    shuffled: bool = False
    lower_is_better: bool = False
    not_applicable: Texts = field(default_factory=dict)
    prefer_not: Texts = field(default_factory=dict)
    consent: Texts = field(default_factory=dict)
    least: int | float | str | None = None
    most: int | float | str | None = None
    decimals: int = 0
    parts: int | None = None


class QuestionType(ABC):
    """What a type must know: how to read each kind of reply, and how to show and code its values.

    A type implements ``read_web``, ``read_sms`` and ``values``. What holds for every type is here: a field left empty,
    and "not applicable" and "prefer not to answer" where the question offers them.
    """

    name: ClassVar[str]
    #: The keys of a definition that mean something to this type, beyond those that every question may have.
    keys: ClassVar[frozenset[str]] = frozenset()
    #: The ids its choices must have, in that order; None: its own, if it has any.
    choice_ids: ClassVar[tuple[str, ...] | None] = None
    takes_sms: ClassVar[bool] = True
    #: Whether several values are given: posted under one name, or in one cell of a file with semicolons between them.
    takes_several: ClassVar[bool] = False
    #: Whether the order of several values is the answer.
    keeps_order: ClassVar[bool] = False
    #: Whether the answer is words alone: its value is None, the words live in an erasable row.
    holds_words: ClassVar[bool] = False
    #: How to reply by SMS: a key of ``sms_texts.FORMS``.
    reply_form: ClassVar[str]

    def parse_web(self, question: Question, raw: Sequence[str], shown: Sequence[str] = ()) -> Reading:
        """The answer posted under one field; ``skipped`` if it was left empty. Raises Unreadable.

        ``shown`` are the ids of the choices this person saw, empty for all of them: no other can be chosen.
        """
        given = tuple(text.strip() for text in raw)
        if not any(given):
            return self.left_empty(question)
        declined = {text for text in given if text in offered(question)}
        if declined:
            if len({text for text in given if text}) > 1:
                raise Unreadable("declined-and-answered")
            return Reading(declined.pop())
        reading = self.read_web(question, given, shown)
        return replace(reading, words=replies.storable(reading.words))

    def parse_cell(self, question: Question, cell: str) -> Reading:
        """The answer in a cell of a file. Raises Unreadable."""
        return self.parse_web(question, cell.split(";") if self.takes_several else (cell,))

    def parse_sms(
        self, question: Question, body: str, language: str, order: Sequence[str] = (), day: date | None = None
    ) -> Reading:
        """The answer an SMS gives, and the words beside it. Raises Unreadable.

        ``order`` are the ids of the choices as the message numbered them, empty for that of the questionnaire.
        ``day`` is that of the message where its writer is; without it a date needs its year.
        """
        declined = declining.read(body, offered(question), language, whole=self.holds_words)
        reading = Reading(*declined) if declined else self.read_sms(question, body, language, order, day)
        return replace(reading, words=replies.storable(reading.words))

    @property
    def accepts_choices(self) -> bool:
        """Whether its questions list choices."""
        return "choices" in self.keys

    @property
    def accepts_ends(self) -> bool:
        """Whether the two ends of its scale have names."""
        return "low_end" in self.keys

    @abstractmethod
    def read_web(self, question: Question, given: Sequence[str], shown: Sequence[str]) -> Reading:
        """What was posted, trimmed and not all empty. Raises Unreadable."""

    @abstractmethod
    def read_sms(self, question: Question, body: str, language: str, order: Sequence[str], day: date | None) -> Reading:
        """What a reply says that declines nothing. Raises Unreadable."""

    @abstractmethod
    def values(self, question: Question) -> tuple[Value, ...] | None:
        """Every value an answer can have, those that decline left out; None if they are too many to name."""

    def domain(self, question: Question) -> tuple[Value, ...] | None:
        """Every value an answer can have; None if they are too many to name. For checks before publication."""
        values = self.values(question)
        return None if values is None else (*values, *offered(question))

    def left_empty(self, question: Question) -> Reading:
        """What a field left empty says: nothing."""
        return Reading(None, skipped=True)

    def asks_by_sms(self, question: Question) -> bool:
        """Whether this question can be asked by SMS at all."""
        return self.takes_sms

    def options(self, question: Question, language: str, order: Sequence[str] = ()) -> list[Option]:
        """The lines to show, those of ``order`` in that order if it is given; empty where an answer is written."""
        labels = {choice.id: choice.label.get(language, "") for choice in question.choices}
        return [Option(name, labels[name]) for name in order or labels]

    def declining_options(self, question: Question, language: str) -> list[Option]:
        """The answers of their own that the question offers, to be shown apart from its scale or list."""
        return [Option(value, labels.get(language, "")) for value, labels in offered(question).items()]

    def label(self, question: Question, value: Value, language: str) -> str:
        """An answer as a person reads it; empty where it is words alone."""
        if isinstance(value, str) and value in DECLINED:
            return offered(question).get(value, {}).get(language, "")
        return self.value_label(question, value, language)

    def value_label(self, question: Question, value: Value, language: str) -> str:
        """The label of a value that declines nothing."""
        labels = {option.value: option.label for option in self.options(question, language)}
        return labels.get(str(value), "" if value is None else str(value))

    def code(self, question: Question, value: Value) -> str:
        """The value as it stands in an exported file; no two values of a question share a code."""
        if value is None:
            return WORDS
        return str(value)

    def compares_with(self, question: Question, operand: Any) -> bool:
        """Whether a condition may compare this question's value with ``operand``."""
        known = self.domain(question)
        return known is not None and operand is not None and operand in known


def offered(question: Question) -> dict[str, Texts]:
    """The answers of their own that a question offers, with their labels."""
    both = {NOT_APPLICABLE: question.not_applicable, PREFER_NOT: question.prefer_not}
    return {value: labels for value, labels in both.items() if labels}


def stored(value: Any) -> Value:
    """A value as it comes out of the database, where several choices are a list."""
    return tuple(value) if isinstance(value, list) else value


def one_of(given: Sequence[str]) -> str:
    """The one value posted. Raises Unreadable when there are several."""
    filled = [text for text in given if text]
    if len(filled) > 1:
        raise Unreadable("more-than-one")
    return filled[0]
