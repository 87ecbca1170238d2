"""The views that a person keeps."""

from sqlalchemy import select

from foundation.database import db
from satisfaction.models import SavedView


def saved_views(user_id: int) -> list[SavedView]:
    """Those of one person, by name."""
    return list(db.session.scalars(select(SavedView).filter_by(user_id=user_id).order_by(SavedView.name)))


def saved_view(view_id: int, user_id: int) -> SavedView | None:
    """One view; None where it is somebody else's."""
    return db.session.scalars(select(SavedView).filter_by(id=view_id, user_id=user_id)).one_or_none()
