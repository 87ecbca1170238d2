"""Stops that people told a member of staff, and stops lifted because they asked for it."""

from datetime import datetime

from foundation.database import db
from foundation.ledger import services as ledger
from notifications.errors import NotificationRefused
from notifications.keys import hashes_of
from notifications.models import OptOut
from notifications.services.stops import lift, put_stop, standing_stop, who


def record_told_stop(
    address: str, principal_id: int | None, topic: str, means: str, note: str, now: datetime, actor_id: int
) -> int:
    """Record a stop that a person told a member of staff, by ``means``; return the id of its row.

    The same stop told again is the first one.
    """
    facts = {"means": means, "note": note.strip() or None, "actor_id": actor_id}
    recorded = put_stop(who(address), principal_id, topic, "person", now, **facts)
    if recorded is None:
        return db.session.scalars(standing_stop(hashes_of(address), principal_id, topic, "person", None)).one()
    known = {"topic": topic, "means": means, "principal_id": principal_id}
    ledger.record("opt_out.recorded", f"opt-out:{recorded.id}", known, now, actor_id)
    return recorded.id


def lift_told(opt_out_id: int, reason: str, now: datetime, actor_id: int) -> None:
    """Lift one stop because the customer asked for it; ``reason`` says how they did.

    Raises NotificationRefused ``reason-missing``, or ``already-lifted``: the first reason stays.
    """
    if not reason.strip():
        raise NotificationRefused("reason-missing", opt_out_id=opt_out_id)
    if not lift([OptOut.id == opt_out_id], now, "person", lifted_by=actor_id, lift_note=reason.strip()):
        raise NotificationRefused("already-lifted", opt_out_id=opt_out_id)
    lifted = db.session.get_one(OptOut, opt_out_id)
    facts = {"topic": lifted.topic, "source": lifted.source, "principal_id": lifted.principal_id}
    ledger.record("opt_out.lifted", f"opt-out:{opt_out_id}", facts, now, actor_id)
