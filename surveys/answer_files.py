"""Answers in a table: which column is which question, and what each row says."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from surveys.definitions import CompiledVersion
from surveys.questions.base import WORDS, Question, Unreadable
from surveys.refusals import SurveyRefused

#: The usual names of the column that says whose answers a row holds.
ID_COLUMNS = ("contact", "external_id", "public_id", "contact_id", "invitation")


@dataclass(frozen=True)
class Columns:
    """The place of the id column, and of each question's column."""

    id_place: int
    id_name: str
    questions: tuple[tuple[Question, str, int], ...]


@dataclass(frozen=True)
class Fault:
    """A cell that is no answer: its column, and why."""

    field: str
    code: str


@dataclass(frozen=True)
class Row:
    """One row: whose (empty if unsaid), the readable answers as (question id, text), and the cells that are none."""

    line: int
    cells: Sequence[str]
    name: str
    answers: tuple[tuple[str, str], ...]
    faults: tuple[Fault, ...]


def find_columns(
    header: Sequence[str], version: CompiledVersion, mapping: Mapping[str, str], id_column: str | None
) -> Columns:
    """Find the columns: those ``mapping`` names (column → question id), else those named like a question.

    Raises SurveyRefused: ``unknown-column``, ``unknown-question``, ``no-id-column`` or ``no-answer-columns``.
    """
    places = {name.strip(): place for place, name in enumerate(header)}
    wanted = dict(mapping) or {question.id: question.id for question in version.questions if question.id in places}
    found = []
    for column, question_id in wanted.items():
        question = version.question(question_id)
        if column not in places:
            raise SurveyRefused("unknown-column", column=column, columns=list(places))
        if question is None:
            raise SurveyRefused("unknown-question", question=question_id)
        found.append((question, column, places[column]))
    if not found:
        raise SurveyRefused("no-answer-columns", questions=[question.id for question in version.questions])
    name = id_column or next((usual for usual in ID_COLUMNS if usual in places), None)
    if name is None or name not in places:
        raise SurveyRefused("no-id-column", column=name or "", usual=list(ID_COLUMNS))
    return Columns(places[name], name, tuple(found))


def read_row(line: int, cells: Sequence[str], columns: Columns) -> Row:
    """What a row says; an empty cell is no answer and no fault."""
    answers, faults = [], []
    for question, column, place in columns.questions:
        raw = cells[place].strip() if place < len(cells) else ""
        if raw in ("", WORDS):  # an export without the customers' words marks where there were some
            continue
        try:
            reading = question.type.parse_cell(question, raw)
        except Unreadable as fault:
            faults.append(Fault(column, fault.code))
        else:
            answers += [] if reading.skipped else [(question.id, raw)]
    name = cells[columns.id_place].strip() if columns.id_place < len(cells) else ""
    return Row(line, cells, name, tuple(answers), tuple(faults))
