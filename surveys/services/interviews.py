"""Interviews by SMS, objections, and interviews that nobody went on with."""

from datetime import datetime, timedelta

from sqlalchemy import select

from contacts.models import Customer
from foundation.database import db
from foundation.web.filters import local_date
from notifications.models import OutboxMessage
from notifications.queries.texts import in_force
from notifications.services import enqueue, hold_waiting, opt_out
from notifications.texts import Template
from surveys import replies, sms_texts, tokens, wishes
from surveys.engine import Ask, Done, Ending, Outcome, SendLink, SmsReply
from surveys.interview_events import Event, state_of
from surveys.models import Invitation
from surveys.paths import path
from surveys.queries.interviews import ANSWERABLE, Interview, interview_of, newest_by_phone
from surveys.services.invitations import lock_waiting, move
from surveys.services.recording import take

#: A message of more words than this is for people to read, whatever else we make of it.
MOST_WORDS = 4
#: So long after the end a message still belongs to the interview; later it is about something else.
AFTERWARDS = timedelta(days=30)
#: In these states our message has not reached anyone.
NOT_OUT = ("queued", "suppressed", "expired", "rejected")
THANKS = {"complaint": "thanks_complaint", "callback": "thanks_callback"}


def receive_sms(sender: str, body: str, message_id: str, now: datetime, *, secret: str, public_url: str) -> bool:
    """Take a message into the interview of that number; return whether it belongs there and nowhere else.

    Which interview, when there are several, says ``newest_by_phone``. A long message that is no answer, or that comes
    after the end, is left to whoever is asked next, so that a person reads it.
    """
    interview = newest_by_phone(sender)
    if interview is None or (interview.invitation.expires_at or now) + AFTERWARDS < now:
        return False
    if interview.closed(now) or interview.state.ended:
        return _afterwards(interview, sender, body, message_id, now, public_url)
    reply = SmsReply(body, interview.language, _last_ask_sent(interview), local_date(now, interview.zone))
    outcome = take(interview, reply, f"sms:{message_id}", now)
    _reply(interview, outcome, sender, message_id, now, secret, public_url)
    return not _unread(outcome.events) or _is_short(body)


def stop(address: str, now: datetime, principal_id: int | None = None) -> int:
    """End the waiting interviews of a number or e-mail address, of one principal or of all; return how many.

    What has not gone out yet is no interview: ``invitations.note_opt_out`` keeps it from being sent.
    """
    waiting = (
        select(Invitation.id)
        .join(Customer, Customer.id == Invitation.customer_id)
        .where((Customer.phone == address) | (Customer.email == address), Invitation.disposition.in_(ANSWERABLE))
        .where(Invitation.sent_at.is_not(None))
        .order_by(Invitation.id)
    )
    if principal_id is not None:
        waiting = waiting.where(Invitation.principal_id == principal_id)
    found = [interview_of(invitation_id) for invitation_id in db.session.scalars(waiting).all()]
    outcomes = [
        take(interview, Ending("stopped", "sms"), f"stop:{interview.invitation.id}", now)
        for interview in found
        if interview is not None
    ]
    return sum(bool(outcome.events) for outcome in outcomes)


def object_to_surveys(invitation_id: int, now: datetime) -> None:
    """End an interview and ask its customer nothing more on behalf of that principal."""
    asked = select(Customer.phone, Customer.email).join(Invitation, Invitation.customer_id == Customer.id)
    row = db.session.execute(asked.where(Invitation.id == invitation_id)).first()
    addresses = [address for address in row or () if address]
    # Messages before invitations, all of them at once: the order in which the dispatcher takes them too.
    hold_waiting(addresses)
    lock_waiting(addresses, [invitation_id])
    interview = interview_of(invitation_id)
    if interview is None:
        return
    take(interview, Ending("refused", "web"), f"object:{invitation_id}", now)
    for address in addresses:
        opt_out(address, interview.invitation.principal_id, "link", now)


def settle_expired(now: datetime, at_most: int = 200) -> int:
    """Say of interviews begun and not ended in time what they are: partial from half of the questions on.

    Returns how many were settled; ``at_most`` keeps the caller's transaction short.
    """
    overdue = (
        select(Invitation.id)
        .where(Invitation.disposition == "started", Invitation.expires_at <= now)
        .order_by(Invitation.id)
        .limit(at_most)
    )
    settled = 0
    for invitation_id in db.session.scalars(overdue).all():
        interview = interview_of(invitation_id)
        if interview is not None:
            settled += move(interview.invitation, _left_as(interview), now, "expired")
    return settled


def _left_as(interview: Interview) -> str:
    """Partial when half of what is asked by SMS, or on the web, was answered, whichever of them was used."""
    state = interview.state
    used = [path(interview.version, state, mode) for mode in {event.mode for event in interview.events}]
    half = any(2 * sum(question.id in state.answers for question in asked) >= len(asked) for asked in used)
    return "partial" if half else "broken_off"


def _afterwards(interview: Interview, sender: str, body: str, message_id: str, now: datetime, public_url: str) -> bool:
    """What comes after the end: short replies are kept, and it is said once that an expired survey is closed."""
    if replies.is_polite(body):
        return True
    if not interview.state.ended and not _is_told(interview):
        _send(interview, sender, "closed", _said(interview, "closed", f"{public_url}/complain"), now)
    elif not _is_short(body):
        return False
    take(interview, SmsReply(body, interview.language, day=local_date(now, interview.zone)), f"sms:{message_id}", now)
    return _is_short(body)


def _reply(
    interview: Interview, outcome: Outcome, sender: str, message_id: str, now: datetime, secret: str, public_url: str
) -> None:
    """Answer with one message at most: the next question, the link, or thanks."""
    events = [*interview.events, *outcome.events]
    if isinstance(outcome.step, SendLink):
        token = tokens.derive(secret, interview.invitation.id, interview.invitation.token_issue)
        link = _said(interview, "link", f"{public_url}/s/{token}")
        _send(interview, sender, f"link:{message_id}", link, now)
    elif isinstance(outcome.step, Ask) and any(event.kind == "asked" for event in outcome.events):
        brand, again = interview.principal.brand, _unread(outcome.events)[-1:]
        is_again = bool(again) and again[0].question_id == outcome.step.question.id
        text = sms_texts.question(
            interview.version, outcome.step.question, brand, interview.language, is_again, in_force()
        )
        _send(interview, sender, f"ask:{len(state_of(events).asked)}", text, now)
    elif outcome.step == Done("completed") and outcome.events:
        wished = wishes.wishes(interview.version, events)
        name = next((THANKS[wish] for wish in ("complaint", "callback") if wish in wished), "thanks")
        _send(interview, sender, "thanks", _said(interview, name), now)


def _send(interview: Interview, recipient: str, name: str, said: Template, now: datetime) -> None:
    enqueue(
        channel="sms",
        recipient=recipient,
        body=said.body,
        brand=interview.principal.brand,
        text_id=said.version_id,
        purpose="interview",
        business_key=f"interview:{interview.invitation.id}:{name}",
        now=now,
        principal_id=interview.principal.id,
        site_id=interview.invitation.site_id,
        sender=interview.principal.sms_sender,
        subject_key=f"interview:{interview.invitation.id}",
        language=interview.language,
        zone=interview.principal.zone,
        expires_at=None if name == "closed" else interview.invitation.expires_at,
        priority=0,
    )


def _last_ask_sent(interview: Interview) -> bool:
    """Whether our last question went out; the first one is in the invitation."""
    asked = len(interview.state.asked)
    return asked == 0 or _outbox_state(interview, f"ask:{asked}") not in NOT_OUT


def _is_told(interview: Interview) -> bool:
    return _outbox_state(interview, "closed") is not None


def _outbox_state(interview: Interview, name: str) -> str | None:
    key = f"interview:{interview.invitation.id}:{name}"
    return db.session.scalars(select(OutboxMessage.state).filter_by(business_key=key)).one_or_none()


def _said(interview: Interview, name: str, link: str = "") -> Template:
    brand, language = interview.principal.brand, interview.language
    return sms_texts.other(interview.version, name, brand, language, link, in_force())


def _unread(events: tuple[Event, ...]) -> list[Event]:
    return [event for event in events if event.kind == "unread"]


def _is_short(body: str) -> bool:
    return len(body.split()) <= MOST_WORDS
