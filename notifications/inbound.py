"""What people write to us: stored and committed first, then routed once, by the first route that takes it."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import structlog
from flask import current_app
from sqlalchemy import or_, select

from foundation.database import db, insert_if_absent, reading
from notifications.keys import hash_of
from notifications.keywords import START, STOP, keyword
from notifications.mailbox import routing
from notifications.models import InboundMessage, OutboxMessage
from notifications.queries.senders import sender_key
from notifications.queries.texts import in_force
from notifications.retries import wait_after
from notifications.services import enqueue, lift_stop, stop_sender

log = structlog.get_logger()
Handler = Callable[[InboundMessage, datetime], bool]
#: The text that confirms each word.
CONFIRMATIONS = {STOP: "notifications.stopped", START: "notifications.started"}
#: The route of what no other took: a person reads it.
PERSON = "person"
#: What the provider calls a request for help, which it answers itself.
HELP = "HELP"
MOST_ATTEMPTS = 8
AT_ONCE = 50
#: Longer than routing takes: whoever stored a message routes it, and the sweep leaves it alone meanwhile.
FIRST_RETRY = timedelta(seconds=10)


def receive(
    *,
    provider_id: str,
    sender: str,
    recipient: str,
    body: str,
    now: datetime,
    provider_keyword: str | None = None,
    attachments: Sequence[Mapping[str, Any]] = (),
) -> InboundMessage:
    """Keep an incoming SMS or MMS, commit, then route it and commit again; return its row.

    ``body`` may be empty. ``attachments`` say what came with an MMS (type, url).
    The same ``provider_id`` again changes nothing. A route that fails does not lose
    the message: it is routed again later, and shown meanwhile.
    """
    last = _last_sent_to(sender)
    values = {
        "provider_id": provider_id,
        "principal_id": last.principal_id if last else None,
        "language": last.language if last else "fr",
        "sender": sender,
        "recipient": recipient,
        "body": body,
        "provider_keyword": provider_keyword,
        "attachments": list(attachments),
        "received_at": now,
        "attempt": 0,
        "retry_at": now + FIRST_RETRY,
    }
    inserted = insert_if_absent(InboundMessage, [values], ["provider_id"])
    db.session.commit()
    message = db.session.scalars(select(InboundMessage).filter_by(provider_id=provider_id)).one()
    if inserted:
        route(message.id, now)
    return message


def route(message_id: int, now: datetime) -> str | None:
    """Give one stored message to the first route that takes it, and commit; return the route's name.

    None when it failed (it is tried again) or was routed already.
    """
    try:
        message = db.session.scalars(select(InboundMessage).filter_by(id=message_id).with_for_update()).one()
        if message.routed_at is not None:
            db.session.rollback()
            return None
        message.routed_to, message.routed_at = _route_of(message, now), now
        message.retry_at, message.last_error = None, None
        db.session.commit()
    except Exception as error:
        db.session.rollback()
        log.error("an incoming message could not be routed", message=message_id, error=type(error).__name__)
        _note_failure(message_id, type(error).__name__, now)
        return None
    return message.routed_to


def route_waiting(now: datetime) -> int:
    """Route again what an exception or a crash left unrouted; commits. Return how many were tried."""
    waiting = select(InboundMessage.id).where(
        InboundMessage.routed_at.is_(None), or_(InboundMessage.retry_at <= now, InboundMessage.retry_at.is_(None))
    )
    with reading():
        ids = list(db.session.scalars(waiting.order_by(InboundMessage.id).limit(AT_ONCE)))
    for message_id in ids:
        route(message_id, now)
    return len(ids)


def _route_of(message: InboundMessage, now: datetime) -> str:
    """Return the name of the route that took the message, having let it do so."""
    if message.provider_keyword == HELP:
        return PERSON  # the provider has answered; it is no answer to a question of ours
    if message.kind != "message":
        return routing.leave(message, now)
    said = _keyword_of(message)
    if said == STOP:
        stop_sender(message.sender, message.recipient, "provider" if message.provider_keyword else message.channel, now)
        _confirm(message, STOP, now)
        return STOP
    if said == START:
        lift_stop(message.sender, now, message.recipient)
        _confirm(message, START, now)
        return START
    if message.channel == "email" and not routing.is_fit(message):
        return PERSON
    routes = current_app.extensions.get("mail_routes" if message.channel == "email" else "inbound_routes", [])
    for _order, name, handler in sorted(routes, key=lambda entry: entry[0]):
        if handler(message, now):
            return name
    return PERSON


def _keyword_of(message: InboundMessage) -> str | None:
    """What the provider recognised counts even in words we do not know; HELP is for it to answer."""
    if message.channel == "email":
        return keyword(routing.words_alone(message))
    return {"STOP": STOP, "START": START}.get(message.provider_keyword or "") or keyword(message.body)


def _confirm(message: InboundMessage, said: str, now: datetime) -> None:
    """Say once that it is done, unless the provider says so itself."""
    if message.provider_keyword or not routing.may_confirm(message, now):
        return
    done = in_force().of(CONFIRMATIONS[said], message.channel, message.language).say()
    enqueue(
        channel=message.channel,
        recipient=message.sender,
        sender=message.recipient if message.channel == "sms" else sender_key(message.recipient, "email"),
        subject=done.subject,
        body=done.body,
        text_id=done.version_id,
        purpose="confirmation",
        business_key=f"inbound:{message.id}:{said}",
        subject_key=f"inbound:{message.id}",
        principal_id=message.principal_id,
        language=message.language,
        priority=0,
        now=now,
    )


def _note_failure(message_id: int, error: str, now: datetime) -> None:
    message = db.session.get_one(InboundMessage, message_id)
    message.attempt += 1
    message.last_error = error
    if message.attempt >= MOST_ATTEMPTS:
        message.routed_to, message.routed_at, message.retry_at = PERSON, now, None
    else:
        message.retry_at = now + wait_after(message.attempt)
    db.session.commit()


def _last_sent_to(address: str) -> OutboxMessage | None:
    sent = select(OutboxMessage).filter_by(recipient_hash=hash_of(address), channel="sms")
    return db.session.scalars(sent.order_by(OutboxMessage.id.desc()).limit(1)).first()
