"""Opening posters and closing them, and the end of those that promised to be anonymous."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import delete, exists, func, insert, select

from contacts.models import Principal
from foundation.database import db
from foundation.ledger.services import record
from surveys import tokens
from surveys.anonymity import ANONYMOUS, FEWEST, Response, let_go, told_alike
from surveys.models import Poster, PosterAnswer, PosterInterview, PosterPool, Programme, ProgrammeVersion
from surveys.models.anonymous import new_name
from surveys.promises import poster_refused
from surveys.refusals import SurveyRefused
from surveys.services.anonymous import MIXER
from surveys.services.poster_interviews import pool_of


def why_no_poster(programme: Programme, now: datetime) -> SurveyRefused | None:
    """Why whoever scans a poster cannot be asked what the programme asks now; None where they can."""
    terms = programme.terms_at(now)
    refused = poster_refused(terms.collection, terms.version.definition)
    return SurveyRefused(refused[0], **refused[1]) if refused else None


def open_posters(
    programme: Programme, site_ids: Sequence[int], secret: str, now: datetime, actor_id: int | None = None
) -> list[Poster]:
    """Open a poster at each site, with a key of its own. Raises SurveyRefused: what ``why_no_poster`` finds."""
    if refused := why_no_poster(programme, now):
        raise refused
    # Two who open posters of one programme take turns: each gets numbers of its own.
    db.session.execute(select(Programme.id).filter_by(id=programme.id).with_for_update())
    last = db.session.scalar(select(func.max(Poster.number)).filter_by(programme_id=programme.id)) or 0
    made = []
    for number, site_id in enumerate(site_ids, last + 1):
        owners = {"programme_id": programme.id, "principal_id": programme.principal_id, "site_id": site_id}
        poster = Poster(**owners, number=number, opened_at=now, opened_by=actor_id)
        db.session.add(poster)
        db.session.flush()
        poster.key_hash = tokens.token_hash(key_of(poster, secret))
        _record("poster.opened", poster, now, actor_id, key_hash=poster.key_hash)
        made.append(poster)
    db.session.flush()
    return made


def key_of(poster: Poster, secret: str) -> str:
    """The key that stands in the address of a poster: derived, never stored."""
    return tokens.poster_key(secret, poster.id, poster.key_issue or 1)


def close_poster(poster: Poster, now: datetime, actor_id: int | None = None) -> bool:
    """Let nobody begin at a poster any more; who has begun may finish. Returns False where it was closed already."""
    found = db.session.get_one(Poster, poster.id, with_for_update=True, populate_existing=True)
    if found.closed_at is not None:
        return False
    found.closed_at, found.closed_by = now, actor_id
    _record("poster.closed", found, now, actor_id)
    db.session.flush()
    return True


def replace_poster(poster: Poster, secret: str, now: datetime, actor_id: int | None = None) -> Poster:
    """Close a poster and open another one at its site, with another key. Raises SurveyRefused as ``open_posters``."""
    made = open_posters(poster.programme, [poster.site_id], secret, now, actor_id)[0]
    close_poster(poster, now, actor_id)
    return made


def release_some(at_most: int = 20) -> int:
    """Let go anonymous answers that have company enough; returns from how many pools."""
    ripe = select(PosterPool.poster_id, PosterPool.programme_version_id).where(PosterPool.size >= 2 * FEWEST)
    found = db.session.execute(ripe.order_by(PosterPool.poster_id, PosterPool.programme_version_id).limit(at_most))
    return sum(_release(pool_of(*place)) for place in found.all())


def _release(pool: PosterPool) -> bool:
    going, staying = let_go([Response.from_json(one) for one in pool.responses], MIXER)
    if going:
        _write(pool, going)
        pool.responses, pool.size = [one.to_json() for one in staying], len(staying)
        db.session.flush()
    return bool(going)


def _write(pool: PosterPool, going: Collection[Response]) -> None:
    """Write answers under random names, in an order that nothing decides."""
    mixed = list(going)
    MIXER.shuffle(mixed)
    rows = [
        {"name": new_name(), "poster_id": pool.poster_id, "programme_version_id": pool.programme_version_id}
        | {"language": one.language, "day": one.day, "answers": [list(answer) for answer in one.answers]}
        for one in mixed
    ]
    db.session.execute(insert(PosterAnswer), rows)


def forget_used(now: datetime) -> int:
    """Delete what is left of anonymous interviews that are over and whose link has run out; returns of how many."""
    anonymous = select(ProgrammeVersion.id).where(ProgrammeVersion.promise == ANONYMOUS)
    over = (PosterInterview.disposition != "started") & (PosterInterview.expires_at <= now)
    theirs = PosterInterview.programme_version_id.in_(anonymous)
    return int(db.session.execute(delete(PosterInterview).where(over, theirs)).rowcount)


def end_posters(now: datetime, at_most: int = 20) -> int:
    """End closed posters at which nobody answers any more; returns how many.

    What waits of anonymous answers is let go. Where a poster brought fewer than FEWEST under one version, they are
    deleted: nobody is ever shown them.
    """
    running = exists().where(PosterInterview.poster_id == Poster.id, PosterInterview.disposition == "started")
    over = select(Poster).where(Poster.closed_at.is_not(None), Poster.ended_on.is_(None), ~running)
    found = db.session.scalars(over.order_by(Poster.id).limit(at_most).with_for_update()).all()
    for poster in found:
        _end(poster, now)
    db.session.flush()
    return len(found)


def _end(poster: Poster, now: datetime) -> None:
    zone = db.session.get_one(Principal, poster.principal_id).zone
    poster.ended_on = now.astimezone(ZoneInfo(zone)).date()
    pools = select(PosterPool.programme_version_id).filter_by(poster_id=poster.id).order_by("programme_version_id")
    for version_id in db.session.scalars(pools).all():
        pool = pool_of(poster.id, version_id)
        rest = [Response.from_json(one) for one in pool.responses]
        if len(rest) >= FEWEST:
            _write(pool, told_alike(rest))
        elif rest:
            pool.again = 0
        pool.responses, pool.size = [], 0
    released = db.session.scalar(select(func.count()).select_from(PosterAnswer).filter_by(poster_id=poster.id))
    _record("poster.ended", poster, now, None, released=released)


def _record(kind: str, poster: Poster, now: datetime, actor_id: int | None, **more: Any) -> None:
    facts = {"programme_id": poster.programme_id, "site_id": poster.site_id, "number": poster.number}
    facts |= {"principal_id": poster.principal_id, "collection": "open", "sample": "non-probability"} | more
    record(kind, f"poster:{poster.id}", facts, now, actor_id=actor_id)
