"""The cells and what is not in them yet; and the same counted from the answers themselves."""

import json
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from typing import Any, cast

from sqlalchemy import BigInteger, ColumnElement, Select, String, Subquery, and_, func, or_, select, union
from sqlalchemy import cast as as_type

from contacts.models import Contact
from foundation.database import db
from satisfaction.asked import counted_questions, counted_value
from satisfaction.models import AnswerCell, CountedDraw, RollUp, Uncounted
from satisfaction.rolling import COUNTED, DECIDING, CellKey, Claims, Interview, Said
from satisfaction.rolling import difference as difference_of
from surveys.anonymity import TOGETHER
from surveys.models import AnswerEvent, Draw, Invitation, ProgrammeVersion, QuestionnaireVersion
from surveys.queries.anonymous import let_go

Counts = Counter[CellKey]
#: So often a report begins anew when the roll-up came in between; then it makes it wait.
TRIES = 5


def roll_up_state(keep: bool = False) -> RollUp | None:
    """How far the counting got, as it is now; None: it never began. ``keep`` it for this transaction."""
    statement = select(RollUp).where(RollUp.id == 1).execution_options(populate_existing=True)
    return db.session.scalars(statement.with_for_update() if keep else statement).one_or_none()


def running_transactions() -> tuple[int, int]:
    """The oldest transaction of PostgreSQL that is under way, and the number that the next one gets."""
    oldest = func.pg_snapshot_xmin(func.pg_current_snapshot())
    following = func.pg_snapshot_xmax(func.pg_current_snapshot())
    row = db.session.execute(
        select(as_type(as_type(oldest, String), BigInteger), as_type(as_type(following, String), BigInteger))
    ).one()
    return row[0], row[1]


def claims_of(state: RollUp) -> Claims:
    return Claims(state.top, tuple((first, last) for first, last in state.gaps))


def current_counts(draw_ids: Collection[int]) -> Counts:
    """The current answers of these draws: the cells, and what came since, as of one moment.

    Where the roll-up comes between the two statements they are asked again, so that both are of one version.
    """
    for attempt in range(TRIES + 1):
        state = roll_up_state(keep=attempt == TRIES)
        if state is None or not state.top:
            return recounted(draw_ids)
        version, claims = state.version, claims_of(state)
        found = cells_of(draw_ids)
        tail = list(tail_interviews(claims, draw_ids))
        after = roll_up_state()
        if after is not None and after.version == version:
            break
    for key, answers in difference_of(tail, claims, None).items():
        found[key] += answers
    return +found + _not_counted_yet(draw_ids)


def cells_of(draw_ids: Collection[int] | None = None) -> Counts:
    """What is in the cells; None: of all draws."""
    columns = (*(getattr(AnswerCell, name) for name in CellKey._fields), AnswerCell.answers)
    statement = select(*columns)
    if draw_ids is not None:
        statement = statement.where(AnswerCell.draw_id.in_(draw_ids))
    return Counter({CellKey(*key): answers for *key, answers in db.session.execute(statement)})


def tail_interviews(claims: Claims, draw_ids: Collection[int]) -> Iterator[Interview]:
    """The interviews of these draws that changed since, in one statement."""
    settled = (
        select(Uncounted.invitation_id)
        .join(Invitation, Invitation.id == Uncounted.invitation_id)
        .where(Uncounted.draw_id.in_(draw_ids), Uncounted.is_open, Invitation.disposition.in_(COUNTED))
    )
    touched = union(*(select(AnswerEvent.invitation_id).where(each) for each in _unclaimed(claims)), settled)
    yield from interviews_where(AnswerEvent.invitation_id.in_(touched), Invitation.draw_id.in_(draw_ids))


def _unclaimed(claims: Claims) -> list[ColumnElement[bool]]:
    """The conditions of events that are not claimed, each of which an index answers."""
    within = [AnswerEvent.id.between(first, last) for first, last in claims.gaps]
    return [AnswerEvent.id > claims.top, *([or_(*within)] if within else [])]


def unclaimed_ids(claims: Claims, at_most: int) -> list[tuple[int, int]]:
    """(event, invitation) of what can be seen and is not claimed: all of the gaps, and the next ones after the top."""
    columns = select(AnswerEvent.id, AnswerEvent.invitation_id)
    beyond, *gaps = _unclaimed(claims)
    late = [row for each in gaps for row in db.session.execute(columns.where(each).order_by(AnswerEvent.id))]
    new = db.session.execute(columns.where(beyond).order_by(AnswerEvent.id).limit(at_most)).all()
    return [(row.id, row.invitation_id) for row in (*late, *new)]


def settled_ids(at_most: int) -> list[int]:
    """Interviews that were left out and count by now, without another event."""
    statement = (
        select(Uncounted.invitation_id)
        .join(Invitation, Invitation.id == Uncounted.invitation_id)
        .where(Uncounted.is_open, Invitation.disposition.in_(COUNTED))
    )
    return list(db.session.scalars(statement.limit(at_most)))


def interviews_where(*conditions: ColumnElement[bool]) -> Iterator[Interview]:
    """Interviews with their deciding events, those of questions that are counted."""
    statement = (
        select(
            *(AnswerEvent.id, AnswerEvent.invitation_id, AnswerEvent.position, AnswerEvent.kind),
            *(AnswerEvent.question_id, as_type(AnswerEvent.value, String).label("written")),
            *(Invitation.draw_id, Invitation.stratum, Invitation.disposition, Contact.site_id, Contact.channel),
            Uncounted.invitation_id.label("left_out"),
        )
        .join(Invitation, Invitation.id == AnswerEvent.invitation_id)
        .join(Contact, Contact.id == Invitation.contact_id)
        .outerjoin(Uncounted, Uncounted.invitation_id == AnswerEvent.invitation_id)
        .where(AnswerEvent.kind.in_(DECIDING), *conditions)
    )
    found: dict[int, Interview] = {}
    for row in db.session.execute(statement).all():
        interview = found.get(row.invitation_id)
        if interview is None:
            place = (row.draw_id, row.stratum, row.site_id, row.channel)
            stands = (row.disposition, row.left_out is not None)
            interview = found[row.invitation_id] = Interview(row.invitation_id, *place, *stands, [])
        interview.events.append(Said(row.id, row.position, row.kind, row.question_id, _number(row.written)))
    questions = questions_of({interview.draw_id for interview in found.values()})
    for interview in found.values():
        interview.events = [one for one in interview.events if one.question_id in questions[interview.draw_id]]
    yield from found.values()


def _number(written: str | None) -> int | None:
    return None if written is None else counted_value(json.loads(written))


def questions_of(draw_ids: Collection[int] | None) -> dict[int, frozenset[str]]:
    """Draw → the questions of its version that are counted."""
    statement = (
        select(Draw.id, QuestionnaireVersion.id.label("version_id"), QuestionnaireVersion.content_hash)
        .join(ProgrammeVersion, ProgrammeVersion.id == Draw.programme_version_id)
        .join(QuestionnaireVersion, QuestionnaireVersion.id == ProgrammeVersion.version_id)
    )
    rows = db.session.execute(statement if draw_ids is None else statement.where(Draw.id.in_(draw_ids))).all()
    versions = {row.version_id for row in rows}
    definitions = select(QuestionnaireVersion.id, QuestionnaireVersion.definition)
    read = db.session.execute(definitions.where(QuestionnaireVersion.id.in_(versions)))
    known = {row.id: counted_questions(row.definition) for row in read}
    return {row.id: known[row.version_id] for row in rows}


def recounted(draw_ids: Collection[int] | None = None) -> Counts:
    """The current answers counted from the events and from what was let go, without the cells; None: of all draws."""
    found = Counts()
    questions = questions_of(draw_ids)
    for draw_id, stratum, site_id, channel, question, written, answers in db.session.execute(grouped_answers(draw_ids)):
        value = counted_value(json.loads(written))
        if value is not None and question in questions[draw_id]:
            found[CellKey(draw_id, stratum, site_id, channel, question, value)] += answers
    return found + anonymous_counts(list(questions))


def anonymous_counts(draw_ids: Collection[int]) -> Counts:
    """The anonymous answers of these draws that were let go; their stratum tells as much of the place as may be."""
    found = Counts()
    questions = questions_of(draw_ids)
    for draw_id, stratum, _language, _day, said in let_go(draw_ids):
        found.update(said_counts(draw_id, stratum, said, questions[draw_id]))
    return found


def said_counts(draw_id: int, stratum: str | None, said: Iterable[Any], questions: Collection[str]) -> Counts:
    """The cells of one anonymous answer."""
    label = TOGETHER if stratum is None else stratum
    values = ((question, counted_value(written)) for question, written, _words in said if question in questions)
    return Counter(CellKey(draw_id, label, 0, "", name, value) for name, value in values if value is not None)


def _not_counted_yet(draw_ids: Collection[int]) -> Counts:
    """What was let go in draws that the roll-up has not taken up."""
    known = select(CountedDraw.draw_id).where(CountedDraw.draw_id.in_(draw_ids), CountedDraw.has_anonymous)
    missing = set(draw_ids) - set(db.session.scalars(known))
    return anonymous_counts(missing) if missing else Counts()


def draws_to_count(at_most: int) -> list[int]:
    """The draws that are made and not wholly taken up."""
    whole = select(CountedDraw.draw_id).where(CountedDraw.has_frame, CountedDraw.has_anonymous)
    statement = select(Draw.id).where(Draw.state == "drawn", Draw.id.not_in(whole)).order_by(Draw.id)
    return list(db.session.scalars(statement.limit(at_most)))


def grouped_answers(draw_ids: Collection[int] | None) -> Select[Any]:
    """By place, question and value. JSON has no equality in PostgreSQL, so it is grouped as text."""
    last = _last_answers(draw_ids)
    grouped = (
        *(Invitation.draw_id, Invitation.stratum, Contact.site_id, Contact.channel),
        *(AnswerEvent.question_id, as_type(AnswerEvent.value, String)),
    )
    return (
        select(*grouped, func.count())
        .select_from(AnswerEvent)
        .join(last, and_(last.c.invitation_id == AnswerEvent.invitation_id, last.c.position == AnswerEvent.position))
        .join(Invitation, Invitation.id == AnswerEvent.invitation_id)
        .join(Contact, Contact.id == Invitation.contact_id)
        .where(AnswerEvent.kind == "answer", AnswerEvent.value.is_not(None))
        .group_by(*grouped)
    )


def _last_answers(draw_ids: Collection[int] | None) -> Subquery:
    """The place of what each question of an interview that counts stands at."""
    statement = (
        select(AnswerEvent.invitation_id, AnswerEvent.question_id, func.max(AnswerEvent.position).label("position"))
        .join(Invitation, Invitation.id == AnswerEvent.invitation_id)
        .where(Invitation.disposition.in_(COUNTED), AnswerEvent.kind.in_(DECIDING))
        .group_by(AnswerEvent.invitation_id, AnswerEvent.question_id)
    )
    return (statement if draw_ids is None else statement.where(Invitation.draw_id.in_(draw_ids))).subquery()


def left_out_now() -> list[dict[str, Any]]:
    """The interviews with deciding events that do not count, as rows of ``Uncounted`` without ``is_open``."""
    said = select(AnswerEvent.id).where(AnswerEvent.invitation_id == Invitation.id, AnswerEvent.kind.in_(DECIDING))
    rows = db.session.execute(
        select(Invitation.id, Invitation.draw_id, Invitation.disposition).where(
            Invitation.disposition.not_in(COUNTED), said.exists()
        )
    )
    return [{"invitation_id": row.id, "draw_id": row.draw_id, "disposition": row.disposition} for row in rows]


def claims_now() -> Claims:
    """All events that can be seen in this transaction, which must be one snapshot."""
    top, events = db.session.execute(select(func.max(AnswerEvent.id), func.count())).one()
    if not events or events == top or db.session.get_bind().dialect.name == "sqlite":
        return Claims(top or 0)
    before = func.lag(AnswerEvent.id, 1, 0).over(order_by=AnswerEvent.id)
    pairs = select(AnswerEvent.id, before.label("before")).subquery()
    rows = select(pairs.c.before + 1, pairs.c.id - 1).where(pairs.c.id > pairs.c.before + 1).order_by(pairs.c.id)
    return Claims(top, tuple((first, last) for first, last in cast(Any, db.session.execute(rows))))
