"""Finding invitations."""

from sqlalchemy import select

from foundation.database import db
from surveys.models import Invitation
from surveys.tokens import token_hash


def invitation_by_token(token: str) -> Invitation | None:
    """The invitation a link leads to, whatever became of it; None for a token nobody was given."""
    digest = token_hash(token)
    if digest is None:
        return None
    return db.session.scalars(select(Invitation).filter_by(token_hash=digest)).one_or_none()


def invitation_by_public_id(public_id: str) -> Invitation | None:
    return db.session.scalars(select(Invitation).filter_by(public_id=public_id)).one_or_none()
