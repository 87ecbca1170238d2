"""Answers that come in a file: for programmes whose interviews are held elsewhere."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import select, union

from contacts.models import Contact
from contacts.reading import Table, UnreadableFile, read_table
from foundation.database import db
from surveys.answer_files import Columns, Fault, Row, find_columns, read_row
from surveys.engine import FileRow
from surveys.interview_events import state_of
from surveys.models import Invitation, Programme
from surveys.queries.interviews import Interview, interviews_of
from surveys.questionnaires import published_version
from surveys.refusals import SurveyRefused
from surveys.services.recording import take

#: About a fifth of a second of work: SQLite has one writer.
ROWS_IN_A_PIECE = 50


@dataclass(frozen=True)
class Reject:
    """A row, or a cell of one, that could not be taken."""

    line: int
    cells: Sequence[str]
    fault: Fault


@dataclass
class Tally:
    """What became of the rows of a file: each is counted once; ``rejects`` also holds single cells of stored rows.

    ``stored`` and ``unchanged`` are rows of people who were drawn; ``no_answer`` rows have no cell to take.
    """

    stored: int = 0
    unchanged: int = 0
    no_answer: int = 0
    not_drawn: int = 0
    rejected: int = 0
    rejects: list[Reject] = field(default_factory=list)

    @property
    def rows(self) -> int:
        return self.stored + self.unchanged + self.no_answer + self.not_drawn + self.rejected

    def reject(self, row: Row, faults: Iterable[Fault]) -> None:
        self.rejects += [Reject(row.line, row.cells, fault) for fault in faults]

    def count(self, name: str) -> None:
        setattr(self, name, getattr(self, name) + 1)


@dataclass(frozen=True)
class AnswerFile:
    """A file whose columns are found, ready to be taken in."""

    programme_id: int
    table: Table
    columns: Columns


def read_answers(
    programme: Programme, content: bytes, mapping: Mapping[str, str], id_column: str | None = None
) -> AnswerFile:
    """Find out what the columns of a file are; ``mapping`` is column → question id, empty: columns named like one.

    Raises SurveyRefused: ``not-by-file``, ``unreadable-file``, or what ``find_columns`` refuses.
    """
    terms = programme.latest
    if terms.uses_addresses:
        raise SurveyRefused("not-by-file", key=programme.key)
    try:
        table = read_table(content)
    except UnreadableFile as fault:
        raise SurveyRefused("unreadable-file", reason=fault.code, line=fault.line) from fault
    version = terms.version
    compiled = published_version(str(version.content_hash), terms.low_score, lambda: version.definition)
    return AnswerFile(programme.id, table, find_columns(table.columns, compiled, mapping, id_column))


def import_answers(file: AnswerFile, tally: Tally, now: datetime) -> Iterator[int]:
    """Take in the rows, counting into ``tally``; yields the rows done after each piece, for the caller to commit.

    The same file twice adds nothing; a changed value is a correction. Rows of contacts that were not drawn are
    counted and left. Raises SurveyRefused ``unreadable-file`` where the file breaks off.
    """
    seen: set[str] = set()
    piece: list[Row] = []
    try:
        for line, cells in file.table.rows():
            piece.append(read_row(line, cells, file.columns))
            if len(piece) == ROWS_IN_A_PIECE:
                _import_piece(file, piece, seen, tally, now)
                yield tally.rows
                piece = []
    except UnreadableFile as fault:
        raise SurveyRefused("unreadable-file", reason=fault.code, line=fault.line) from fault
    _import_piece(file, piece, seen, tally, now)
    yield tally.rows


def _import_piece(file: AnswerFile, rows: list[Row], seen: set[str], tally: Tally, now: datetime) -> None:
    found = _contacts(file.programme_id, [row.name for row in rows if row.name])
    drawn = [each.invitation_id for each in found.values() if each and each.invitation_id is not None]
    interviews = interviews_of(drawn)
    for row in rows:
        if code := _row_fault(row, found, seen):
            tally.reject(row, [Fault(file.columns.id_name, code)])
            tally.count("rejected")
            continue
        seen.add(row.name)
        match = found[row.name]
        interview = interviews.get(match.invitation_id or 0) if match else None
        if interview is not None:
            tally.reject(row, row.faults)
        tally.count(_take_row(row, interview, now))


def _row_fault(row: Row, found: Mapping[str, Any], seen: set[str]) -> str | None:
    if not row.name:
        return "missing-id"
    if row.name in seen:
        return "repeated"
    if row.name not in found:
        return "unknown-contact"
    return "ambiguous-contact" if found[row.name] is None else None


def _take_row(row: Row, interview: Interview | None, now: datetime) -> str:
    """Store what is new in a row; the name of the count it goes under."""
    if interview is None:
        return "not_drawn"
    if not row.answers:
        return "rejected" if row.faults else "no_answer"
    changed = tuple((name, raw) for name, raw in row.answers if not _is_known(interview, name, raw))
    if not changed:
        return "unchanged"
    key = f"file:{interview.invitation.id}:{len(interview.events)}"
    take(interview, FileRow(changed), key, now)
    return "stored"


def _is_known(interview: Interview, question_id: str, raw: str) -> bool:
    state = state_of(interview.events)
    question = interview.version.question(question_id)
    if question is None or question_id not in state.answers:
        return False
    reading = question.type.parse_cell(question, raw)
    if question.type.holds_words:
        said = [event.words for event in interview.events if event.question_id == question_id]
        return (state.answers[question_id], said[-1]) == (reading.value, reading.words)
    return state.answers[question_id] == reading.value


@dataclass(frozen=True)
class _Match:
    contact_id: int
    invitation_id: int | None


def _contacts(programme_id: int, names: list[str]) -> dict[str, _Match | None]:
    """The contact behind each name (external or public id of the contact, public id of the invitation).

    Of two contacts with one external id (two logs) the drawn one is meant; None where that does not decide.
    """
    wanted = set(names)
    contacts = _named_contacts(programme_id, names)
    invitations = _invitations(programme_id, [contact.id for contact in contacts])
    by_name: dict[str, list[_Match]] = {}
    for contact in contacts:
        invitation_id, invitation_name = invitations.get(contact.id, (None, None))
        for name in {contact.external_id, contact.public_id, invitation_name} & wanted:
            by_name.setdefault(name, []).append(_Match(contact.id, invitation_id))
    return {name: _one(matches) for name, matches in by_name.items()}


def _named_contacts(programme_id: int, names: list[str]) -> Sequence[Any]:
    """Id, external and public id of the contacts that are called so, or whose invitation is.

    In three selects, each of which an index answers: one with three ORs over both tables reads each contact of
    the principal against each invitation of the programme.
    """
    principal_id = db.session.get_one(Programme, programme_id).principal_id
    sources = select(Contact.source).where(Contact.principal_id == principal_id).distinct()
    invited = select(Invitation.contact_id).where(
        Invitation.public_id.in_(names), Invitation.programme_id == programme_id
    )
    wanted = (
        Contact.source.in_(sources) & Contact.external_id.in_(names),
        Contact.public_id.in_(names),
        Contact.id.in_(invited),
    )
    columns = select(Contact.id, Contact.external_id, Contact.public_id).where(Contact.principal_id == principal_id)
    return db.session.execute(union(*(columns.where(each) for each in wanted))).all()


def _invitations(programme_id: int, contact_ids: list[int]) -> dict[int, tuple[int, str]]:
    """Contact id → id and public id of its invitation by the programme."""
    of_contacts = select(Invitation).where(Invitation.contact_id.in_(contact_ids))
    # Not asked of the database: SQLite would read all invitations of the programme to find these few.
    found = [each for each in db.session.scalars(of_contacts) if each.programme_id == programme_id]
    return {each.contact_id: (each.id, each.public_id) for each in found}


def _one(matches: list[_Match]) -> _Match | None:
    drawn = [match for match in matches if match.invitation_id is not None]
    best = drawn or matches
    return best[0] if len(best) == 1 else None
