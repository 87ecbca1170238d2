"""What the simulated provider forgets when we ask it to; a real one has its own way and its own delay."""

from collections.abc import Collection

from sqlalchemy import or_, update

from foundation.database import db
from notifications.models import SimulatedMessage


def forget(references: Collection[str], sids: Collection[str]) -> None:
    """Empty the messages of these references (our ids) and of these ids of its own of phone and words."""
    if references or sids:
        theirs = or_(SimulatedMessage.reference.in_(references), SimulatedMessage.sid.in_(sids))
        db.session.execute(update(SimulatedMessage).where(theirs).values(phone="", body=""))
