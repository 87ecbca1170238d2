"""What is to be done because of comments, who may do it, and which case a comment became."""

from sqlalchemy import Select, select

from complaints.models import Case, Proposal
from foundation.accounts.models import User
from foundation.accounts.queries import scoped, staff_with
from foundation.accounts.scope import Scope
from foundation.database import db
from satisfaction.models import CommentAction

AT_ONCE = 200


def open_actions(scope: Scope, principal_id: int | None = None) -> list[CommentAction]:
    """What is still to be done, the earliest day first."""
    found = _seen(scope, principal_id).where(CommentAction.done_at.is_(None))
    return list(db.session.scalars(found.order_by(CommentAction.due_on, CommentAction.id).limit(AT_ONCE)))


def done_actions(scope: Scope, principal_id: int | None = None) -> list[CommentAction]:
    """What was done, the latest first."""
    found = _seen(scope, principal_id).where(CommentAction.done_at.is_not(None))
    return list(db.session.scalars(found.order_by(CommentAction.done_at.desc()).limit(AT_ONCE)))


def action(action_id: int, scope: Scope) -> CommentAction | None:
    """One of them in scope."""
    return db.session.scalars(_seen(scope, None).where(CommentAction.id == action_id)).first()


def actions_of(comment: str) -> list[CommentAction]:
    """Those of one comment, the first one first."""
    return list(db.session.scalars(select(CommentAction).filter_by(comment=comment).order_by(CommentAction.id)))


def _seen(scope: Scope, principal_id: int | None) -> Select[tuple[CommentAction]]:
    found = scoped(select(CommentAction), scope, principal=CommentAction.principal_id, site=CommentAction.site_id)
    return found.where(CommentAction.principal_id == principal_id) if principal_id is not None else found


def who_may_act(principal_id: int, site_id: int | None) -> list[User]:
    """The staff who may read the comments of a place, by name."""
    staff = staff_with("satisfaction.edit_comments")
    return [user for user in staff if user.scope.sees_principal(principal_id) and user.scope.sees_site(site_id)]


def case_of(invitation: str) -> Case | None:
    """The complaint that an answer became."""
    return db.session.scalars(select(Case).filter_by(invitation=invitation)).first()


def proposal_of(invitation: str) -> Proposal | None:
    """The answer at the complaint desk, qualified or not."""
    return db.session.scalars(select(Proposal).filter_by(invitation=invitation)).first()
