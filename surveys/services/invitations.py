"""What becomes of an invitation: every step is kept, and only allowed ones are taken."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Insert, String, Table, bindparam, insert, select, update

from contacts.queries.people import people_with
from foundation.database import UTCDateTime, db
from notifications.services import take_back
from surveys.dispositions import OVER, may_become
from surveys.models import Invitation, InvitationEvent
from surveys.queries.interview_rows import Invited

#: The moments of an invitation, in the order they are reached.
REACHED = ("sent_at", "delivered_at", "started_at", "completed_at")
_STEPS = {
    "sent": 1,
    "delivered": 2,
    "started": 3,
    "partial": 3,
    "broken_off": 3,
    "refused": 2,
    "wrong_person": 2,
    "completed": 4,
}
_INVITATIONS = cast(Table, Invitation.__table__)
_MOVED = (
    update(_INVITATIONS)
    .where(_INVITATIONS.c.id == bindparam("moved_id"))
    .values({name: bindparam(name) for name in ("disposition", *REACHED)})
)
_STEP = insert(cast(Table, InvitationEvent.__table__))
_MOVED_ROW = _MOVED.returning(_INVITATIONS.c.id, _INVITATIONS.c.disposition).cte("moved")
# PostgreSQL does both in one statement: asking it twice costs more than what is asked.
MOVED_WITH_STEP = _STEP.from_select(
    ["invitation_id", "disposition", "reason", "at"],
    select(
        _MOVED_ROW.c.id, _MOVED_ROW.c.disposition, bindparam("reason", type_=String), bindparam("at", type_=UTCDateTime)
    ),
    include_defaults=False,
)
WAITING = ("held", "queued", "sent", "delivered", "failed", "started")
#: Of these, and of whoever was reminded, something may wait in the outbox. What else waits there (a message that goes a
#: second time) is looked at when it is about to leave: services.reminding.
NOT_OUT_YET = ("queued", "failed")
#: Purposes of the messages that ask, and what is said of one that is taken back because the interview is over.
ASKING = ("survey", "reminder")
OVER_CODE = "interview-over"


def locked(invitation_id: int) -> Invitation:
    """The invitation as it is now, kept for this transaction: of two who change it, one waits."""
    return db.session.scalars(
        select(Invitation)
        .where(Invitation.id == invitation_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()


def locked_many(invitation_ids: Collection[int]) -> Sequence[Invitation]:
    """Invitations as they are now, locked in order of id, as everywhere, and kept for this transaction."""
    return db.session.scalars(
        select(Invitation)
        .where(Invitation.id.in_(invitation_ids))
        .order_by(Invitation.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).all()


def lock_waiting(addresses: Collection[str], also: Collection[int] = ()) -> None:
    """Lock the waiting invitations of whoever has one of ``addresses``, and ``also`` these, all in order of id.

    Whoever will end several of them calls it before the first, so that two transactions never wait for each other.
    """
    theirs = Invitation.customer_id.in_(people_with(addresses))
    waiting = theirs & Invitation.disposition.in_(WAITING)
    found = select(Invitation.id).where(waiting | Invitation.id.in_(also) if also else waiting)
    db.session.execute(found.order_by(Invitation.id).with_for_update(of=Invitation)).all()


def move(invitation: Invitation, disposition: str, at: datetime, reason: str = "") -> bool:
    """Let a locked invitation go to ``disposition``; return whether it may and did.

    Steps that must have happened before (who answers has received) take the same moment where it is not known. Where
    nothing more is asked, what waits in the outbox is taken back in this transaction.
    """
    before = invitation.disposition
    if not may_become(before, disposition):
        return False
    invitation.disposition = disposition
    for name in steps_to(disposition, invitation.collection):
        if getattr(invitation, name) is None:
            setattr(invitation, name, at)
    db.session.add(InvitationEvent(invitation_id=invitation.id, disposition=disposition, reason=reason, at=at))
    db.session.flush()
    _take_back(invitation, before, at, reason)
    return True


def move_row(
    invitation: Invited,
    disposition: str,
    at: datetime,
    reason: str = "",
    statement: Insert = MOVED_WITH_STEP,
    stored: Mapping[str, Any] | None = None,
) -> bool:
    """The same for an invitation that was read as plain values, with two plain statements.

    On PostgreSQL with one: ``MOVED_WITH_STEP``, or a ``statement`` that does it besides what it stores of ``stored``.
    """
    before = invitation.disposition
    if not may_become(before, disposition):
        return False
    reached = {name: at for name in steps_to(disposition, invitation.collection) if getattr(invitation, name) is None}
    for name, value in {"disposition": disposition, **reached}.items():
        setattr(invitation, name, value)
    connection = db.session.connection()
    # One statement for all, whatever was reached: those known already are written as they are.
    moments = {name: getattr(invitation, name) for name in REACHED}
    moved = {"moved_id": invitation.id, "disposition": disposition, **moments}
    step = {"invitation_id": invitation.id, "disposition": disposition, "reason": reason, "at": at}
    if connection.dialect.name == "postgresql":
        connection.execute(statement, moved | {"reason": reason, "at": at} | (stored or {}))
    else:
        connection.execute(_MOVED, moved)
        connection.execute(_STEP, step)
    _take_back(invitation, before, at, reason)
    return True


def _take_back(invitation: Invitation | Invited, before: str, at: datetime, reason: str) -> None:
    """Nothing goes out any more once the last word is said; whoever is not reminded costs no statement."""
    if invitation.disposition in OVER and (invitation.reminders or before in NOT_OUT_YET):
        code = "opted-out" if reason == "opted-out" else OVER_CODE
        take_back([f"invitation:{invitation.id}"], ASKING, code, at, wait=False)


def move_many(invitations: Sequence[Invitation], disposition: str, at: datetime) -> None:
    """Let locked invitations go to ``disposition``, those that may; one statement for all of them."""
    for invitation in invitations:
        if may_become(invitation.disposition, disposition):
            invitation.disposition = disposition
            db.session.add(InvitationEvent(invitation_id=invitation.id, disposition=disposition, at=at))
    db.session.flush()


def steps_to(disposition: str, collection: str) -> tuple[str, ...]:
    """The moments that must have been reached for an invitation to stand at ``disposition``."""
    first = 2 if collection == "file" else 0
    return REACHED[first : _STEPS.get(disposition, 0)]


def note_opt_out(address: str, principal_id: int | None, at: datetime) -> int:
    """Close the waiting invitations of whoever said stop: refused if they had gone out, else never sent.

    ``principal_id`` None stops those of every principal. Returns how many were closed.
    """
    waiting = (
        select(Invitation.id)
        .where(Invitation.customer_id.in_(people_with([address])), Invitation.disposition.in_(WAITING))
        .order_by(Invitation.id)
    )
    if principal_id is not None:
        waiting = waiting.where(Invitation.principal_id == principal_id)
    ours = [locked(invitation_id) for invitation_id in db.session.scalars(waiting).all()]
    open_ones = [invitation for invitation in ours if invitation.expires_at is None or invitation.expires_at > at]
    return sum(_stopped(invitation, at) for invitation in open_ones)


def _stopped(invitation: Invitation, at: datetime) -> bool:
    return move(invitation, "not_sent" if invitation.sent_at is None else "refused", at, "opted-out")


def history(invitation_id: int) -> list[Any]:
    """The steps of an invitation, oldest first."""
    return list(
        db.session.scalars(select(InvitationEvent).filter_by(invitation_id=invitation_id).order_by(InvitationEvent.id))
    )
