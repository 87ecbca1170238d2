"""The customer's side: a phone that shows what came, and writes."""

import secrets
from datetime import datetime

from sqlalchemy import Connection, select

from foundation.database import db
from notifications.models import SimulatedMessage
from notifications.networks import provider_keyword
from notifications.simulator import network

ANSWERS = {
    "STOP": "Vous ne recevrez plus de SMS de ce numéro. Pour en recevoir de nouveau : START.",
    "START": "Vous recevrez de nouveau les SMS de ce numéro. Pour ne plus en recevoir : STOP.",
}


def write(phone: str, number: str, body: str, now: datetime) -> tuple[str, str | None]:
    """Let the customer at ``phone`` write to ``number``; the caller commits.

    Return the id under which it comes in, and STOP or START where the provider keeps its own list, has
    recognised the word and has answered it.
    """
    values = taken("in", phone, number, body, now) | {"status": "received"}
    db.session.add(SimulatedMessage(**values))
    said = provider_keyword(body) if network.current()[0].own_stops else None
    if said is not None:
        db.session.flush()
        db.session.add(SimulatedMessage(**taken("out", phone, number, ANSWERS[said], now) | {"status": "delivered"}))
    return str(values["sid"]), said


def thread(phone: str) -> list[SimulatedMessage]:
    """Return everything written to that phone and from it, oldest first; ``status`` says what arrived."""
    return list(db.session.scalars(select(SimulatedMessage).filter_by(phone=phone).order_by(SimulatedMessage.id)))


def said_stop(connection: Connection, phone: str) -> bool:
    """Whether the last word that a provider would heed is STOP."""
    written = select(SimulatedMessage.body).filter_by(phone=phone, direction="in").order_by(SimulatedMessage.id.desc())
    heeded = (said for body in connection.scalars(written) if (said := provider_keyword(body)))
    return next(heeded, None) == "STOP"


def taken(direction: str, phone: str, number: str, body: str, now: datetime) -> dict[str, object]:
    """Return the values of a message the provider has just taken."""
    return {
        "sid": f"SM{secrets.token_hex(16)}",
        "direction": direction,
        "phone": phone,
        "number": number,
        "body": body,
        "status": "accepted",
        "created_at": now,
    }
