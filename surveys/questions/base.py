"""What a question is, and what every type of question can do."""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

from surveys.conditions import Condition

#: A whole number, a decimal, a choice id, a date (YYYY-MM-DD), several choice ids; None for words alone.
Value = int | float | str | tuple[str, ...] | None
Texts = Mapping[str, str]

#: Answers of their own to any question that offers them: neither a value of its scale nor silence.
NOT_APPLICABLE = "_na"
PREFER_NOT = "_private"
DECLINED = (NOT_APPLICABLE, PREFER_NOT)


class Unreadable(ValueError):
    """A reply that is no answer to the question; ``code`` says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


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
    """What a type must know: how to read each kind of reply, and how to show and code its values."""

    name: ClassVar[str]
    accepts_choices: ClassVar[bool] = False
    accepts_ends: ClassVar[bool] = False
    choice_ids: ClassVar[tuple[str, ...] | None] = None

    @abstractmethod
    def parse_web(self, question: Question, raw: str) -> Value:
        """The value posted by a form or found in a file. Raises Unreadable."""

    @abstractmethod
    def parse_sms(self, question: Question, body: str, language: str) -> Reading:
        """The value and the remaining words of an SMS reply. Raises Unreadable."""

    @abstractmethod
    def options(self, question: Question, language: str) -> list[Option]:
        """The lines to show, in their order; empty for free text."""

    def code(self, value: Value) -> str:
        """The value as it stands in an exported file."""
        return "" if value is None else str(value)

    @abstractmethod
    def compares_with(self, question: Question, operand: Any) -> bool:
        """Whether a condition may compare this question's value with ``operand``."""
