"""Views kept by name: the address of a page with its filters, for the one who keeps it."""

from datetime import datetime

from sqlalchemy import select

from foundation.database import db
from satisfaction.models import SavedView


def save_view(user_id: int, name: str, address: str, now: datetime) -> SavedView:
    """Keep ``address`` under ``name``; what the person kept under that name before gives way."""
    kept = db.session.scalars(select(SavedView).filter_by(user_id=user_id, name=name)).one_or_none()
    if kept is None:
        kept = SavedView(user_id=user_id, name=name, address=address, saved_at=now)
        db.session.add(kept)
    kept.address, kept.saved_at = address, now
    return kept


def forget_view(view: SavedView) -> None:
    """Keep it no more; the page it led to stays."""
    db.session.delete(view)
