"""What the pages of staff share: the blueprint, a case within scope, who looks at it."""

from typing import Any

from flask import Blueprint, abort
from flask_login import current_user

from complaints import pages
from complaints.lifecycle import APPEAL, HANDLE, MANAGE, REGISTER, Actor
from complaints.models import Case
from complaints.queries.cases import case_by_reference
from complaints.references import read_reference
from foundation.accounts.queries import current_permissions, current_scope

bp = Blueprint("complaints", __name__, url_prefix="/complaints")
QUALIFY = "complaints.qualify"
ACTING = frozenset({REGISTER, QUALIFY, HANDLE, APPEAL, MANAGE})


@bp.context_processor
def words() -> dict[str, Any]:
    """Give templates the words for codes."""
    return {"words": pages, "shows_identity": shows_identity()}


def actor() -> Actor:
    """Return whoever is signed in, as the lifecycle sees them."""
    return Actor("staff", current_user.id, current_permissions())


def shows_identity() -> bool:
    """Whether the visitor may see who complains: those who work on cases, and the principal whose customer it is.

    Auditors see every figure down to its rows, without identity.
    """
    return bool(ACTING & current_permissions()) or current_user.role == "principal"


def case_or_404(reference: str) -> Case:
    """Return the case within the visitor's scope; out of scope is as unknown."""
    read = read_reference(reference)
    case = case_by_reference(str(read), current_scope()) if read else None
    return case or abort(404)
