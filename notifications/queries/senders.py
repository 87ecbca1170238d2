"""Who is behind a number that people answer to."""

from collections.abc import Sequence

from flask import current_app
from sqlalchemy import select

from foundation.database import db
from notifications.models import OutboxMessage


def sender_key(number: str) -> str:
    """Return ``number`` where it is some principal's own, else "": the numbers of the installation are one sender."""
    return number if _owners(number) else ""


def principals_behind(number: str, recipient_hashes: Sequence[str]) -> list[int]:
    """Return the principals who send from ``number``, and those who have written from it to that recipient."""
    sent = select(OutboxMessage.principal_id).where(
        OutboxMessage.recipient_hash.in_(recipient_hashes),
        OutboxMessage.sender == number,
        OutboxMessage.principal_id.is_not(None),
    )
    return sorted(_owners(sender_key(number)) | {found for found in db.session.scalars(sent.distinct()) if found})


def _owners(number: str) -> set[int]:
    """Ask whoever knows the principals, registered in app.py, which of them name ``number`` as their sender."""
    owners = current_app.extensions.get("sender_owners")
    return set(owners(number)) if owners else set()
