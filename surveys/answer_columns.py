"""Answers as a table: which columns there are, and what an interview says in them.

One column for each question, with the code of its answer; for a question that takes several choices one more for each
choice: 1 or 0, or its rank; empty where it was not shown. The columns of the oldest version come first and later
versions only add to them, so nothing ever moves: an option that went keeps its column.
"""

import json
from collections.abc import Iterable, Mapping, Sequence

from foundation.cells import safe_cell
from surveys.definitions import CompiledVersion
from surveys.questions.base import Question, Value, stored

#: What stands before the columns of the questions.
HEADER = ("invitation", "contact", "stratum", "disposition", "language", "completed_on", "version")
#: Between two events as they come packed out of the database, and between the fields of one.
BETWEEN, WITHIN = "\x1e", "\x1f"  # JSON never holds them as they are
#: Readings kept at a time: most answers are the same few, but amounts and orders are not.
MOST_KEPT = 20_000
ITSELF, WORDS = "", "(words)"

Place = tuple[str, str]  # a question, and which of its columns: ITSELF, WORDS or a choice
Cells = tuple[tuple[int, str], ...]


def places(versions: Iterable[CompiledVersion], words: bool = False) -> tuple[Place, ...]:
    """The columns of a file with answers to ``versions``, oldest first; ``words``: beside each question its words."""
    found: dict[Place, None] = {}
    for version in versions:
        for question in version.questions:
            own = (ITSELF, WORDS) if words else (ITSELF,)
            found |= dict.fromkeys((question.id, column) for column in (*own, *_choices(question)))
    return tuple(found)


def column_name(place: Place) -> str:
    """What a column is called: "subjects", "subjects (words)", "subjects.bill"."""
    question, column = place
    return {ITSELF: question, WORDS: f"{question} {WORDS}"}.get(column, f"{question}.{column}")


class AnswerTable:
    """Turns the events of an interview into the cells of its row."""

    def __init__(self, versions: Mapping[int, CompiledVersion], columns: Sequence[Place]) -> None:
        self.versions = versions
        self.columns = {place: number for number, place in enumerate(columns)}
        self._empty = [""] * len(columns)
        self._kept: dict[int, dict[str, Cells]] = {number: {} for number in versions}

    def cells(self, version_id: int, said: str | None) -> list[str]:
        """The cells of an interview on that version; ``said`` are its deciding events in their order.

        Each is packed as question, value and what was shown, both JSON and the last only if it is there; the question
        alone where there is no answer any more.
        """
        row = self._empty.copy()
        kept = self._kept[version_id]
        for packed in said.split(BETWEEN) if said else ():
            cells = kept.get(packed)
            if cells is None:
                cells = self._read(version_id, packed)
            for place, cell in cells:
                row[place] = cell
        return row

    def put_words(self, row: list[str], said: str | None, texts: Mapping[int, str]) -> None:
        """Fill in the words beside the answers: ``texts`` are those of the events, by their position."""
        for packed in said.split(BETWEEN) if said else ():
            question_id, *answer = packed.split(WITHIN)
            row[self.columns[question_id, WORDS]] = safe_cell(texts.get(int(answer[-1]), "")) if answer else ""

    def _read(self, version_id: int, packed: str) -> Cells:
        """The cells that one event fills; without a value after its question it empties them."""
        kept = self._kept[version_id]
        if len(kept) >= MOST_KEPT:
            kept.clear()
        question_id, *answer = packed.split(WITHIN)
        question = self.versions[version_id].question(question_id)
        if question is None:
            raise LookupError(question_id)
        value, shown = (json.loads(field) if field else None for field in [*answer, "", ""][:2])
        cells = answer_cells(question, stored(value), tuple(shown or ())) if answer else _none(question)
        kept[packed] = tuple((self.columns[question_id, column], cell) for column, cell in cells.items())
        return kept[packed]


def answer_cells(question: Question, value: Value, shown: Sequence[str] = ()) -> dict[str, str]:
    """Column → cell of one answer; ``shown`` are the ids of the choices that were shown, empty for all of them."""
    code = {ITSELF: question.type.code(question, value)}
    if not isinstance(value, tuple):
        return {**_none(question), **code}
    ranked = question.type.keeps_order
    given = {name: str(rank) if ranked else "1" for rank, name in enumerate(value, 1)}
    not_given = dict.fromkeys(shown or _choices(question), "" if ranked else "0")
    return {**_none(question), **not_given, **given, **code}


def _none(question: Question) -> dict[str, str]:
    return dict.fromkeys((ITSELF, *_choices(question)), "")


def _choices(question: Question) -> tuple[str, ...]:
    return tuple(choice.id for choice in question.choices) if question.type.takes_several else ()
