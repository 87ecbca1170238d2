"""A small SMS provider of our own, so that everything works without an account and without the network.

It keeps its own tables, as if it were elsewhere, and commits on its own: what it
took it has, whatever happens to whoever asked. Some numbers behave badly on
purpose, by their last four digits; they let a person see what becomes of that.
"""

import secrets
import time
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import insert, select

from foundation.database import db, reading
from foundation.web.clock import utc_now
from notifications.dispatcher import receipts
from notifications.models import SimulatedMessage
from notifications.providers import PERMANENT, STOP, Accepted, Found, Outcome, Outgoing, Refused

#: The number the simulated messages come from.
NUMBER = "38600"
#: What the last four digits of a number make of a message: refused at once, or not delivered later.
REFUSED = {"0001": ("21211", PERMANENT), "0010": ("21610", STOP)}
UNDELIVERED = {"0003": "30003", "0005": "30005"}
_NEXT = {"accepted": "sent", "sent": "delivered"}
_STEP = timedelta(seconds=1)
AT_ONCE = 200


class Simulator:
    """The provider's side. ``latency`` seconds pass after a message is taken and before the answer leaves."""

    concurrency = 1
    timeout = 5.0
    lag = timedelta(seconds=1)
    repeatable = False

    def __init__(self, latency: float = 0.0) -> None:
        self.latency = latency

    def send(self, message: Outgoing) -> Outcome:
        """Take the message, in a transaction of its own."""
        if message.recipient[-4:] in REFUSED:
            return Refused(*REFUSED[message.recipient[-4:]])
        values = _row("out", message.recipient, message.sender or NUMBER, message.body, utc_now())
        values |= {"reference": message.public_id, "next_at": values["created_at"] + _STEP}
        with db.engine.begin() as connection:
            connection.execute(insert(SimulatedMessage).values(**values))
        if self.latency:
            time.sleep(self.latency)
        return Accepted(str(values["sid"]), "accepted")

    def find(self, message: Outgoing, since: datetime) -> Sequence[Found]:
        """List what was taken for this recipient with these very words."""
        same = select(SimulatedMessage).filter_by(direction="out", phone=message.recipient, body=message.body)
        with reading():
            rows = db.session.scalars(same.where(SimulatedMessage.created_at >= since)).all()
            return [Found(row.sid, row.status, row.created_at, row.error_code) for row in rows]

    def fetch(self, provider_id: str) -> Found | None:
        with reading():
            row = db.session.scalars(select(SimulatedMessage).filter_by(sid=provider_id)).first()
            return Found(row.sid, row.status, row.created_at, row.error_code) if row else None


def give_receipts(now: datetime) -> int:
    """Let the network move: raise what is due by one status and hand over the receipt; commits. Return how many."""
    due = select(SimulatedMessage).where(SimulatedMessage.next_at <= now).order_by(SimulatedMessage.id).limit(AT_ONCE)
    with reading():
        if db.session.scalar(due.with_only_columns(SimulatedMessage.id).limit(1)) is None:
            return 0
    rows = db.session.scalars(due.with_for_update(skip_locked=True)).all()
    for row in rows:
        _move(row, now)
        receipts.store(row.sid, row.status, now, row.error_code, row.reference)
    db.session.commit()
    receipts.apply_waiting(now)
    db.session.commit()
    return len(rows)


def write(phone: str, number: str, body: str, now: datetime) -> str:
    """Let the customer at ``phone`` write to ``number``; return the id under which it comes in. The caller commits."""
    values = _row("in", phone, number, body, now) | {"status": "received"}
    db.session.execute(insert(SimulatedMessage).values(**values))
    return str(values["sid"])


def thread(phone: str) -> list[SimulatedMessage]:
    """Return everything on that phone, oldest first; what is not delivered never shows there."""
    if phone[-4:] in UNDELIVERED:
        return []
    return list(db.session.scalars(select(SimulatedMessage).filter_by(phone=phone).order_by(SimulatedMessage.id)))


def _move(row: SimulatedMessage, now: datetime) -> None:
    code = UNDELIVERED.get(row.phone[-4:]) if row.status == "sent" else None
    row.status, row.error_code = ("undelivered", code) if code else (_NEXT[row.status], None)
    row.next_at = now + _STEP if row.status in _NEXT else None


def _row(direction: str, phone: str, number: str, body: str, now: datetime) -> dict[str, object]:
    return {
        "sid": f"SM{secrets.token_hex(16)}",
        "direction": direction,
        "phone": phone,
        "number": number,
        "body": body,
        "status": "accepted",
        "created_at": now,
        "next_at": None,
    }
