"""Reminders: at most so many as the terms say, so far apart, and never to somebody who ended or refused."""

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, literal, select

from contacts.queries import held, held_contacts
from foundation.database import UTCDateTime, db
from notifications.services import enqueue_many, take_back
from notifications.services.cancelling import OUT_OF_DATE
from surveys import sms_texts
from surveys.asking import last_asked
from surveys.dispositions import DELAYING_HOLDS, OVER, REMINDED
from surveys.eligibility import Address
from surveys.engine import Ask, next_step
from surveys.models import AnswerEvent, Invitation, ProgrammeVersion
from surveys.queries.interviews import Interview, interviews_of
from surveys.queries.reminding import Sign, last_signs, maybe_due, reminding_terms
from surveys.queries.suppressions import addresses
from surveys.services.desk import facts_of
from surveys.services.invitations import OVER_CODE, locked_many, move
from surveys.services.messages import remind, sending_of, told_of

AT_ONCE = 100
SUBJECT = "invitation:"
#: Somebody has the invitation locked in this very moment.
ANSWERING = "answering"
ON_HOLD = "on-hold"
#: What we say ourselves of messages we take back: no news of their invitations.
OUR_OWN = frozenset({ON_HOLD, OVER_CODE})
#: So long a message is put off whose customer is answering, or being put on hold, in this very moment.
A_MOMENT = timedelta(seconds=30)
LATER = timedelta(minutes=15)


def remind_due(secret: str, public_url: str, now: datetime) -> Iterator[int]:
    """Queue the reminders that are due. Yields how many after each piece; the caller commits.

    Each has the key ``invitation:<id>:reminder:<n>`` and is counted on its invitation in the same transaction, so a
    round that comes twice, late or in two workers at once sends nothing twice.
    """
    for terms in reminding_terms():
        last = 0
        while some := maybe_due(terms, now, last, AT_ONCE):
            last = some[-1]
            yield _remind(terms, some, secret, public_url, now)


def _remind(terms: ProgrammeVersion, ids: Sequence[int], secret: str, public_url: str, now: datetime) -> int:
    interviews = {one: found for one, found in interviews_of(ids).items() if _may_be_reminded(found, terms, now)}
    signs = last_signs(list(interviews))
    due = [found for one, found in interviews.items() if _is_quiet(signs.get(one), terms, now)]
    if not due:
        return 0
    where = _reachable(terms, due, now)
    invitations = {one.id: one for one in locked_many(where.keys())}
    sending = sending_of(terms, due[0].invitation.principal_id, secret, public_url, now)
    told = told_of(list(invitations.values()))
    messages = []
    for found in due:
        address = where.get(found.invitation.id)
        if address is not None:
            about, question = told[found.invitation.contact_id], _question(found, address)
            invitation = invitations[found.invitation.id]
            messages.append(remind(sending, invitation, address, about, found.language, question))
    enqueue_many(messages, now)
    return len(messages)


def _may_be_reminded(found: Interview, terms: ProgrammeVersion, now: datetime) -> bool:
    """Looked at again under the lock: another worker, or the customer, may have been quicker."""
    invitation = found.invitation
    asked = invitation.reminded_at or invitation.sent_at
    return (
        invitation.disposition in REMINDED
        and invitation.reminders < terms.reminders
        and not found.closed(now)
        and found.state.ended is None
        and not found.state.with_person
        and asked is not None
        and asked <= now - timedelta(hours=terms.reminder_gap_hours)
    )


def _is_quiet(sign: Sign | None, terms: ProgrammeVersion, now: datetime) -> bool:
    """Whether nothing of ours waits to go out, and nobody has said anything for the gap of the terms."""
    if sign is None:
        return True
    long_ago = sign.last is None or sign.last <= now - timedelta(hours=terms.reminder_gap_hours)
    return not sign.waiting and long_ago


def _reachable(terms: ProgrammeVersion, due: Sequence[Interview], now: datetime) -> dict[int, Address]:
    """Where to remind each, without those who may not be asked now."""
    customers = [found.invitation.customer_id for found in due if found.invitation.customer_id is not None]
    where, on_hold = addresses(terms, due[0].invitation.principal_id, customers), held(customers, now)
    calls = held_contacts([found.invitation.contact_id for found in due], now)
    reachable = {}
    for found in due:
        customer_id = found.invitation.customer_id or 0
        address = where.get(customer_id)
        if isinstance(address, Address) and customer_id not in on_hold and found.invitation.contact_id not in calls:
            reachable[found.invitation.id] = address
    return reachable


def _question(found: Interview, address: Address) -> str:
    """What an interview by SMS stands at, as it is asked there; empty where the link is all there is to bring.

    Also where the web went on: a reply is an answer to the last question sent, and this one never was.
    """
    if found.invitation.collection != "sms" or address.channel != "sms":
        return ""
    step = next_step(found.version, found.state, "sms", seed=found.seed)
    if not isinstance(step, Ask) or step.question.id != last_asked(found.version, found.state):
        return ""
    facts = facts_of(found, found.language)
    said = (found.principal.brand, found.language, found.state.answers, facts)
    return sms_texts.asked_text(found.version, step.asked[0], *said)


def hold_back(customer_id: int, code: str, now: datetime) -> int:
    """Take back what waits in the outbox for a customer who is put on hold; return of how many invitations.

    An invitation that had not gone out waits, a reminder is off. Messages are locked before their invitations.
    """
    asked = select(Invitation.id).where(
        Invitation.customer_id == customer_id, Invitation.disposition.in_(("queued", "failed", *REMINDED))
    )
    subjects = {f"{SUBJECT}{one}" for one in db.session.scalars(asked)}
    taken = take_back(subjects, ("survey", "reminder"), ON_HOLD, now, wait=True)
    waiting = locked_many([_id(subject) for subject in taken])
    for invitation in waiting:
        if invitation.disposition == "queued":
            move(invitation, "held", now, f"hold-{code}")
    return len(waiting)


def look_again(rows: Sequence[Any], at: datetime) -> dict[int, str | datetime]:
    """What is to be done with messages that are about to leave: never, with the reason, or not before a moment.

    An invitation that somebody holds locked is being answered right now, so its message waits a moment: whoever
    answers may be waiting for that message, so nobody waits for them here.
    """
    ours = [(_id(row.subject_key), row) for row in rows if row.subject_key.startswith(SUBJECT)]
    found = _standing({one for one, _row in ours})
    on_hold = held([one.customer_id for one in found.values() if one.customer_id is not None], at)
    said: dict[int, str | datetime] = _out_of_date([(one, row) for one, row in ours if row.purpose == "reminder"])
    for one, row in ours:
        standing = found.get(one)
        if standing is None or row.id in said:
            continue
        if standing.disposition == ANSWERING:
            said[row.id] = at + A_MOMENT
        elif standing.disposition in OVER:
            said[row.id] = OVER_CODE
        elif (code := on_hold.get(standing.customer_id or 0)) is not None:
            said[row.id] = at + LATER if row.purpose == "survey" and code in DELAYING_HOLDS else ON_HOLD
    return said


def _out_of_date(reminders: Sequence[tuple[int, Any]]) -> dict[int, str | datetime]:
    """Reminders that waited to go out while their customer went on answering: what they ask is settled."""
    if not reminders:
        return {}
    said = select(AnswerEvent.invitation_id, func.max(AnswerEvent.at, type_=UTCDateTime))
    said = said.where(AnswerEvent.invitation_id.in_({one for one, _row in reminders}))
    answered = dict(db.session.execute(said.group_by(AnswerEvent.invitation_id)).tuples().all())
    return {row.id: OUT_OF_DATE for one, row in reminders if one in answered and answered[one] >= row.created_at}


def _standing(ids: Collection[int]) -> dict[int, Any]:
    if not ids:
        return {}
    columns = (Invitation.id, Invitation.disposition, Invitation.customer_id)
    known = select(*columns).where(Invitation.id.in_(ids)).order_by(Invitation.id)
    found = {row.id: row for row in db.session.execute(known.with_for_update(read=True, skip_locked=True))}
    if missing := set(ids) - found.keys():
        locked = select(Invitation.id, literal(ANSWERING).label("disposition"), Invitation.customer_id)
        found |= {row.id: row for row in db.session.execute(locked.where(Invitation.id.in_(missing)))}
    return found


def _id(subject_key: str) -> int:
    return int(subject_key.removeprefix(SUBJECT))
