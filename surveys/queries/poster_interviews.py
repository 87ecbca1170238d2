"""What a poster leads to: the programme in force, and the interview begun there, each in one statement."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property, lru_cache
from typing import Any, ClassVar, cast

from sqlalchemy import Connection, Select, Table, bindparam, select

from contacts.models import Principal, Site
from foundation.database import db, looking
from surveys import tokens
from surveys.anonymity import ANONYMOUS
from surveys.definitions import CompiledVersion
from surveys.interview_events import Event, State, state_of
from surveys.models import (
    Poster,
    PosterEvent,
    PosterInterview,
    PosterText,
    ProgrammeVersion,
    QuestionnaireVersion,
)
from surveys.promises import poster_refused
from surveys.queries.interview_rows import AskedUnder, Asker
from surveys.questionnaires import published_version


@dataclass(frozen=True, slots=True)
class Hung:
    """A poster, and where it hangs."""

    id: int
    principal_id: int
    site_id: int
    number: int
    closed_at: datetime | None


@dataclass(frozen=True, slots=True)
class Begun:
    """The row of an interview begun there."""

    id: int
    language: str
    disposition: str
    again: bool
    expires_at: datetime
    kept: Mapping[str, Any] | None


@dataclass(frozen=True)
class AtPoster:
    """An interview at a poster; ``row`` is None before its first answer, and nothing of it is stored until then.

    ``keys`` are the idempotency keys of its events, ``language`` is the one it speaks, ``seed`` decides the order of
    shuffled choices. It is about no contact.
    """

    poster: Hung
    terms_id: int
    collection: str
    terms: AskedUnder
    validity_days: int
    principal: Asker
    site: str
    zone: str
    version_id: int
    version: CompiledVersion
    token_hash: str
    seed: str
    spoken: str
    row: Begun | None = None
    events: tuple[Event, ...] = ()
    keys: frozenset[str] = frozenset()
    contact: ClassVar[None] = None
    by_sms: ClassVar[bool] = False

    @cached_property
    def state(self) -> State:
        """Where it stands, read from its events once."""
        return state_of(self.events)

    @property
    def is_anonymous(self) -> bool:
        return self.terms.promise == ANONYMOUS

    @property
    def is_withdrawn(self) -> bool:
        """Whether whoever gave it took it back: nothing is taken or shown any more."""
        return self.row is not None and self.row.disposition == "withdrawn"

    @property
    def language(self) -> str:
        return self.version.speaks(self.state.language or self.spoken or self.principal.language)

    def closed(self, now: datetime) -> bool:
        """Whether its time ran out, or it ended in some way."""
        return self.row is not None and (self.row.disposition != "started" or self.row.expires_at <= now)


def _columns(part: Any, model: Any) -> list[Any]:
    return [_table(model).c[name] for name in part.__dataclass_fields__]


def _table(model: Any) -> Table:
    return cast(Table, model.__table__)


_PARTS = ((Hung, Poster), (AskedUnder, ProgrammeVersion), (Asker, Principal))
_BEGUN = tuple(Begun.__dataclass_fields__)
_ROWS = _table(PosterInterview)


def _in_force() -> Any:
    """The id of the version in force at ``now`` of a poster's programme."""
    of = ProgrammeVersion.__table__.alias("terms_of")
    wanted = select(of.c.id).where(of.c.programme_id == Poster.programme_id, of.c.in_force_from <= bindparam("now"))
    return wanted.order_by(of.c.in_force_from.desc()).limit(1).correlate(_table(Poster)).scalar_subquery()


def _around(first: Any, terms_id: Any, version_id: Any) -> Select[Any]:
    columns = [column for part, model in _PARTS for column in _columns(part, model)]
    # The site of a poster is where it hangs; days are counted in that site's zone.
    alone = Site.name.label("site"), Site.zone.label("site_zone")
    terms = ProgrammeVersion.id.label("terms_id"), ProgrammeVersion.collection, ProgrammeVersion.validity_days
    asked = QuestionnaireVersion.id.label("version_id"), QuestionnaireVersion.content_hash
    joined = (
        first.join(_table(ProgrammeVersion), ProgrammeVersion.id == terms_id)
        .join(_table(Principal), Principal.id == Poster.principal_id)
        .join(_table(Site), Site.id == Poster.site_id)
        .join(_table(QuestionnaireVersion), QuestionnaireVersion.id == version_id)
    )
    return select(*columns, *alone, *terms, *asked).select_from(joined)


# Built once: building them takes longer than running them.
DOOR = _around(_table(Poster), _in_force(), ProgrammeVersion.version_id).where(Poster.key_hash == bindparam("key_hash"))
BEGUN = (
    _around(
        _ROWS.join(_table(Poster), Poster.id == PosterInterview.poster_id),
        PosterInterview.programme_version_id,
        PosterInterview.version_id,
    )
    .add_columns(*(_ROWS.c[name].label(f"row_{name}") for name in (*_BEGUN, "seed")))
    .where(_ROWS.c.token_hash == bindparam("token_hash"))
)
BEGUN_TO_CHANGE = BEGUN.with_for_update(of=_ROWS)
EVENTS = (
    select(PosterEvent.kind, PosterEvent.question_id, PosterEvent.value, PosterEvent.shown, PosterEvent.step)
    .add_columns(PosterEvent.in_turn, PosterEvent.idempotency_key, PosterText.text)
    .select_from(_table(PosterEvent).outerjoin(_table(PosterText), PosterText.event_id == PosterEvent.id))
    .where(PosterEvent.interview_id == bindparam("id"))
    .order_by(PosterEvent.position)
)


def door(key: str, form_key: str, secret: str, now: datetime, spoken: str = "") -> AtPoster | None:
    """The interview that the form of ``form_key`` may begin at the poster of ``key``; None where there is none.

    ``spoken`` is the language of whoever looks at it, where they said one.
    """
    digest = tokens.token_hash(key)
    if digest is None:
        return None
    with looking() as connection:
        row = connection.execute(DOOR, {"key_hash": digest, "now": now}).first()
    if row is None:
        return None
    token = tokens.poster_token(secret, row[0], form_key)
    return _at_poster(row, tokens.token_hash(token) or "", _seed(form_key), spoken)


def begun(token: str, for_change: bool = False) -> AtPoster | None:
    """The interview of a link given out at a poster; ``for_change`` keeps it for this transaction."""
    digest = tokens.token_hash(token)
    return begun_under(digest, for_change) if digest is not None else None


def begun_under(digest: str, for_change: bool = False) -> AtPoster | None:
    """The same by the hash of its token."""
    if for_change:
        return _begun(db.session.connection(), BEGUN_TO_CHANGE, digest)
    with looking() as connection:
        return _begun(connection, BEGUN, digest)


def _begun(connection: Connection, statement: Select[Any], digest: str) -> AtPoster | None:
    row = connection.execute(statement, {"token_hash": digest}).first()
    if row is None:
        return None
    stored = Begun(*(getattr(row, f"row_{name}") for name in _BEGUN))
    events, keys = _anonymous(stored) if row.promise == ANONYMOUS else _told(connection, stored.id)
    return _at_poster(row, digest, row.row_seed, stored.language, stored, events, keys)


def is_open(interview: AtPoster) -> bool:
    """Whether somebody may begin: the poster is not closed, and its programme, as it is now, can be asked there."""
    if interview.poster.closed_at is not None:
        return False
    return interview.collection == "web" and _can_be_asked(interview.version.content_hash, interview.version_id)


@lru_cache(maxsize=256)
def _can_be_asked(_content_hash: str, version_id: int) -> bool:
    """Found once for each published version, which never changes."""
    return poster_refused("web", _definition(version_id)) is None


def _at_poster(
    row: Any,
    digest: str,
    seed: str,
    spoken: str,
    stored: Begun | None = None,
    events: tuple[Event, ...] = (),
    keys: frozenset[str] = frozenset(),
) -> AtPoster:
    parts, first = [], 0
    for part, _ in _PARTS:
        last = first + len(part.__dataclass_fields__)
        parts.append(part(*row[first:last]))
        first = last
    poster, terms, principal = cast(tuple[Hung, AskedUnder, Asker], tuple(parts))
    version = published_version(row.content_hash, terms.low_score, lambda: _definition(row.version_id))
    place = row.site, row.site_zone, row.version_id, version
    under = row.terms_id, row.collection, terms, row.validity_days
    return AtPoster(poster, *under, principal, *place, digest, seed, spoken, stored, events, keys)


def _anonymous(stored: Begun) -> tuple[tuple[Event, ...], frozenset[str]]:
    """Events and keys of an anonymous one: all while it runs, and only how it ended afterwards."""
    if stored.disposition in ("completed", "refused"):
        return (Event(stored.disposition),), frozenset()
    kept = stored.kept or {"said": [], "keys": []}
    return tuple(map(Event.from_json, kept["said"])), frozenset(kept["keys"])


def _told(connection: Connection, interview_id: int) -> tuple[tuple[Event, ...], frozenset[str]]:
    rows = connection.execute(EVENTS, {"id": interview_id}).all()
    return tuple(map(_event, rows)), frozenset(row.idempotency_key for row in rows)


def _event(row: Any) -> Event:
    value = tuple(row.value) if isinstance(row.value, list) else row.value
    said = row.step, row.text or "", row.in_turn, tuple(row.shown or ())
    return Event(row.kind, row.question_id, value, "web", *said)


def _definition(version_id: int) -> Any:
    return db.session.scalars(select(QuestionnaireVersion.definition).filter_by(id=version_id)).one()


def _seed(form_key: str) -> str:
    """As long as an invitation's own name, which does the same."""
    return hashlib.sha256(f"order {form_key}".encode()).hexdigest()[:24]
