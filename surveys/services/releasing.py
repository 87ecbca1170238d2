"""Letting anonymous answers go: by lot and in crowds while a draw runs, and the rest at its end."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import delete, func, insert, select, update

from contacts.models import Principal
from foundation.database import db, insert_if_absent
from foundation.ledger.services import record
from surveys.anonymity import FEWEST, TOGETHER, Ending, Response, ending, let_go, shared, told_alike
from surveys.models import (
    AnonymousAnswer,
    AnswerPool,
    Draw,
    DrawEnd,
    DrawTally,
    Invitation,
    InvitationEvent,
)
from surveys.models.anonymous import new_name
from surveys.queries.anonymous import over_draws
from surveys.services.anonymous import MIXER, pool_of
from surveys.signals import answers_let_go

#: Where whoever was written to may stand. After the end nobody sees any more which of these it was.
ERASED = ("sent", "delivered", "started", "partial", "broken_off", "completed")
#: Of their history this stays: how far our message came is not what they did.
KEPT_STEPS = ("drawn", "held", "queued", "sent")


def release_some(at_most: int = 20) -> int:
    """Let go what has company enough; returns from how many pools. ``at_most`` keeps the caller's transaction short."""
    ripe = (
        select(AnswerPool.draw_id, AnswerPool.stratum)
        .where(AnswerPool.size >= 2 * FEWEST)
        .order_by(AnswerPool.draw_id, AnswerPool.stratum)
        .limit(at_most)
    )
    found = db.session.execute(ripe).all()
    return sum(_release(pool_of(draw_id, stratum)) for draw_id, stratum in found)


def _release(pool: AnswerPool) -> bool:
    going, staying = let_go([Response.from_json(one) for one in pool.responses], MIXER)
    if going:
        _write(pool.draw_id, pool.stratum, going)
        pool.responses, pool.size = [one.to_json() for one in staying], len(staying)
        db.session.flush()
    return bool(going)


def _write(draw_id: int, stratum: str | None, going: Sequence[Response]) -> None:
    """Write answers under random names, in an order that nothing decides: PostgreSQL keeps rows as they come."""
    mixed = list(going)
    MIXER.shuffle(mixed)
    rows = [
        {"name": new_name(), "draw_id": draw_id, "stratum": stratum, "language": one.language, "day": one.day}
        | {"answers": [list(answer) for answer in one.answers]}
        for one in mixed
    ]
    if rows:
        db.session.execute(insert(AnonymousAnswer), rows)
        answers_let_go.send(draw_id, stratum=stratum, said=[row["answers"] for row in rows], sign=1)


@dataclass
class _Counts:
    """What is kept of the invitations of a draw, by stratum, site and disposition."""

    completed: Counter[str] = field(default_factory=Counter)
    sites: dict[str, set[int]] = field(default_factory=lambda: defaultdict(set))
    rows: list[Any] = field(default_factory=list)


def end_draws(now: datetime, at_most: int = 1) -> int:
    """End the anonymous draws that nobody can answer any more; returns how many.

    What waits is let go, strata that are too small together; then it is forgotten who has answered, and only counts
    stay. Where a whole draw has fewer than FEWEST, its answers wait for ever: nobody is shown them.
    """
    ended = 0
    for draw_id in over_draws(now, at_most):
        ended += _end(db.session.get_one(Draw, draw_id), now)
    return ended


def _end(draw: Draw, now: datetime) -> bool:
    # The lock order of the house: invitations first, then what hangs on them.
    db.session.execute(select(Invitation.id).filter_by(draw_id=draw.id).order_by(Invitation.id).with_for_update())
    zone = db.session.get_one(Principal, draw.principal_id).zone
    row = {"draw_id": draw.id, "ended_on": now.astimezone(ZoneInfo(zone)).date(), "together": []}
    if not insert_if_absent(DrawEnd, [row | {"released": 0, "kept": 0}], ["draw_id"]):
        return False
    counts = _counted(draw.id)
    how = ending({row.stratum: counts.completed[row.stratum] for row in draw.strata})
    released, kept = _release_rest(draw.id, how)
    told = update(DrawEnd).where(DrawEnd.draw_id == draw.id)
    db.session.execute(told.values(together=sorted(how.together), released=released, kept=kept))
    _tally(draw.id, how, counts)
    erased = _erase(draw.id)
    facts = {"released": released, "kept": kept, "together": len(how.together), "erased": erased}
    facts |= {"completed": counts.completed.total(), "principal_id": draw.principal_id}
    record("draw.ended", f"draw:{draw.id}", facts, now, principal_id=draw.principal_id)
    return True


def _counted(draw_id: int) -> _Counts:
    columns = (Invitation.stratum, Invitation.site_id, Invitation.disposition)
    reached = [func.count(each) for each in (Invitation.sent_at, Invitation.delivered_at, Invitation.started_at)]
    rows = db.session.execute(
        select(*columns, func.count(), *reached, func.count(Invitation.completed_at))
        .where(Invitation.draw_id == draw_id, Invitation.disposition.in_(ERASED))
        .group_by(*columns)
    )
    counts = _Counts()
    for row in rows:
        counts.rows.append(row)
        counts.sites[row.stratum].add(row.site_id)
        if row.disposition == "completed":
            counts.completed[row.stratum] += row[3]
    return counts


def _release_rest(draw_id: int, how: Ending) -> tuple[int, int]:
    """Let go all that waits, the strata of ``how`` together; returns (let go in all the draw, kept for ever)."""
    waiting = db.session.scalars(
        select(AnswerPool).filter_by(draw_id=draw_id).order_by(AnswerPool.stratum).with_for_update()
    ).all()
    by_stratum = {pool.stratum: [Response.from_json(one) for one in pool.responses] for pool in waiting}
    db.session.execute(delete(AnswerPool).where(AnswerPool.draw_id == draw_id))
    for stratum in sorted(how.told & by_stratum.keys()):
        _write(draw_id, stratum, told_alike(by_stratum[stratum]))
    rest = [one for stratum in how.together for one in by_stratum.get(stratum, [])]
    if how.is_kept:
        MIXER.shuffle(rest)
        kept = {"size": len(rest), "responses": [one.to_json() for one in rest]}
        db.session.execute(insert(AnswerPool).values(draw_id=draw_id, stratum=TOGETHER, **kept))
    else:
        _write(draw_id, None, told_alike([*rest, *_taken_back(draw_id, how)]))
    released = db.session.scalar(select(func.count()).select_from(AnonymousAnswer).filter_by(draw_id=draw_id)) or 0
    return released, len(rest) if how.is_kept else 0


def _taken_back(draw_id: int, how: Ending) -> list[Response]:
    """What a stratum had let go under its own name before it joined the others; it goes once more, with them."""
    theirs = (AnonymousAnswer.draw_id == draw_id) & AnonymousAnswer.stratum.in_(how.together)
    gone = delete(AnonymousAnswer).where(theirs).returning(AnonymousAnswer.stratum, AnonymousAnswer.answers)
    rows = db.session.execute(gone).all()
    for stratum in sorted({row.stratum for row in rows}):
        said = [row.answers for row in rows if row.stratum == stratum]
        answers_let_go.send(draw_id, stratum=stratum, said=said, sign=-1)
    return [Response(tuple((name, value, words) for name, value, words in row.answers), None, None) for row in rows]


def _tally(draw_id: int, how: Ending, counts: _Counts) -> None:
    """Keep how many stood where, instead of who."""
    sites: dict[str, set[int]] = defaultdict(set)
    for stratum, found in counts.sites.items():
        sites[_label(stratum, how)] |= found
    sums: dict[tuple[str, int, str], list[int]] = defaultdict(lambda: [0] * 5)
    for stratum, _site, disposition, *numbers in counts.rows:
        label = _label(stratum, how)
        site = int(shared(map(str, sites[label])) or 0)
        kept = sums[label, site, disposition]
        kept[:] = [before + more for before, more in zip(kept, numbers, strict=True)]
    names = ("invitations", "sent", "delivered", "started", "completed")
    rows: list[Mapping[str, Any]] = [
        {"draw_id": draw_id, "stratum": label, "site_id": site, "disposition": disposition}
        | dict(zip(names, numbers, strict=True))
        for (label, site, disposition), numbers in sorted(sums.items())
    ]
    if rows:
        db.session.execute(insert(DrawTally), rows)


def _label(stratum: str, how: Ending) -> str:
    return TOGETHER if stratum in how.together else stratum


def _erase(draw_id: int) -> int:
    """Forget of each invitation all that came after it was sent. Returns of how many."""
    theirs = (Invitation.draw_id == draw_id) & Invitation.disposition.in_(ERASED)
    ids = select(Invitation.id).where(theirs)
    later = InvitationEvent.disposition.not_in(KEPT_STEPS)
    db.session.execute(delete(InvitationEvent).where(InvitationEvent.invitation_id.in_(ids), later))
    nothing = {"delivered_at": None, "started_at": None, "completed_at": None, "reminders": 0, "reminded_at": None}
    found = db.session.execute(update(Invitation).where(theirs).values(disposition="erased", **nothing))
    return found.rowcount
