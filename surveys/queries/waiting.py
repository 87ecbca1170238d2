"""Who waits to be asked."""

from collections.abc import Sequence

from sqlalchemy import select

from foundation.database import db
from surveys.models import Invitation


def held_draws() -> Sequence[int]:
    """The draws of which somebody waits to be asked."""
    held = select(Invitation.draw_id).where(Invitation.disposition == "held").distinct()
    return db.session.scalars(held.order_by(Invitation.draw_id)).all()


def held_in(draw_id: int, after: int, at_most: int) -> Sequence[int]:
    """The ids of a draw's invitations that wait, in order, beyond ``after``."""
    held = select(Invitation.id).filter_by(draw_id=draw_id, disposition="held").where(Invitation.id > after)
    return db.session.scalars(held.order_by(Invitation.id).limit(at_most)).all()
