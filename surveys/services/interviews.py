"""Interviews by SMS, objections, and interviews that nobody went on with."""

from datetime import datetime, timedelta

from sqlalchemy import select

from contacts.models import Customer
from contacts.queries.people import people_with
from foundation.database import db
from foundation.web.filters import local_date
from notifications.services import hold_waiting, opt_out
from surveys import replies
from surveys.anonymity import blunted
from surveys.distress import speaks_of_distress
from surveys.engine import Ending, GoOn, LeftToPerson, SmsReply
from surveys.models import Invitation
from surveys.paths import path
from surveys.queries.interviews import ANSWERABLE, Interview, interview_of, interviews_of
from surveys.queries.phones import last_interview
from surveys.services import anonymous
from surveys.services.desk import Desk
from surveys.services.invitations import lock_waiting, move_row
from surveys.services.recording import take

#: A message of more words than this is for people to read, whatever else we make of it.
MOST_WORDS = 4
#: So long after the end a message still belongs to the interview; later it is about something else.
AFTERWARDS = timedelta(days=30)
#: What is said once to a reply that comes after the end; whoever refused or said stop hears nothing more.
CLOSING = {None: "closed", "completed": "already"}


def receive_sms(
    sender: str, body: str, message_id: str, now: datetime, *, secret: str, public_url: str, complains: bool = False
) -> bool:
    """Take a message into the interview of that number; return whether it belongs there and nowhere else.

    Which interview, when there are several, says ``queries.phones``. A message of distress or, ``complains``, of
    complaint; a long one that is no answer; and one that comes after the end are left to whoever is asked next, so
    that a person reads them.
    """
    interview = last_interview(sender)
    if interview is None or (interview.invitation.expires_at or now) + AFTERWARDS < now:
        return False
    desk = Desk(interview, sender, message_id, now, secret, public_url)
    reply = SmsReply(
        body,
        interview.language,
        desk.unsent(),
        _for_person(body, complains),
        local_date(now, interview.zone),
    )
    if interview.closed(now) or interview.state.ended:
        return _afterwards(desk, reply)
    outcome = take(interview, reply, f"sms:{message_id}", now)
    desk.answer(outcome, reply.for_person)
    if isinstance(outcome.step, LeftToPerson):
        return False
    return not any(event.kind == "unread" for event in outcome.events) or _is_short(body)


def go_on(invitation_id: int, now: datetime, *, secret: str, public_url: str) -> bool:
    """Send the open question of an interview that was left to a person; return whether one was sent."""
    interview = interview_of(invitation_id)
    if interview is None or interview.phone is None:
        return False
    outcome = take(interview, GoOn(), f"go-on:{invitation_id}:{len(interview.events)}", now)
    Desk(interview, interview.phone, "", now, secret, public_url).answer(outcome)
    return bool(outcome.events)


def stop(address: str, now: datetime, principal_id: int | None = None) -> int:
    """End the waiting interviews of a number or e-mail address, of one principal or of all; return how many.

    What has not gone out yet is no interview: ``invitations.note_opt_out`` keeps it from being sent.
    """
    waiting = (
        select(Invitation.id)
        .where(Invitation.customer_id.in_(people_with([address])), Invitation.disposition.in_(ANSWERABLE))
        .where(Invitation.sent_at.is_not(None))
        .order_by(Invitation.id)
    )
    if principal_id is not None:
        waiting = waiting.where(Invitation.principal_id == principal_id)
    found = interviews_of(db.session.scalars(waiting).all())
    outcomes = [take(each, Ending("stopped", "sms"), f"stop:{name}", now) for name, each in found.items()]
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
    found = interviews_of(db.session.scalars(overdue).all())
    return sum(_settle(interview, now) for interview in found.values())


def _settle(interview: Interview, now: datetime) -> bool:
    """Anonymous answers that were not sent to the end are deleted: a torso would be known by its length."""
    if interview.is_anonymous:
        anonymous.forget([interview.invitation.id])
        return move_row(interview.invitation, "broken_off", blunted(now, interview.zone), "expired")
    return move_row(interview.invitation, _left_as(interview), now, "expired")


def _left_as(interview: Interview) -> str:
    """Partial when half of what is asked by SMS, or on the web, was answered, whichever of them was used."""
    state = interview.state
    used = [path(interview.version, state, mode) for mode in {event.mode for event in interview.events}]
    half = any(2 * sum(question.id in state.answers for question in asked) >= len(asked) for asked in used)
    return "partial" if half else "broken_off"


def _for_person(body: str, complains: bool) -> str:
    if speaks_of_distress(body):
        return "distress"
    return "complaint" if complains else ""


def _afterwards(desk: Desk, reply: SmsReply) -> bool:
    """What comes after the end: short replies are kept, and it is said once that the survey is closed, or complete."""
    if replies.is_polite(reply.body):
        return True
    is_short = _is_short(reply.body)
    how = desk.interview.state.ended
    if reply.for_person == "distress" or (how is not None and not is_short):
        return False
    if how in CLOSING:
        desk.say_once(CLOSING[how])
    take(desk.interview, reply, f"sms:{desk.message_id}", desk.now)
    return is_short and not reply.for_person


def _is_short(body: str) -> bool:
    return len(body.split()) <= MOST_WORDS
