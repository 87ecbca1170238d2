"""What became of a file that was read: the questionnaire, and for each question of the file whether it came whole."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from surveys.editing.starting import free_id
from surveys.formats.texts import as_id
from surveys.publication.choices import CHOICE_NAME
from surveys.publication.names import RESERVED
from surveys.publication.values import NAME

MOST_QUESTIONS = 500
KEPT, CHANGED, DROPPED = "kept", "changed", "dropped"
#: A note that changes nothing but capitals of ids.
LOWERED = "lowered"


class NotReadable(ValueError):
    """A file that is no questionnaire of its format, or one that may do harm. ``code`` says which."""

    def __init__(self, code: str = "not-a-questionnaire", **facts: Any) -> None:
        super().__init__(code)
        self.code = code
        self.facts = facts


@dataclass(frozen=True)
class Dropped:
    """Something of the file that is not in the questionnaire, or is there otherwise: where it stood, and why.

    ``code`` is one of ``pages.dropped``.
    """

    where: str
    code: str
    value: Any = None


@dataclass(frozen=True)
class Source:
    """One question of the file: where it stands, its name there, and the ids of the questions it became."""

    where: str
    name: str
    ids: tuple[str, ...]


@dataclass(frozen=True)
class Fate:
    """What became of one question of the file. ``state`` is kept, changed or dropped."""

    source: Source
    state: str
    notes: tuple[Dropped, ...]


@dataclass(frozen=True)
class Imported:
    """A definition (publishing asks whether it is complete) and everything that did not come with it as it was."""

    definition: dict[str, Any]
    dropped: list[Dropped]
    sources: list[Source] = field(default_factory=list)

    @property
    def fates(self) -> list[Fate]:
        """What became of each question, in the order of the file."""
        return [
            Fate(source, _state(source, notes), notes) for source in self.sources for notes in [self._notes(source)]
        ]

    @property
    def elsewhere(self) -> list[Dropped]:
        """What was left out or changed outside of any question."""
        told = {id(note) for fate in self.fates for note in fate.notes}
        return [note for note in self.dropped if id(note) not in told]

    def _notes(self, source: Source) -> tuple[Dropped, ...]:
        inside = source.where + "."
        return tuple(note for note in self.dropped if note.where == source.where or note.where.startswith(inside))


def _state(source: Source, notes: Sequence[Dropped]) -> str:
    if not source.ids:
        return DROPPED
    return CHANGED if any(note.code != LOWERED for note in notes) else KEPT


class Notes:
    """What a reader notes on its way through a file: what it leaves out or renames, which question became what."""

    def __init__(self) -> None:
        self.dropped: list[Dropped] = []
        self.sources: list[Source] = []
        self.taken: set[str] = set()

    def drop(self, where: str, code: str, value: Any = None) -> None:
        self.dropped.append(Dropped(where, code, value))

    def source(self, where: str, name: str, ids: Sequence[str]) -> None:
        """Say what the question at ``where`` became. Raises NotReadable where a file has more than MOST_QUESTIONS."""
        self.sources.append(Source(where, name, tuple(ids)))
        if len(self.sources) > MOST_QUESTIONS or len(self.taken) > MOST_QUESTIONS:
            raise NotReadable("too-many-questions", most=MOST_QUESTIONS)

    def question_id(self, value: Any, where: str) -> str:
        """The id of a question: its name if it may be one and nobody has it, else one made of it, and noted."""
        name = self._renamed(value, NAME, self.taken | set(RESERVED), where)
        self.taken.add(name)
        return name

    def choice_id(self, value: Any, where: str, taken: set[str]) -> str:
        """The id of a choice, which joins those ``taken`` in its question."""
        name = self._renamed(value, CHOICE_NAME, taken, where)
        taken.add(name)
        return name

    def page_id(self, value: Any, where: str) -> str:
        return self._renamed(value, NAME, set(), where)

    def _renamed(self, value: Any, form: re.Pattern[str], taken: set[str], where: str) -> str:
        name = str(value)
        if form.fullmatch(name) and name not in taken:
            return name
        made = as_id(name)
        made = made if form.fullmatch(made) else f"q_{made}"[:40]
        made = free_id(made, taken)
        if made == name.lower():
            self._lower(where, name, made)
        else:
            self.drop(where, "renamed", {"from": value, "to": made})
        return made

    def _lower(self, where: str, name: str, made: str) -> None:
        """One note for all the choices of a question."""
        listed = where.rpartition(".")[0] if where.rpartition(".")[2].isdigit() and ".choices." in where else where
        last = self.dropped[-1] if self.dropped else None
        if last is None or (last.where, last.code) != (listed, LOWERED):
            self.drop(listed, LOWERED, [])
        self.dropped[-1].value.append({"from": name, "to": made})
