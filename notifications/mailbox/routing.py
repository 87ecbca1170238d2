"""Where an e-mail goes: what machines wrote stays unanswered, a bounce goes to its message, a person's words on."""

from datetime import datetime

from flask import current_app

from foundation.database import db
from notifications import outbox
from notifications.letters.bounces import Bounce, bounce_in
from notifications.letters.parsing import read
from notifications.letters.replies import bare_words
from notifications.mailbox.storage import load, mail_files
from notifications.models import InboundMessage, OutboxMessage
from notifications.queries.threads import may_answer, ours_among
from notifications.states import RANKS

PERSON = "person"
#: Why an e-mail is for a person at once, the first that holds.
UNFIT = ("too-large", "unreadable", "no-sender", "sounds-automatic")


def leave(message: InboundMessage, now: datetime) -> str:
    """Keep what a machine wrote beside what it is about, answer nothing, and return the name of its route."""
    if message.kind == "bounce":
        return _note_bounce(message, now)
    ours = ours_among(message.answers)
    message.subject_key = ours.subject_key if ours else None
    message.routed_why = "our-own" if message.kind == "own" else "no-person"
    return message.kind


def is_fit(message: InboundMessage) -> bool:
    """Whether rules may deal with an e-mail; where only a person can, ``routed_why`` says why."""
    message.routed_why = next((defect for defect in UNFIT if defect in message.defects), None)
    if message.routed_why is None and not (message.body or message.subject).strip():
        message.routed_why = "empty"
    return message.routed_why is None


def words_alone(message: InboundMessage) -> str:
    """Return the words of an e-mail without signature, or its subject where that is all it says."""
    return bare_words(message.body) or message.subject


def may_confirm(message: InboundMessage, now: datetime) -> bool:
    """Whether a STOP or START may be answered; an e-mail joins the thread of the one that asked."""
    message.routed_why = "keyword"
    if message.channel != "email":
        return True
    message.subject_key = f"inbound:{message.id}"
    db.session.flush()
    return may_answer(message.sender, now)


def _note_bounce(message: InboundMessage, now: datetime) -> str:
    """Tell the message what became of it: it did not arrive, or it is late; also long after it was sent."""
    raw = load(mail_files(current_app), message.raw_path or "", message.raw_sha256 or "")
    bounce = bounce_in(read(raw), raw)
    sent = ours_among([f"<{one}@" for one in bounce.public_ids]) if bounce else None
    if bounce is None or sent is None:
        message.routed_why = "bounce-of-nothing-ours"
        return PERSON
    message.subject_key = sent.subject_key
    message.principal_id = message.principal_id or sent.principal_id
    message.routed_why = "bounce-permanent" if bounce.permanent else "bounce-temporary"
    _tell(sent, bounce, now)
    return "bounce"


def _tell(sent: OutboxMessage, bounce: Bounce, now: datetime) -> None:
    if bounce.permanent and sent.rank < RANKS["undelivered"]:
        outbox.advance(sent.id, "undelivered", now, source="provider", code=bounce.code)
    else:
        outbox.note(sent, "undelivered" if bounce.permanent else "delayed", now, source="provider", code=bounce.code)
