"""What became of invitations' messages: many in a few statements, since they come by the thousand."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Table, bindparam, insert, select, update
from sqlalchemy.orm.util import identity_key

from foundation.database import UTCDateTime, db
from surveys.dispositions import may_become
from surveys.models import Invitation, InvitationEvent
from surveys.services.invitations import REACHED, steps_to

# What a message may tell about its invitation. Its other states (queued, claimed, in doubt) tell nothing yet.
DELIVERY = {
    "accepted": "sent",
    "sending": "sent",
    "sent": "sent",
    "delivered": "delivered",
    "undelivered": "failed",
    "failed": "failed",
    "timed_out": "failed",
    "rejected": "failed",
    "suppressed": "not_sent",
    "expired": "not_sent",
}
# Provider codes for a number that does not exist or takes no SMS: the person was never eligible for this mode.
NO_SUCH_NUMBER = frozenset({"21211", "21214", "21217", "21614", "30005", "30006"})
_INVITATIONS = cast(Table, Invitation.__table__)
_LOCKED = (
    select(_INVITATIONS.c.id, _INVITATIONS.c.disposition, _INVITATIONS.c.collection, *map(_INVITATIONS.c.get, REACHED))
    .where(_INVITATIONS.c.id.in_(bindparam("ids", expanding=True)))
    .order_by(_INVITATIONS.c.id)
    .with_for_update(key_share=True)
)
_MOVE = (
    update(_INVITATIONS)
    .where(_INVITATIONS.c.id == bindparam("invitation_id"))
    .values(
        disposition=bindparam("new_disposition"),
        **{name: bindparam(f"new_{name}", type_=UTCDateTime) for name in REACHED},
    )
)
_EVENT = insert(cast(Table, InvitationEvent.__table__))

#: One piece of news: the invitation, the state of its message, since when, and the provider's code.
News = tuple[int, str, datetime, str | None]


def note_deliveries(news: Sequence[News]) -> set[int]:
    """Take in what became of invitations' messages; return the ids of those that it moved.

    ``state`` is that of the outbox, ``code`` the provider's. News that comes after the answer only adds its moment.
    The invitations are locked in order of id, as everywhere.
    """
    telling = [piece for piece in news if piece[1] in DELIVERY]
    standing = _locked({invitation_id for invitation_id, *_ in telling})
    moved, touched, events = set(), {}, []
    for invitation_id, state, at, code in telling:
        row, disposition = standing[invitation_id], _disposition(state, code)
        if may_become(row["disposition"], disposition):
            row["disposition"] = disposition
            moved.add(invitation_id)
            reason = code or (state if disposition == "not_sent" else "")
            events.append({"invitation_id": invitation_id, "disposition": disposition, "reason": reason, "at": at})
        elif row["started_at"] is not None or disposition not in ("sent", "delivered"):
            continue
        row |= dict.fromkeys((name for name in steps_to(disposition, row["collection"]) if row[name] is None), at)
        touched[invitation_id] = row
    _write(list(touched.values()), events)
    return moved


def _locked(ids: Collection[int]) -> dict[int, dict[str, Any]]:
    if not ids:
        return {}
    db.session.flush()
    rows = db.session.execute(_LOCKED, {"ids": list(ids)}).mappings().all()
    known = db.session.identity_map
    for invitation_id in ids if known else ():
        invitation = known.get(identity_key(Invitation, invitation_id))
        if invitation is not None:
            db.session.expire(invitation)
    return {row["id"]: dict(row) for row in rows}


def _disposition(state: str, code: str | None) -> str:
    disposition = DELIVERY[state]
    return "undeliverable" if disposition == "failed" and code in NO_SUCH_NUMBER else disposition


def _write(rows: list[dict[str, Any]], events: list[dict[str, Any]]) -> None:
    if rows:
        db.session.execute(_MOVE, [_values(row) for row in rows])
    if events:
        db.session.execute(_EVENT, events)


def _values(row: dict[str, Any]) -> dict[str, Any]:
    values = {f"new_{name}": row[name] for name in REACHED}
    return values | {"invitation_id": row["id"], "new_disposition": row["disposition"]}
