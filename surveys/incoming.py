"""What may come in to an interview: a page, a message, a row of a file, an ending, the choice of a language."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

_STEP = re.compile(r"[a-z][a-z0-9_]{0,40}\.\d{1,6}")


@dataclass(frozen=True)
class WebPage:
    """A posted page: the step it was shown for, and what was typed or chosen for each question that was on it.

    A question with nothing (an empty tuple, or only spaces) was left empty. ``language`` is the one the page was
    shown in, empty if it is the interview's.
    """

    step: str
    answers: Mapping[str, tuple[str, ...]]
    language: str = ""

    @property
    def first(self) -> str:
        """The id of the first question of the page."""
        return self.step.partition(".")[0]

    @property
    def echoed(self) -> str:
        """The step as it is stored: empty if it is none that we wrote."""
        return self.step if _STEP.fullmatch(self.step) else ""

    @property
    def events_shown(self) -> int:
        """How many events the interview had when the page was made; 0 where the step says none."""
        count = self.step.rpartition(".")[2]
        return int(count) if count.isdecimal() and len(count) < 6 else 0


@dataclass(frozen=True)
class SmsReply:
    """A message. ``unsent`` is how many of our last questions have not gone out: it can be no answer to those.

    ``for_person`` says why a person must read it: ``distress``, ``complaint``, or empty. ``day`` is that of the
    message where its writer is, for answers like "yesterday".
    """

    body: str
    language: str
    unsent: int = 0
    for_person: str = ""
    day: date | None = None


@dataclass(frozen=True)
class FileRow:
    """One person's answers in a file: (question id, what the file says), those that are new or changed."""

    answers: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Ending:
    """The customer ends it: ``refused``, ``stopped`` or ``wrong_person``."""

    how: str
    mode: str


@dataclass(frozen=True)
class ChooseLanguage:
    """From now on the interview speaks ``language``; one that the version does not have changes nothing."""

    language: str
    mode: str


@dataclass(frozen=True)
class GoOn:
    """Somebody of ours lets an interview go on by SMS that was left to a person."""


Incoming = WebPage | SmsReply | FileRow | Ending | ChooseLanguage | GoOn
_MODES = {WebPage: "web", SmsReply: "sms", FileRow: "file", GoOn: "sms"}


def mode_of(incoming: Incoming) -> str:
    """``sms``, ``web`` or ``file``."""
    return incoming.mode if isinstance(incoming, Ending | ChooseLanguage) else _MODES[type(incoming)]
