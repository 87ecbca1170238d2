"""Who acts, as the lifecycle sees them."""

from complaints.lifecycle import CUSTOMER_ACTOR, Actor
from foundation.accounts.models import User
from foundation.database import db


def actor_of(actor_id: int | None) -> Actor:
    """Return the member of staff with this id and their permissions; the complainant for None."""
    if actor_id is None:
        return CUSTOMER_ACTOR
    user = db.session.get(User, actor_id)
    return Actor("staff", actor_id, user.permissions if user and user.active else frozenset())
