"""What the network does by itself: messages arrive or fail, and we are told, or not."""

from datetime import datetime

from sqlalchemy import delete, select

from foundation.database import db, reading
from notifications.dispatcher import receipts
from notifications.models import SimulatedHappening, SimulatedMessage
from notifications.states import RANKS

AT_ONCE = 200


def give_receipts(now: datetime) -> int:
    """Let happen what is due by ``now`` and hand over the receipts that are; commits. Return how many things were due.

    What a kill interrupts happens again: a happening is deleted in the transaction that carries it out.
    """
    due = select(SimulatedHappening).where(SimulatedHappening.due_at <= now)
    due = due.order_by(SimulatedHappening.due_at, SimulatedHappening.tells, SimulatedHappening.id).limit(AT_ONCE)
    with reading():
        if db.session.scalar(due.with_only_columns(SimulatedHappening.id)) is None:
            return 0
    happenings = db.session.scalars(due.with_for_update(skip_locked=True)).all()
    for happening in happenings:
        _carry_out(happening, now)
    ids = [happening.id for happening in happenings]
    db.session.execute(delete(SimulatedHappening).where(SimulatedHappening.id.in_(ids)))
    db.session.commit()
    receipts.apply_waiting(now)
    db.session.commit()
    return len(ids)


def _carry_out(happening: SimulatedHappening, now: datetime) -> None:
    message = db.session.get_one(SimulatedMessage, happening.message_id)
    if happening.tells:
        receipts.store(message.sid, happening.status, now, happening.code, message.reference)
    elif RANKS[happening.status] > RANKS[message.status]:
        message.status, message.error_code = happening.status, happening.code
