"""Frames of draws, counted: from the cells where the roll-up has taken them up, else from their units."""

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import Select, and_, case, func, select

from contacts.models import Contact, Site
from foundation.database import db
from satisfaction.cells import FrameCount, Place
from satisfaction.models import CountedDraw, FrameCell
from surveys.eligibility import SAME_CUSTOMER
from surveys.models import FrameUnit


def frame_counts(draw_ids: Collection[int], by_contact: Collection[int] = ()) -> tuple[FrameCount, ...]:
    """The contacts of the draws' populations by stratum and place.

    In the draws ``by_contact`` those count as eligible too for whom another contact of their customer stands.
    """
    counted = select(CountedDraw.draw_id).where(CountedDraw.draw_id.in_(draw_ids), CountedDraw.has_frame)
    known = set(db.session.scalars(counted))
    columns = [getattr(FrameCell, column.name) for column in FrameCell.__table__.columns]
    cells = db.session.execute(select(*columns).where(FrameCell.draw_id.in_(known))).all() if known else []
    rest = set(draw_ids) - known
    sites = {row.id: row.key for row in db.session.execute(select(Site.id, Site.key))}
    return tuple(
        FrameCount(
            (row.draw_id, row.stratum),
            Place(sites[row.site_id], row.channel),
            row.contacts,
            row.eligible + (row.stood_for if row.draw_id in by_contact else 0),
            row.drawn,
            row.lost,
        )
        for row in (*cells, *(frame_rows(rest) if rest else ()))
    )


def frame_rows(draw_ids: Collection[int]) -> Sequence[Any]:
    """The frames of these draws counted from their units, as rows of ``FrameCell``."""
    return db.session.execute(_counted_units(draw_ids)).all()


def _counted_units(draw_ids: Collection[int]) -> Select[Any]:
    stood_for = and_(FrameUnit.status != "eligible", FrameUnit.reason == SAME_CUSTOMER)
    lost = and_(FrameUnit.status == "suppressed", FrameUnit.reason != SAME_CUSTOMER)
    grouped = (FrameUnit.draw_id, FrameUnit.stratum, Contact.site_id, Contact.channel)
    sums = {"eligible": FrameUnit.status == "eligible", "stood_for": stood_for, "drawn": FrameUnit.drawn, "lost": lost}
    return (
        select(*grouped, func.count().label("contacts"), *(_how_many(sums[name]).label(name) for name in sums))
        .select_from(FrameUnit)
        .join(Contact, Contact.id == FrameUnit.contact_id)
        .where(FrameUnit.draw_id.in_(draw_ids))
        .group_by(*grouped)
    )


def _how_many(condition: Any) -> Any:
    return func.sum(case((condition, 1), else_=0))
