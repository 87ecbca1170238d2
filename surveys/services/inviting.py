"""The rows of those drawn: invitations that wait until somebody sends them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol, cast

from sqlalchemy import Table, func, insert, literal, select

from foundation.database import db
from surveys.models import Draw, Invitation, InvitationEvent
from surveys.models.invitations import new_public_id
from surveys.services.frame_writing import moment_as_kept, write_rows

COLUMNS = (
    "draw_id", "programme_id", "version_id", "principal_id", "collection", "disposition", "token_issue", "reminders",
    "created_at", "public_id", "contact_id", "customer_id", "site_id", "stratum", "language",
)  # fmt: skip
_INVITATIONS = cast(Table, Invitation.__table__)


class Asked(Protocol):
    """A contact that was drawn, as its invitation keeps it."""

    @property
    def contact_id(self) -> int: ...
    @property
    def customer_id(self) -> int | None: ...
    @property
    def site_id(self) -> int: ...
    @property
    def stratum(self) -> str: ...
    @property
    def language(self) -> str: ...


def write_invitations(draw: Draw, drawn: Sequence[Asked], now: datetime) -> None:
    """Write the invitations of those ``draw`` took; each of them once, and nobody else meanwhile."""
    if not drawn:
        return
    at = moment_as_kept(now)
    shared = (draw.id, draw.programme_id, draw.version_id, draw.principal_id, draw.terms.collection, "drawn", 1, 0, at)
    before = db.session.scalar(select(func.max(Invitation.id))) or 0  # ids only rise
    who = ((one.contact_id, one.customer_id, one.site_id, one.stratum, one.language) for one in drawn)
    write_rows(_INVITATIONS, COLUMNS, [(*shared, new_public_id(), *one) for one in who])
    added = select(Invitation.id, literal("drawn"), literal(""), literal(now, InvitationEvent.at.type))
    added = added.where(Invitation.draw_id == draw.id, Invitation.id > before).order_by(Invitation.id)
    db.session.execute(insert(InvitationEvent).from_select(["invitation_id", "disposition", "reason", "at"], added))
