"""Which interview a phone number is in. A number has one running interview by SMS at most.

Two customers may share a number, and one customer may be drawn twice: whoever would be the second to be asked waits
until the first interview has ended or its time is over. What comes in belongs to the interview that last wrote to that
number, whether or not it still runs: the reader answers what they saw last.
"""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select

from contacts.models import Customer
from foundation.database import db
from notifications.keys import hashes_of
from notifications.models import OutboxMessage
from surveys.models import Invitation
from surveys.queries.interviews import ANSWERABLE, Interview, interview_of

#: Nothing was written for these yet.
UNWRITTEN = ("drawn", "held", "queued", "not_sent", "ineligible")
MOST = 20


def last_interview(phone: str) -> Interview | None:
    """The interview by SMS that a message from ``phone`` belongs to, kept for this transaction.

    None also where the last of our messages to that number was the link of a survey that is on the web only.
    """
    asked = (
        select(Invitation.id, Invitation.collection)
        .join(Customer, Customer.id == Invitation.customer_id)
        .where(Customer.phone == phone, Invitation.collection != "file", Invitation.token_hash.is_not(None))
        .where(Invitation.disposition.not_in(UNWRITTEN))
        .order_by(Invitation.sent_at.desc().nulls_last(), Invitation.id.desc())
    )
    found = {row.id: row.collection for row in db.session.execute(asked.limit(MOST))}
    by_sms = [invitation_id for invitation_id, collection in found.items() if collection == "sms"]
    wrote = _last_that_wrote(phone, found) if len(found) > 1 else None
    last = wrote or next(iter(by_sms), None)
    return interview_of(last) if last is not None and found[last] == "sms" else None


def waiting_interviews(phones: Collection[str], now: datetime) -> dict[str, int]:
    """The invitations whose interviews by SMS run on these numbers, or are about to: number → invitation."""
    running = (
        select(Customer.phone, Invitation.id)
        .join(Customer, Customer.id == Invitation.customer_id)
        .where(Customer.phone.in_(phones), Invitation.collection == "sms", Invitation.disposition.in_(ANSWERABLE))
        .where(Invitation.expires_at > now)
        .order_by(Invitation.id.desc())
    )
    return {phone: invitation_id for phone, invitation_id in db.session.execute(running) if phone is not None}


def _last_that_wrote(phone: str, invitation_ids: Collection[int]) -> int | None:
    """Which of the invitations sent the last of our messages to that number, as invitation or in its interview."""
    keys = {f"{kind}:{name}": name for name in invitation_ids for kind in ("invitation", "interview")}
    wrote = (
        select(OutboxMessage.subject_key)
        .where(OutboxMessage.recipient_hash.in_(hashes_of(phone)), OutboxMessage.channel == "sms")
        .where(OutboxMessage.sent_at.is_not(None), OutboxMessage.subject_key.in_(keys))
        .order_by(OutboxMessage.sent_at.desc(), OutboxMessage.id.desc())
    )
    last = db.session.scalars(wrote.limit(1)).first()
    return keys[last] if last is not None else None
