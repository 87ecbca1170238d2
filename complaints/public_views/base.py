"""What the pages of customers share: the blueprint, and the case a visitor has opened with their code."""

from datetime import datetime, timedelta
from typing import Any

from flask import Blueprint, session
from sqlalchemy import select

from complaints import pages
from complaints.models import Case
from complaints.services.texts import mediator_line
from foundation.database import db

bp = Blueprint("complaint", __name__)
#: How long a case stays open on a device somebody walks away from.
OPEN_FOR = timedelta(minutes=30)


@bp.context_processor
def words() -> dict[str, Any]:
    """Give templates the words for codes, and the way to the mediator."""
    return {"words": pages, "mediator": mediator_line}


def remember(name: str, case: Case, now: datetime) -> None:
    """Let this browser see the case under ``name`` (receipt, follow) for a while."""
    session[name] = [case.uid, (now + OPEN_FOR).timestamp()]


def remembered(name: str, now: datetime) -> Case | None:
    """Return the case this browser may see under ``name``; None when it may not, or no longer."""
    uid, until = session.get(name) or ("", 0)
    if now.timestamp() >= until:
        session.pop(name, None)
        return None
    return db.session.scalars(select(Case).filter_by(uid=uid)).first()
