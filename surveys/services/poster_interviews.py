"""Storing what is answered at a poster, in the caller's transaction. Nothing of it leads to anybody or asks anything.

No complaint is proposed and no news is sent: who answered is not known, so there is nobody to write to. The last page
leads to a complaint instead.
"""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import Table, Text, bindparam, delete, insert, select, update

from foundation.database import db, insert_if_absent
from surveys.anonymity import Response, blunted
from surveys.engine import Done, Outcome, WebPage, advance, next_step
from surveys.incoming import Ending
from surveys.interview_events import ENDINGS, Event, state_of
from surveys.models import PosterEvent, PosterInterview, PosterPool, PosterText
from surveys.paths import path
from surveys.queries.poster_interviews import AtPoster, begun_under
from surveys.replies import storable
from surveys.services.anonymous import MIXER, said_in

_ROWS = cast(Table, PosterInterview.__table__)
_EVENTS = insert(cast(Table, PosterEvent.__table__))
_WORDS = insert(cast(Table, PosterText.__table__)).from_select(
    ["event_id", "text"],
    select(PosterEvent.id, bindparam("words", type_=Text)).where(PosterEvent.idempotency_key == bindparam("key")),
)


def take(interview: AtPoster, incoming: WebPage | Ending, key: str, now: datetime, again: bool = False) -> Outcome:
    """Let one thing happen in an interview kept for this transaction; what came twice happens once.

    The first answer begins it; ``again`` marks it as another one of its browser on that day. Two that begin the same
    one at once: the second raises IntegrityError, and is to be done once more.
    """
    key = storable(key)
    if key in interview.keys:
        return Outcome((), next_step(interview.version, interview.state, "web", seed=interview.seed))
    if isinstance(incoming, WebPage) and incoming.language == interview.language:
        incoming = replace(incoming, language="")
    closed = interview.closed(now)
    if closed and (interview.is_anonymous or interview.is_withdrawn):
        return Outcome((), Done("closed" if interview.is_withdrawn else interview.state.ended or "closed"))
    outcome = advance(interview.version, interview.events, incoming, closed, interview.seed)
    if not outcome.events:
        return outcome
    row_id = interview.row.id if interview.row else _begin(interview, again, now)
    again = interview.row.again if interview.row else again
    if interview.is_anonymous:
        _keep(interview, row_id, outcome.events, key, again, now)
    else:
        _store(interview, row_id, outcome.events, key, now)
    return outcome


def _begin(interview: AtPoster, again: bool, now: datetime) -> int:
    """The row of an interview; of an anonymous one it knows the day, and no time of it."""
    at = blunted(now, interview.zone) if interview.is_anonymous else now
    values = {
        "poster_id": interview.poster.id,
        "programme_version_id": interview.terms_id,
        "version_id": interview.version_id,
        "seed": interview.seed,
        "token_hash": interview.token_hash,
        "language": interview.language,
        "disposition": "started",
        "again": again,
        "begun_at": at,
        "expires_at": at + timedelta(days=interview.validity_days),
    }
    return int(db.session.connection().execute(insert(_ROWS).values(values).returning(_ROWS.c.id)).scalar_one())


def _store(interview: AtPoster, row_id: int, events: tuple[Event, ...], key: str, now: datetime) -> None:
    """Append the events; the first bears ``key``, those that follow from it bear it with a number."""
    first, connection = len(interview.events), db.session.connection()
    rows = [
        {
            "interview_id": row_id,
            "position": first + number,
            "kind": event.kind,
            "question_id": event.question_id,
            "value": event.value,
            "shown": list(event.order) or None,
            "step": event.step,
            "in_turn": event.in_turn,
            "at": now,
            "idempotency_key": f"{key}+{number}" if number else key,
        }
        for number, event in enumerate(events)
    ]
    connection.execute(_EVENTS, rows)
    pairs = zip(rows, events, strict=True)
    if words := [{"key": row["idempotency_key"], "words": event.words} for row, event in pairs if event.words]:
        connection.execute(_WORDS, words)
    if ended := _ending(events):
        _set(row_id, disposition=ended, ended_at=now)


def _keep(interview: AtPoster, row_id: int, events: tuple[Event, ...], key: str, again: bool, now: datetime) -> None:
    """Keep what happened with the row while it runs; at its end cut the answers from it, its time and its mark."""
    if ended := _ending(events):
        cut = {"kept": None, "again": False, "language": "", "seed": ""}
        _set(row_id, disposition=ended, ended_at=blunted(now, interview.zone), **cut)
        if ended == "completed":
            _hold(interview, [*interview.events, *events], again, now)
        return
    said = [event.to_json() for event in (*interview.events, *events)]
    _set(row_id, kept={"said": said, "keys": [*sorted(interview.keys), key]})


def _hold(interview: AtPoster, events: list[Event], again: bool, now: datetime) -> None:
    """Put an anonymous answer among those of its poster that wait, mixed: its place tells nothing."""
    state = state_of(events)
    language = interview.version.speaks(state.language or interview.spoken or interview.principal.language)
    response = Response(said_in(interview.version, state), language, blunted(now, interview.zone).date())
    pool = pool_of(interview.poster.id, interview.terms_id)
    mixed = [*pool.responses, response.to_json()]
    MIXER.shuffle(mixed)
    pool.responses, pool.size, pool.again = mixed, len(mixed), pool.again + again
    db.session.flush()


def pool_of(poster_id: int, programme_version_id: int) -> PosterPool:
    """The pool of a poster under one version of its programme, kept for this transaction; made where there was none."""
    place = {"poster_id": poster_id, "programme_version_id": programme_version_id}
    insert_if_absent(PosterPool, [place | {"size": 0, "again": 0, "responses": []}], list(place))
    found = select(PosterPool).filter_by(**place).with_for_update()
    return db.session.scalars(found.execution_options(populate_existing=True)).one()


def withdraw(interview: AtPoster, now: datetime) -> None:
    """Take back all answers of an interview kept for this transaction: its words are erased, it is counted no more.

    An anonymous one that is over has nothing left to be taken back.
    """
    if interview.row is None or interview.is_withdrawn or (interview.is_anonymous and interview.state.ended):
        return
    row_id = interview.row.id
    theirs = select(PosterEvent.id).where(PosterEvent.interview_id == row_id)
    db.session.execute(delete(PosterText).where(PosterText.event_id.in_(theirs)))
    at = blunted(now, interview.zone) if interview.is_anonymous else now
    _set(row_id, disposition="withdrawn", ended_at=at, kept=None)


def settle_expired(now: datetime, at_most: int = 200) -> int:
    """Say of interviews begun and not ended in time what they are: partial from half of the questions on.

    Of an anonymous one nothing stays but that it was left. Returns how many; ``at_most`` keeps transactions short.
    """
    overdue = (
        select(PosterInterview.token_hash)
        .where(PosterInterview.disposition == "started", PosterInterview.expires_at <= now)
        .order_by(PosterInterview.id)
        .limit(at_most)
    )
    found = [begun_under(digest, for_change=True) for digest in db.session.scalars(overdue).all()]
    for interview in found:
        if interview is not None and interview.row is not None and interview.row.disposition == "started":
            end = interview.row.expires_at
            _set(interview.row.id, disposition=_left_as(interview), ended_at=end, kept=None)
    return len(found)


def _left_as(interview: AtPoster) -> str:
    if interview.is_anonymous:
        return "broken_off"
    asked = path(interview.version, interview.state, "web")
    half = 2 * sum(question.id in interview.state.answers for question in asked) >= len(asked)
    return "partial" if half else "broken_off"


def _ending(events: tuple[Event, ...]) -> str:
    return next((event.kind for event in events if event.kind in ENDINGS), "")


def _set(row_id: int, **values: Any) -> None:
    db.session.connection().execute(update(_ROWS).where(_ROWS.c.id == row_id).values(**values))
