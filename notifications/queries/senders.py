"""Who is behind a number or an e-mail address that people answer to."""

from collections.abc import Sequence

from flask import current_app
from sqlalchemy import select

from foundation.database import db
from notifications.models import OutboxMessage


def sender_key(sender: str, channel: str) -> str:
    """Return ``sender`` where it is some principal's own, else "": what the installation has itself is one sender."""
    return sender if _owners(sender, channel) else ""


def principals_behind(sender: str, channel: str, recipient_hashes: Sequence[str]) -> list[int]:
    """Return the principals who send from ``sender``, and those who have written from it to that recipient."""
    sent = select(OutboxMessage.principal_id).where(
        OutboxMessage.recipient_hash.in_(recipient_hashes),
        OutboxMessage.sender == sender,
        OutboxMessage.principal_id.is_not(None),
    )
    owners = _owners(sender_key(sender, channel), channel)
    return sorted(owners | {found for found in db.session.scalars(sent.distinct()) if found})


def _owners(sender: str, channel: str) -> set[int]:
    """Ask whoever knows the principals, registered in app.py, which of them name ``sender`` as theirs."""
    owners = current_app.extensions.get("sender_owners")
    return set(owners(sender, channel)) if owners else set()
