"""Who acts, as the lifecycle sees them."""

from complaints.errors import ActRefused
from complaints.lifecycle import CUSTOMER_ACTOR, TABLE, Actor, Situation, verdict
from complaints.models import Case
from foundation.accounts.models import User
from foundation.database import db


def actor_of(actor_id: int | None) -> Actor:
    """Return the member of staff with this id and their permissions; the complainant for None."""
    if actor_id is None:
        return CUSTOMER_ACTOR
    user = db.session.get(User, actor_id)
    return Actor("staff", actor_id, user.permissions if user and user.active else frozenset())


def why_not_theirs(case: Case, situation: Situation, colleague_id: int) -> ActRefused | None:
    """Return why the case cannot be put in a colleague's hands; None where they see it and could take it themselves."""
    taking = "assign" if (situation.state, "assign") in TABLE else "assign_appeal"
    found = verdict(taking, situation, actor_of(colleague_id))
    if found.reason is not None:
        return ActRefused(taking, found.reason, found.by)
    scope = db.session.get_one(User, colleague_id).scope
    sees = scope.sees_principal(case.principal_id) and scope.sees_site(case.site_id)
    return None if sees else ActRefused(taking, "not-yours", found.by)
