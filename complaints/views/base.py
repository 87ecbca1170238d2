"""What the pages of staff share: the blueprint, a case within scope, who looks at it."""

from dataclasses import replace
from typing import Any

from flask import Blueprint, abort
from flask_login import current_user

from complaints import pages
from complaints.identity import without_identity
from complaints.lifecycle import APPEAL, HANDLE, MANAGE, REGISTER, Actor
from complaints.models import Case
from complaints.queries.cases import ThreadItem, case_by_reference, thread
from complaints.references import read_reference
from foundation.accounts.queries import current_permissions, current_scope

bp = Blueprint("complaints", __name__, url_prefix="/complaints")
QUALIFY = "complaints.qualify"
ACTING = frozenset({REGISTER, QUALIFY, HANDLE, APPEAL, MANAGE})


@bp.context_processor
def words() -> dict[str, Any]:
    """Give templates the words for codes."""
    return {"words": pages, "shows_identity": shows_identity(), "readable": readable}


def actor() -> Actor:
    """Return whoever is signed in, as the lifecycle sees them."""
    return Actor("staff", current_user.id, current_permissions())


def shows_identity() -> bool:
    """Whether the visitor may see who complains: those who work on cases, and the principal whose customer it is.

    Auditors see every figure down to its rows, without identity.
    """
    return bool(ACTING & current_permissions()) or current_user.role == "principal"


def readable(text: str, case: Any) -> str:
    """Return words of a case as the visitor may read them: who may not know the person does not find the name there."""
    return text if shows_identity() else without_identity(text, case.name, case.email, case.phone)


def said(case: Case) -> list[ThreadItem]:
    """Return what was said, as the visitor may read it. A principal is no colleague: internal notes are not theirs."""
    items = thread(case.id, with_notes=current_user.role != "principal")
    return [replace(item, body=readable(item.body, case)) for item in items]


def case_or_404(reference: str) -> Case:
    """Return the case within the visitor's scope; out of scope is as unknown."""
    read = read_reference(reference)
    case = case_by_reference(str(read), current_scope()) if read else None
    return case or abort(404)
