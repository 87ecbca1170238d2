"""Keeping the mails of one matter together."""

from sqlalchemy import update

from foundation.database import db
from notifications.models import InboundMessage, OutboxMessage


def join_thread(message: InboundMessage, subject_key: str) -> None:
    """Record what an incoming e-mail is about, and let our waiting mails about it answer it."""
    message.subject_key = subject_key
    if message.message_id is None:
        return
    waiting = update(OutboxMessage).where(
        OutboxMessage.subject_key == subject_key,
        OutboxMessage.channel == "email",
        OutboxMessage.recipient == message.sender,
        OutboxMessage.state == "queued",
        OutboxMessage.in_reply_to.is_(None),
    )
    db.session.execute(waiting.values(in_reply_to=message.message_id), execution_options={"synchronize_session": False})
