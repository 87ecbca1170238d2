"""Holds in force: whom not to ask now, and why."""

from collections.abc import Collection, Iterable
from datetime import datetime

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from contacts.models import Hold
from foundation.database import db

# Beyond this it is quicker to read every hold in force than to name the subjects.
NAMED_AT_ONCE = 500


def held(customer_ids: Iterable[int], at: datetime, but: Collection[str] = ()) -> dict[int, str]:
    """The customers under a hold at ``at``, each with its code; of several, the oldest hold's.

    Holds of the codes in ``but`` are passed over.
    """
    return _held(Hold.customer_id, set(customer_ids), at, but)


def held_contacts(contact_ids: Iterable[int], at: datetime, but: Collection[str] = ()) -> dict[int, str]:
    """The contacts under a hold of their own at ``at``, each with its code; those in ``but`` are passed over."""
    return _held(Hold.contact_id, set(contact_ids), at, but)


def in_force(at: datetime) -> ColumnElement[bool]:
    """The condition that a hold has begun at ``at`` and has neither ended nor been lifted by then."""
    return and_(
        Hold.starts_at <= at,
        or_(Hold.ends_at.is_(None), Hold.ends_at > at),
        or_(Hold.lifted_at.is_(None), Hold.lifted_at > at),
    )


def _held(
    subject: InstrumentedAttribute[int | None], ids: set[int], at: datetime, but: Collection[str]
) -> dict[int, str]:
    statement = select(subject, Hold.code).where(in_force(at), subject.is_not(None)).order_by(Hold.id.desc())
    if but:
        statement = statement.where(Hold.code.not_in(but))
    if len(ids) <= NAMED_AT_ONCE:
        statement = statement.where(subject.in_(ids))
    return {subject_id: code for subject_id, code in db.session.execute(statement) if subject_id in ids}
