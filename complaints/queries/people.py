"""Complainants by their addresses."""

from collections.abc import Iterator

from sqlalchemy import select

from complaints.models import Case
from foundation.database import db


def every_address() -> Iterator[str]:
    """Every number and e-mail address of a complainant."""
    for column in (Case.phone, Case.email):
        yield from db.session.scalars(select(column).where(column.is_not(None)).distinct()).all()
