"""Which incoming e-mails and which of ours speak of the same matter."""

import re
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import func, select

from foundation.accounts.queries import scoped
from foundation.accounts.scope import Scope
from foundation.database import db
from notifications.keys import hash_of
from notifications.models import InboundMessage, OutboxMessage

# The Message-ID of one of ours is its public id at a domain of ours, whichever that was when it was sent.
_OURS = re.compile(r"<?([0-9a-f]{32})@")

#: So many answers that nobody wrote go to one address in a day; then a person looks. No two machines write for ever.
AUTOMATIC_ANSWERS_A_DAY = 5
_ANSWERS = ("acknowledgement", "confirmation")


def may_answer(address: str, now: datetime) -> bool:
    """Whether one more automatic answer may go to ``address`` within a day."""
    answers = select(func.count(OutboxMessage.id)).where(
        OutboxMessage.recipient_hash == hash_of(address),
        OutboxMessage.channel == "email",
        OutboxMessage.purpose.in_(_ANSWERS),
        OutboxMessage.created_at > now - timedelta(days=1),
    )
    return (db.session.scalar(answers) or 0) < AUTOMATIC_ANSWERS_A_DAY


def answered_mail(subject_key: str, address: str) -> str | None:
    """Return the Message-ID of the last e-mail that ``address`` wrote about ``subject_key``, or None."""
    if not subject_key:
        return None
    written = select(InboundMessage.message_id).where(
        InboundMessage.subject_key == subject_key,
        InboundMessage.channel == "email",
        InboundMessage.kind == "message",
        InboundMessage.sender == address.strip().casefold(),
        InboundMessage.message_id.is_not(None),
    )
    return db.session.scalars(written.order_by(InboundMessage.id.desc()).limit(1)).first()


def ours_among(message_ids: Sequence[str]) -> OutboxMessage | None:
    """Return the first of ``message_ids`` that is an e-mail of ours, or None."""
    public_ids = [found[1] for one in message_ids if (found := _OURS.match(one))]
    if not public_ids:
        return None
    sent = select(OutboxMessage).where(OutboxMessage.public_id.in_(public_ids), OutboxMessage.channel == "email")
    by_id = {message.public_id: message for message in db.session.scalars(sent)}
    return next((by_id[one] for one in public_ids if one in by_id), None)


def came_back(scope: Scope, ours: OutboxMessage) -> list[InboundMessage]:
    """Return the e-mails about the same matter that came in, the oldest first."""
    about = select(InboundMessage).where(
        InboundMessage.channel == "email", InboundMessage.subject_key == ours.subject_key
    )
    seen = scoped(about, scope, principal=InboundMessage.principal_id)
    return list(db.session.scalars(seen.order_by(InboundMessage.id))) if ours.subject_key else []


def mails_about(scope: Scope, ours: OutboxMessage) -> list[OutboxMessage]:
    """Return our e-mails about the same matter that went out, the oldest first, itself among them."""
    if not ours.subject_key:
        return [ours]
    about = select(OutboxMessage).where(
        OutboxMessage.channel == "email",
        OutboxMessage.subject_key == ours.subject_key,
        OutboxMessage.sent_at.is_not(None),
    )
    return list(
        db.session.scalars(scoped(about, scope, principal=OutboxMessage.principal_id).order_by(OutboxMessage.id))
    )
