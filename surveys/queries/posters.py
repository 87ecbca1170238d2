"""Posters as staff see them: where they hang, and how many answered what. Counts, and nothing that is estimated."""

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import chain, groupby
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import String, and_, cast, func, select

from contacts.models import Site
from foundation.accounts.queries import scoped
from foundation.accounts.scope import Scope
from foundation.cells import safe_cell
from foundation.database import db
from surveys.anonymity import ANONYMOUS
from surveys.answer_columns import BETWEEN, WITHIN, AnswerTable, column_name, places
from surveys.models import (
    Poster,
    PosterAnswer,
    PosterEvent,
    PosterInterview,
    PosterPool,
    PosterText,
    Programme,
    ProgrammeVersion,
)
from surveys.queries.answers import COUNTED, DECIDING
from surveys.questionnaires import compile_version

ROWS_AT_ONCE = 2000
#: ``sample`` says in each row that nobody drew these people: whoever opens the file alone must not take them for one.
HEADER = (
    "poster", "site", "collection", "sample", "interview", "disposition", "language", "completed_on", "again",
    "version",
)  # fmt: skip
OPEN, NOT_DRAWN = "open", "non-probability"


class Hanging(NamedTuple):
    """A line of the list of posters; ``complete`` is what may be told of, anonymous answers let go included."""

    poster: Poster
    site: str
    complete: int


@dataclass
class Heard:
    """What one version of a programme was answered at a poster.

    ``counted`` interviews are completed or partial, or, of an anonymous one, let go; ``again`` of them were another one
    of a browser on one day. ``states``: how many interviews stand where, none of an anonymous one. ``values``:
    question → value as JSON → how often.
    """

    terms: ProgrammeVersion
    counted: int = 0
    again: int = 0
    states: Counter[str] = field(default_factory=Counter)
    values: dict[str, Counter[str]] = field(default_factory=dict)

    @property
    def is_anonymous(self) -> bool:
        return self.terms.promise == ANONYMOUS

    def add(self, question_id: str, value: str, count: int) -> None:
        self.values.setdefault(question_id, Counter())[value] += count


def sites_in_scope(scope: Scope) -> list[Site]:
    """The sites somebody may hang a poster at, by name."""
    return list(db.session.scalars(scoped(select(Site), scope, site=Site.id).order_by(Site.name, Site.id)))


def poster_in_scope(poster_id: int, scope: Scope) -> Poster | None:
    """The poster, if whoever asks may see its principal and its site."""
    wanted = scoped(select(Poster).filter_by(id=poster_id), scope, principal=Poster.principal_id, site=Poster.site_id)
    return db.session.scalars(wanted).one_or_none()


def posters_of(programme_id: int, scope: Scope) -> list[Hanging]:
    """The posters of a programme that whoever asks may see, newest first."""
    found = select(Poster, Site.name).join(Site, Site.id == Poster.site_id).where(Poster.programme_id == programme_id)
    found = scoped(found, scope, principal=Poster.principal_id, site=Poster.site_id).order_by(Poster.number.desc())
    rows = db.session.execute(found).all()
    counts = _complete([poster.id for poster, _ in rows])
    return [Hanging(poster, site, counts[poster.id]) for poster, site in rows]


def _complete(poster_ids: Sequence[int]) -> Counter[int]:
    told = select(PosterInterview.poster_id, func.count()).group_by(PosterInterview.poster_id)
    told = told.join(ProgrammeVersion, ProgrammeVersion.id == PosterInterview.programme_version_id)
    told = told.where(PosterInterview.disposition == "completed", ProgrammeVersion.promise != ANONYMOUS)
    let_go = select(PosterAnswer.poster_id, func.count()).group_by(PosterAnswer.poster_id)
    counts: Counter[int] = Counter()
    for statement, column in ((told, PosterInterview.poster_id), (let_go, PosterAnswer.poster_id)):
        for poster_id, count in db.session.execute(statement.where(column.in_(poster_ids))):
            counts[poster_id] += count
    return counts


def heard(poster: Poster) -> list[Heard]:
    """What was answered at a poster, by version of its programme, the latest first; only versions that were."""
    known = {terms.id: Heard(terms) for terms in poster.programme.versions}
    met = _stood(poster.id, known) | _let_go(poster.id, known)
    for terms_id, question_id, value, count in db.session.execute(_told(poster.id)):
        known[terms_id].add(question_id, value or "null", count)
    return [known[number] for number in sorted(met, reverse=True)]


def _stood(poster_id: int, known: Mapping[int, Heard]) -> set[int]:
    columns = PosterInterview.programme_version_id, PosterInterview.disposition, PosterInterview.again
    rows = select(*columns, func.count()).where(PosterInterview.poster_id == poster_id).group_by(*columns)
    met = set()
    for terms_id, disposition, again, count in db.session.execute(rows):
        if known[terms_id].is_anonymous:
            continue  # of these only what was let go is told
        met.add(terms_id)
        known[terms_id].states[disposition] += count
        if disposition in COUNTED:
            known[terms_id].counted += count
            known[terms_id].again += count if again else 0
    return met


def _told(poster_id: int) -> Any:
    """(version of the programme, question, value, how often) of the answers that count now."""
    last = (
        select(PosterEvent.interview_id, PosterEvent.question_id, func.max(PosterEvent.position).label("position"))
        .join(PosterInterview, PosterInterview.id == PosterEvent.interview_id)
        .where(PosterInterview.poster_id == poster_id, PosterInterview.disposition.in_(COUNTED))
        .where(PosterEvent.kind.in_(DECIDING))
        .group_by(PosterEvent.interview_id, PosterEvent.question_id)
        .subquery()
    )
    value = cast(PosterEvent.value, String)
    columns = PosterInterview.programme_version_id, PosterEvent.question_id, value
    same = and_(last.c.interview_id == PosterEvent.interview_id, last.c.position == PosterEvent.position)
    rows = select(*columns, func.count()).select_from(PosterEvent).join(last, same)
    rows = rows.join(PosterInterview, PosterInterview.id == PosterEvent.interview_id)
    return rows.where(PosterEvent.kind == "answer").group_by(*columns)


def _let_go(poster_id: int, known: Mapping[int, Heard]) -> set[int]:
    rows = select(PosterAnswer.programme_version_id, PosterAnswer.answers).where(PosterAnswer.poster_id == poster_id)
    met = set()
    for terms_id, answers in db.session.execute(rows.execution_options(yield_per=ROWS_AT_ONCE)):
        met.add(terms_id)
        known[terms_id].counted += 1
        for question_id, value, _words in answers:
            known[terms_id].add(question_id, json.dumps(value), 1)
    pools = select(PosterPool.programme_version_id, PosterPool.again).where(PosterPool.poster_id == poster_id)
    for terms_id, again in db.session.execute(pools):
        known[terms_id].again += again if terms_id in met else 0
    return met


def poster_table(programme: Programme, scope: Scope, words: bool = False) -> tuple[list[str], Iterator[list[str]]]:
    """The names of the columns, and a row for each interview at a poster that counts, as they are read.

    None of them is in ``answers.answer_table``, and none of its rows is here. ``words``: beside each question the
    writer's own words.
    """
    asked = {terms.version_id: terms.version for terms in programme.versions}
    versions = {number: compile_version(version.definition) for number, version in asked.items()}
    names = {number: f"{version.questionnaire.key}/{version.number}" for number, version in asked.items()}
    columns = places(versions.values(), words)
    table = AnswerTable(versions, columns)
    rows = chain(_told_rows(programme.id, scope), _anonymous_rows(programme, scope))
    return [*HEADER, *map(column_name, columns)], (_cells(row, table, names, words) for row in rows)


@dataclass(frozen=True)
class _Row:
    """One interview of the file: what stands before its answers, and its answers packed."""

    before: Sequence[str]
    version_id: int
    said: str
    texts: Mapping[int, str]


def _cells(row: _Row, table: AnswerTable, names: Mapping[int, str], words: bool) -> list[str]:
    cells = table.cells(row.version_id, row.said)
    if words:
        table.put_words(cells, row.said, row.texts)
    return [*row.before, names[row.version_id], *cells]


def _told_rows(programme_id: int, scope: Scope) -> Iterator[_Row]:
    of_event = PosterEvent.kind, PosterEvent.question_id, PosterEvent.value, PosterEvent.shown, PosterEvent.position
    rows = (
        select(PosterInterview, Poster.number, Site.name, Site.zone, *of_event, PosterText.text)
        .join(Poster, Poster.id == PosterInterview.poster_id)
        .join(Site, Site.id == Poster.site_id)
        .join(ProgrammeVersion, ProgrammeVersion.id == PosterInterview.programme_version_id)
        .outerjoin(PosterEvent, and_(PosterEvent.interview_id == PosterInterview.id, PosterEvent.kind.in_(DECIDING)))
        .outerjoin(PosterText, PosterText.event_id == PosterEvent.id)
        .where(Poster.programme_id == programme_id, PosterInterview.disposition.in_(COUNTED))
        .where(ProgrammeVersion.promise != ANONYMOUS)
        .order_by(PosterInterview.id, PosterEvent.position)
    )
    rows = scoped(rows, scope, principal=Poster.principal_id, site=Poster.site_id)
    found = db.session.execute(rows.execution_options(yield_per=ROWS_AT_ONCE))
    for _number, of_one in groupby(found, key=lambda row: row[0].id):
        these = list(of_one)
        interview, number, site, zone = these[0][:4]
        said = BETWEEN.join(_packed(row) for row in these if row.question_id)
        day = _day(interview.ended_at, zone) if interview.disposition == "completed" else ""
        stands = interview.seed, interview.disposition, interview.language, day, str(int(interview.again))
        before = str(number), safe_cell(site), OPEN, NOT_DRAWN, *stands
        yield _Row(before, interview.version_id, said, {row.position: row.text or "" for row in these if row.text})


def _packed(row: Any) -> str:
    """An event as the answer table reads it: the question alone where there is no answer any more."""
    if row.kind != "answer":
        return str(row.question_id)
    value, shown = (json.dumps(part) if part is not None else "" for part in (row.value, row.shown))
    return WITHIN.join((row.question_id, value, shown, str(row.position)))


def _anonymous_rows(programme: Programme, scope: Scope) -> Iterator[_Row]:
    version_of = {terms.id: terms.version_id for terms in programme.versions}
    columns = PosterAnswer.programme_version_id, PosterAnswer.language, PosterAnswer.day, PosterAnswer.answers
    rows = (
        select(Poster.number, Site.name, *columns)
        .join(Poster, Poster.id == PosterAnswer.poster_id)
        .join(Site, Site.id == Poster.site_id)
        .where(Poster.programme_id == programme.id)
        .order_by(Poster.number, PosterAnswer.name)
    )
    rows = scoped(rows, scope, principal=Poster.principal_id, site=Poster.site_id)
    for number, site, terms_id, language, day, answers in db.session.execute(
        rows.execution_options(yield_per=ROWS_AT_ONCE)
    ):
        said = BETWEEN.join(
            WITHIN.join((name, "" if value is None else json.dumps(value), "", str(place)))
            for place, (name, value, _words) in enumerate(answers)
        )
        texts = {place: text for place, (_name, _value, text) in enumerate(answers)}
        stands = "", "completed", language or "", day.isoformat() if isinstance(day, date) else "", ""
        before = str(number), safe_cell(site), OPEN, NOT_DRAWN, *stands
        yield _Row(before, version_of[terms_id], said, texts)


def _day(moment: datetime | None, zone: str) -> str:
    return moment.astimezone(ZoneInfo(zone)).date().isoformat() if moment else ""
