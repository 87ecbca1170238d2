"""What a question is, and what every type of question can do."""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

from surveys.conditions import Condition

Value = int | str | None
Texts = Mapping[str, str]


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
    """A choice with its own id. ``wants`` is what choosing it asks of us; ``words`` are short SMS replies for it."""

    id: str
    label: Texts
    words: Mapping[str, Sequence[str]] = field(default_factory=dict)
    wants: str | None = None


@dataclass(frozen=True)
class Question:
    """One question of a compiled version. ``sms`` is None when it is asked on the web only."""

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
