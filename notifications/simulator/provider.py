"""The provider's side: it takes a message, or refuses it, and can be asked what became of it."""

import math
import time
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, insert, select

from foundation.database import db, reading
from foundation.web.clock import utc_now
from notifications.models import SimulatedHappening, SimulatedMessage
from notifications.networks import Journey
from notifications.providers import PERMANENT, STOP, Accepted, Found, NotTaken, Outcome, Outgoing, Refused, Unknown
from notifications.simulator import network
from notifications.simulator.side import said_stop, taken

#: The number the simulated messages come from.
NUMBER = "38600"
#: What the last four digits of a number make of a message: refused at once, or not delivered later.
REFUSED = {"0001": ("21211", PERMANENT), "0010": ("21610", STOP)}
UNDELIVERED = {"0003": "30003", "0005": "30005"}


class Simulator:
    """One way out. ``latency`` seconds pass after a message is taken and before the answer leaves."""

    concurrency = 1
    timeout = 5.0
    lag = timedelta(seconds=1)
    repeatable = False

    def __init__(self, latency: float = 0.0) -> None:
        self.latency = latency

    def send(self, message: Outgoing) -> Outcome:
        """Take the message, in a transaction of its own, in the weather there is."""
        if message.recipient[-4:] in REFUSED:
            return Refused(*REFUSED[message.recipient[-4:]])
        with db.engine.begin() as connection:
            outcome = _take(connection, message, utc_now())
        if self.latency:
            time.sleep(self.latency)
        return outcome

    def find(self, message: Outgoing, since: datetime) -> Sequence[Found]:
        """List what was taken for this recipient with these very words."""
        same = select(SimulatedMessage).filter_by(direction="out", phone=message.recipient, body=message.body)
        with reading():
            rows = db.session.scalars(same.where(SimulatedMessage.created_at >= since)).all()
            return [_found(row) for row in rows]

    def fetch(self, provider_id: str) -> Found | None:
        with reading():
            row = db.session.scalars(select(SimulatedMessage).filter_by(sid=provider_id)).first()
            return _found(row) if row else None


def _take(connection: Connection, message: Outgoing, now: datetime) -> Outcome:
    weather, refuses_until = network.read(connection)
    if refuses_until is not None and refuses_until > now:
        return NotTaken("20429", retry_after=float(math.ceil((refuses_until - now).total_seconds())), too_many=True)
    if weather.own_stops and said_stop(connection, message.recipient):
        return Refused("21610", STOP)
    values = taken("out", message.recipient, message.sender or NUMBER, message.body, now)
    values["reference"] = message.public_id
    number = connection.execute(insert(SimulatedMessage).values(**values).returning(SimulatedMessage.id)).scalar_one()
    journey = weather.journey(number, UNDELIVERED.get(message.recipient[-4:]))
    connection.execute(insert(SimulatedHappening), _happenings(number, journey, now))
    # What is lost is only the answer: the message is on its way.
    return Unknown("ReadTimeout") if journey.answer_lost else Accepted(str(values["sid"]), "accepted")


def _happenings(number: int, journey: Journey, now: datetime) -> list[dict[str, Any]]:
    return [
        {"message_id": number, "tells": one.tells, "status": one.status, "code": one.code, "due_at": now + one.after}
        for one in journey.happenings
    ]


def _found(row: SimulatedMessage) -> Found:
    return Found(row.sid, row.status, row.created_at, row.error_code)
