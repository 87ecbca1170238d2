"""Answers as they count now, interview by interview."""

import json
from collections.abc import Collection, Iterator, Mapping
from datetime import UTC, datetime
from itertools import chain, groupby
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, DateTime, Select, String, case, cast, func, literal, select, type_coerce

from contacts.models import Contact, Principal
from foundation.accounts.queries import scoped
from foundation.accounts.scope import Scope
from foundation.cells import safe_cell
from foundation.database import db
from surveys.answer_columns import BETWEEN, HEADER, WITHIN, AnswerTable, column_name, places
from surveys.models import AnswerEvent, AnswerText, Invitation, Programme
from surveys.queries import anonymous
from surveys.queries.anonymous import ROWS_AT_ONCE, anonymous_draws, strata_seen
from surveys.questionnaires import compile_version

#: Of these kinds the last event of a question decides what its answer is.
DECIDING = ("answer", "skip", "void")
#: Interviews whose answers count.
COUNTED = ("completed", "partial")


def answer_table(programme: Programme, scope: Scope, words: bool = False) -> tuple[list[str], Iterator[list[str]]]:
    """The names of the columns, and a row for each interview that is completed or partial, as they are read.

    The columns are those of every version the programme ever asked. The rows come in the order of the invitations, then
    those of anonymous answers that were let go; no more of them is held than one fetch. ``words``: beside each question
    the customer's own words.
    """
    asked = {terms.version_id: terms.version for terms in programme.versions}
    versions = {number: compile_version(version.definition) for number, version in asked.items()}
    names = {number: f"{version.questionnaire.key}/{version.number}" for number, version in asked.items()}
    columns = places(versions.values(), words)
    table = AnswerTable(versions, columns)
    zone = ZoneInfo(db.session.get_one(Principal, programme.principal_id).zone)
    secret = {draw.id: draw.version_id for draw in anonymous_draws(programme.id)}
    rows = _rows(programme.id, scope, table, names, zone, words, secret)
    let_go = _anonymous_rows(secret, scope, table, names, words)
    return [*HEADER, *map(column_name, columns)], chain(rows, let_go)


def _anonymous_rows(
    draws: Mapping[int, int], scope: Scope, table: AnswerTable, names: Mapping[int, str], words: bool
) -> Iterator[list[str]]:
    """A row for each anonymous answer let go, in the order of its random name: no invitation, contact or time."""
    seen = strata_seen(draws, scope)
    for draw_id, stratum, language, day, answers in anonymous.let_go(draws):
        if seen is not None and (draw_id, stratum) not in seen:
            continue
        said = BETWEEN.join(_packed(*answer, place) for place, answer in enumerate(answers))
        cells = table.cells(draws[draw_id], said)
        if words:
            table.put_words(cells, said, {place: text for place, (_name, _value, text) in enumerate(answers)})
        known = ("", "", safe_cell(stratum or ""), "completed", language or "", day.isoformat() if day else "")
        yield [*known, names[draws[draw_id]], *cells]


def _packed(question_id: str, value: Any, _words: str, place: int) -> str:
    """An answer as the database packs an event."""
    return WITHIN.join((question_id, "" if value is None else json.dumps(value), "", str(place)))


def _rows(
    programme_id: int,
    scope: Scope,
    table: AnswerTable,
    names: Mapping[int, str],
    zone: ZoneInfo,
    words: bool,
    secret: Collection[int],
) -> Iterator[list[str]]:
    texts = _texts(programme_id, scope) if words else iter(())
    waiting = next(texts, None)
    strata: dict[str, str] = {}
    statement = _interviews(programme_id, scope, words)
    if secret:
        statement = statement.where(Invitation.draw_id.not_in(secret))
    interviews = _streamed(statement)
    for number, version_id, said, public_id, contact, stratum, disposition, language, ended in interviews:
        cells = table.cells(version_id, said)
        if words:
            while waiting and waiting[0] < number:  # read a moment earlier, when it still counted
                waiting = next(texts, None)
            table.put_words(cells, said, waiting[1] if waiting and waiting[0] == number else {})
        if stratum not in strata:
            strata[stratum] = safe_cell(stratum)
        day = _day(ended, zone) if ended else ""
        yield [public_id, contact, strata[stratum], disposition, language, day, names[version_id], *cells]


def _day(moment: datetime, zone: ZoneInfo) -> str:
    """The day of a moment as it is stored: in UTC, which SQLite does not say."""
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(zone).date().isoformat()


def _streamed(statement: Select[Any]) -> Any:
    """Rows as the database gives them: the session would look for objects in each."""
    return db.session.connection().execute(statement.execution_options(yield_per=ROWS_AT_ONCE))


def _interviews(programme_id: int, scope: Scope, positions: bool) -> Select[Any]:
    """The interviews that count, each with its deciding events packed into one text, in their order.

    The database puts them together: a row for each event would cost three times as much to fetch. ``positions``: with
    the position of each event.
    """
    shown = literal(WITHIN).concat(cast(AnswerEvent.shown, String))
    value = func.coalesce(cast(AnswerEvent.value, String), "")
    answer = (
        AnswerEvent.question_id.concat(WITHIN).concat(value).concat(func.coalesce(shown, WITHIN if positions else ""))
    )
    if positions:
        answer = answer.concat(WITHIN).concat(cast(AnswerEvent.position, String))
    packed = case((AnswerEvent.kind == "answer", answer), else_=AnswerEvent.question_id)
    events = (
        select(packed.label("event"), AnswerEvent.position)
        .where(AnswerEvent.invitation_id == Invitation.id, AnswerEvent.kind.in_(DECIDING))
        .order_by(AnswerEvent.position)
        .correlate(Invitation)
        .subquery()
    )
    said = select(_joined(events.c.event, events.c.position)).scalar_subquery()
    statement = select(
        Invitation.id,
        Invitation.version_id,
        said,
        Invitation.public_id,
        Contact.public_id,
        Invitation.stratum,
        Invitation.disposition,
        Invitation.language,
        type_coerce(Invitation.completed_at, DateTime()),  # as it is stored, in UTC: the day is all we want of it
    ).join(Contact, Contact.id == Invitation.contact_id)
    return _counted(statement, programme_id, scope).order_by(Invitation.id)


def _joined(event: ColumnElement[Any], position: ColumnElement[Any]) -> ColumnElement[Any]:
    """The events in one text. SQLite keeps the order of the subquery, and has a word for it only since 3.44."""
    joined = func.aggregate_strings(event, BETWEEN)
    return joined.aggregate_order_by(position) if db.session.get_bind().dialect.name == "postgresql" else joined


def _counted(statement: Select[Any], programme_id: int, scope: Scope) -> Select[Any]:
    statement = statement.where(Invitation.programme_id == programme_id, Invitation.disposition.in_(COUNTED))
    return scoped(statement, scope, principal=Invitation.principal_id, site=Invitation.site_id)


def _texts(programme_id: int, scope: Scope) -> Iterator[tuple[int, dict[int, str]]]:
    """Invitation → the customer's words by the position of their event, in the order of the invitations."""
    statement = (
        select(AnswerEvent.invitation_id, AnswerEvent.position, AnswerText.text)
        .join(AnswerText, AnswerText.answer_event_id == AnswerEvent.id)
        .join(Invitation, Invitation.id == AnswerEvent.invitation_id)
        .where(AnswerEvent.kind == "answer")
    )
    in_order = _counted(statement, programme_id, scope).order_by(AnswerEvent.invitation_id)
    for invitation_id, rows in groupby(_streamed(in_order), key=lambda row: row.invitation_id):
        yield invitation_id, {row.position: row.text for row in rows}
