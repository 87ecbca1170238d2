"""What people wrote that no rule knew what to do with, and what could not be routed yet."""

from typing import Any

from sqlalchemy import func, or_, select

from foundation.accounts.queries import scoped
from foundation.accounts.scope import Scope
from foundation.database import db
from notifications.models import InboundMessage

PAGE = 100
# For a person: no route took it, or the routes keep failing on it.
_FOR_A_PERSON = or_(InboundMessage.routed_to == "person", InboundMessage.attempt > 0)
_OPEN = (
    _FOR_A_PERSON
    & InboundMessage.handled_at.is_(None)
    & or_(InboundMessage.routed_to == "person", InboundMessage.routed_at.is_(None))
)


def open_messages(scope: Scope) -> list[InboundMessage]:
    """Return what waits for a person, the oldest first."""
    return list(db.session.scalars(_seen(select(InboundMessage).where(_OPEN), scope).order_by(InboundMessage.id)))


def open_count(scope: Scope) -> int:
    return db.session.scalar(_seen(select(func.count(InboundMessage.id)).where(_OPEN), scope)) or 0


def handled_messages(scope: Scope) -> list[InboundMessage]:
    """Return what a person dealt with, the latest first."""
    handled = select(InboundMessage).where(InboundMessage.handled_at.is_not(None))
    return list(db.session.scalars(_seen(handled, scope).order_by(InboundMessage.handled_at.desc()).limit(PAGE)))


def placed_messages(scope: Scope) -> list[InboundMessage]:
    """Return what found its place by itself, the latest first."""
    placed = select(InboundMessage).where(InboundMessage.routed_to != "person")
    return list(db.session.scalars(_seen(placed, scope).order_by(InboundMessage.id.desc()).limit(PAGE)))


def message(scope: Scope, message_id: int) -> InboundMessage | None:
    """Return one incoming message that ``scope`` may see."""
    return db.session.scalars(_seen(select(InboundMessage).where(InboundMessage.id == message_id), scope)).first()


def _seen(statement: Any, scope: Scope) -> Any:
    return scoped(statement, scope, principal=InboundMessage.principal_id)
