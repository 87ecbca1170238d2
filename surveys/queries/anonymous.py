"""Anonymous answers as they may be read: those let go, how many wait, and counts of draws that are over."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import exists, func, or_, select

from contacts.models import Site
from foundation.accounts.queries import scoped
from foundation.accounts.scope import Scope
from foundation.database import db
from surveys.anonymity import ANONYMOUS, TOGETHER
from surveys.models import (
    AnonymousAnswer,
    AnswerPool,
    Draw,
    DrawEnd,
    DrawStratum,
    DrawTally,
    Invitation,
    Programme,
    ProgrammeVersion,
)
from surveys.queries.interviews import ANSWERABLE

#: May still be written to.
UNSENT = ("drawn", "held")
ROWS_AT_ONCE = 2000


@dataclass(frozen=True)
class Told:
    """How the strata of an anonymous draw are told. ``waiting``: answers not let go yet, ``kept``: never."""

    ended: bool
    together: frozenset[str]
    released: int
    waiting: int
    kept: int

    def label(self, stratum: str) -> str:
        """The name a stratum goes under: its own, or TOGETHER."""
        return TOGETHER if stratum in self.together else stratum


def over_draws(now: datetime, at_most: int) -> Sequence[int]:
    """The anonymous draws that nobody can answer any more, and that have not been ended."""
    answering = Invitation.disposition.in_(ANSWERABLE) & or_(
        Invitation.expires_at.is_(None), Invitation.expires_at > now
    )
    unsettled = Invitation.disposition.in_((*UNSENT, "started"))
    still = exists().where(Invitation.draw_id == Draw.id, or_(answering, unsettled))
    found = (
        select(Draw.id)
        .join(ProgrammeVersion, ProgrammeVersion.id == Draw.programme_version_id)
        .where(ProgrammeVersion.promise == ANONYMOUS, Draw.state == "drawn", ~still)
        .where(~exists().where(DrawEnd.draw_id == Draw.id))
        .order_by(Draw.id)
    )
    return db.session.scalars(found.limit(at_most)).all()


def anonymous_draws(programme_id: int) -> Sequence[Draw]:
    """The draws of a programme that were made under the promise of anonymity."""
    found = select(Draw).join(ProgrammeVersion, ProgrammeVersion.id == Draw.programme_version_id)
    found = found.where(Draw.programme_id == programme_id, ProgrammeVersion.promise == ANONYMOUS)
    return db.session.scalars(found.order_by(Draw.id)).all()


def strata_seen(draw_ids: Collection[int], scope: Scope) -> set[tuple[int, str]] | None:
    """(draw, stratum) of the strata that whoever sees some sites may see: those that lie in one of them. None: all."""
    if scope.site_ids is None:
        return None
    keys = set(db.session.scalars(scoped(select(Site.key), scope, site=Site.id)))
    rows = db.session.execute(
        select(DrawStratum.draw_id, DrawStratum.stratum, DrawStratum.field_values, Draw.allocation)
        .join(Draw, Draw.id == DrawStratum.draw_id)
        .where(DrawStratum.draw_id.in_(draw_ids))
    )
    return {
        (draw_id, stratum)
        for draw_id, stratum, values, allocation in rows
        if dict(zip(allocation.get("strata", ()), values, strict=False)).get("site") in keys
    }


def told(draw_ids: Collection[int]) -> dict[int, Told]:
    """Draw → how it is told, for those of ``draw_ids`` whose programme promised to be anonymous."""
    found = db.session.execute(
        select(Draw.id, DrawEnd.together, DrawEnd.kept)
        .join(ProgrammeVersion, ProgrammeVersion.id == Draw.programme_version_id)
        .outerjoin(DrawEnd, DrawEnd.draw_id == Draw.id)
        .where(Draw.id.in_(draw_ids), ProgrammeVersion.promise == ANONYMOUS)
    ).all()
    ids = [row.id for row in found]
    released, waiting = _sums(ids, AnonymousAnswer, func.count()), _sums(ids, AnswerPool, func.sum(AnswerPool.size))
    return {
        draw_id: Told(
            together is not None,
            frozenset(together or ()),
            released.get(draw_id, 0),
            waiting.get(draw_id, 0) - (kept or 0),
            kept or 0,
        )
        for draw_id, together, kept in found
    }


def told_of(programme: Programme) -> dict[int, Told]:
    """The same of all anonymous draws of a programme."""
    return told([draw.id for draw in anonymous_draws(programme.id)])


def _sums(draw_ids: Collection[int], model: Any, how_many: Any) -> Mapping[int, int]:
    rows = select(model.draw_id, how_many).where(model.draw_id.in_(draw_ids)).group_by(model.draw_id)
    return {draw_id: int(count) for draw_id, count in db.session.execute(rows)}


def let_go(draw_ids: Collection[int]) -> Iterator[Any]:
    """(draw, stratum or None, language or None, day or None, answers) of each answer let go, by its random name."""
    columns = (AnonymousAnswer.stratum, AnonymousAnswer.language, AnonymousAnswer.day, AnonymousAnswer.answers)
    rows = select(AnonymousAnswer.draw_id, *columns).where(AnonymousAnswer.draw_id.in_(draw_ids))
    in_order = rows.order_by(AnonymousAnswer.draw_id, AnonymousAnswer.name)
    yield from db.session.execute(in_order.execution_options(yield_per=ROWS_AT_ONCE))


def tallies(draw_ids: Collection[int]) -> Sequence[DrawTally]:
    """What is kept of the invitations of draws that are over, in place of those that are ``erased``."""
    return db.session.scalars(select(DrawTally).where(DrawTally.draw_id.in_(draw_ids))).all()
