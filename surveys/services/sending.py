"""Sending the invitations of a draw: into the outbox, in small pieces; and those that had to wait, later."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from contacts.queries import held, held_contacts
from foundation.database import db
from notifications.services import enqueue_many
from surveys.dispositions import DELAYING_HOLDS
from surveys.eligibility import ANSWERED_LATELY, Address, Rules
from surveys.models import Draw, Invitation
from surveys.queries.delays import CAP, Delays
from surveys.queries.phones import waiting_interviews
from surveys.queries.suppressions import addresses
from surveys.queries.waiting import held_draws, held_in
from surveys.refusals import SurveyRefused
from surveys.services.invitations import history, locked_many, move, move_many
from surveys.services.messages import Sending, invite, sending_of, told_of

MESSAGES_IN_A_PIECE = 100
OTHER_INTERVIEW = "other-interview"
HOLD = "hold-"


def send_invitations(draw_id: int, secret: str, public_url: str, now: datetime) -> Iterator[None]:
    """Queue a message for each drawn customer who may still be asked. Yields after each piece; the caller commits.

    Who has opted out since the draw is not written to, and the reason is kept; who has an open complaint, or another
    interview by SMS on the same number, waits (``release_held``). Doing it again sends nothing twice. Raises
    SurveyRefused ``not-drawn`` or ``nothing-to-send``.
    """
    draw = db.session.get_one(Draw, draw_id)
    if draw.state not in ("drawn", "running"):
        raise SurveyRefused("not-drawn", draw_id=draw_id)
    if not draw.terms.uses_addresses:
        raise SurveyRefused("nothing-to-send", draw_id=draw_id)
    while some := _drawn(draw_id):
        _queue(_sending(draw_id, secret, public_url, now), some)
        yield


def release_held(secret: str, public_url: str, now: datetime) -> Iterator[None]:
    """Send what had to wait and may go now; end what waited for as long as its link would have been open.

    Yields after each piece; the caller commits. Fired twice or late it does nothing more.
    """
    for draw_id in held_draws():
        last = 0
        while some := held_in(draw_id, last, MESSAGES_IN_A_PIECE):
            last = some[-1]
            _queue(_sending(draw_id, secret, public_url, now), some)
            yield


def _sending(draw_id: int, secret: str, public_url: str, now: datetime) -> Sending:
    draw = db.session.get_one(Draw, draw_id)
    return sending_of(draw.terms, draw.principal_id, secret, public_url, now)


def _drawn(draw_id: int) -> Sequence[int]:
    waiting = select(Invitation.id).filter_by(draw_id=draw_id, disposition="drawn")
    return db.session.scalars(waiting.order_by(Invitation.id).limit(MESSAGES_IN_A_PIECE)).all()


def _queue(sending: Sending, ids: Sequence[int]) -> None:
    invitations = [one for one in locked_many(ids) if one.disposition in ("drawn", "held")]
    rules = Rules.from_json(sending.terms.rules)
    delays = Delays(rules, sending.principal.id, invitations, sending.now)
    found, told = _whereto(sending, invitations, delays), told_of(invitations)
    invited: list[Invitation] = []
    messages: list[dict[str, Any]] = []
    for invitation in invitations:
        address = found[invitation.id]
        if _is_over(invitation, sending.now):
            move(invitation, "not_sent", sending.now, history(invitation.id)[-1].reason)
        elif isinstance(address, str):
            _leave(invitation, address, sending, rules, delays.until(invitation))
        else:
            messages.append(invite(sending, invitation, address, told[invitation.contact_id]))
            invited.append(invitation)
    move_many(invited, "queued", sending.now)
    enqueue_many(messages, sending.now)


def _whereto(sending: Sending, invitations: Sequence[Invitation], delays: Delays) -> dict[int, Address | str]:
    """Where each of them is asked now, or why not. A number is asked one survey by SMS at a time."""
    customers = [one.customer_id for one in invitations if one.customer_id is not None]
    where, on_hold = addresses(sending.terms, sending.principal.id, customers), held(customers, sending.now)
    calls_on_hold = held_contacts([one.contact_id for one in invitations], sending.now)
    numbers = {address.recipient for address in where.values() if isinstance(address, Address)}
    by_sms = sending.terms.collection == "sms"
    busy = set(waiting_interviews(numbers, sending.now)) if by_sms else set()
    found: dict[int, Address | str] = {}
    for one in invitations:
        hold = on_hold.get(one.customer_id or 0) or calls_on_hold.get(one.contact_id)
        address = HOLD + hold if hold else where.get(one.customer_id or 0, "no-address")
        if isinstance(address, Address):
            address = delays.reason(one) or address
        if by_sms and isinstance(address, Address):
            number = address.recipient
            address = OTHER_INTERVIEW if number in busy else address
            busy.add(number)
        if isinstance(address, Address):
            delays.take(one)
        found[one.id] = address
    return found


def _leave(invitation: Invitation, reason: str, sending: Sending, rules: Rules, until: datetime | None) -> None:
    """Let an invitation wait where the reason passes, else say for good what it is.

    It waits for as long as its link would have been open, counted from the end of the reason where that is known.
    """
    passes = reason in (OTHER_INTERVIEW, ANSWERED_LATELY) or reason.startswith(CAP)
    if not passes and (reason.removeprefix(HOLD) not in DELAYING_HOLDS or rules.blocks(reason)):
        blocked = reason.startswith(HOLD) and reason.removeprefix(HOLD) not in DELAYING_HOLDS
        move(invitation, "ineligible" if blocked else "not_sent", sending.now, reason)
    elif invitation.disposition == "drawn":
        invitation.expires_at = max(sending.now, until or sending.now) + timedelta(days=sending.terms.validity_days)
        move(invitation, "held", sending.now, reason)


def _is_over(invitation: Invitation, now: datetime) -> bool:
    """Whether one that had to wait did so for as long as its link would have been open."""
    return invitation.disposition == "held" and invitation.expires_at is not None and invitation.expires_at <= now
