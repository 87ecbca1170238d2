"""The simulated phones and the mail folder, as far as somebody may see whose they are."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from foundation.accounts.queries import scoped
from foundation.accounts.scope import Scope
from foundation.database import db
from notifications import simulator
from notifications.models import InboundMessage, OutboxMessage, SimulatedMessage

PAGE = 100


@dataclass(frozen=True)
class Phone:
    """One customer's phone: the hash that names it in an address, the number, and its last message."""

    key: str
    number: str
    last_at: datetime


def phones(scope: Scope) -> list[Phone]:
    """Return the phones that received something, the latest first."""
    last = func.max(OutboxMessage.sent_at)
    reached = select(OutboxMessage.recipient_hash, OutboxMessage.recipient, last).where(
        OutboxMessage.channel == "sms", OutboxMessage.sent_at.is_not(None)
    )
    reached = _seen(reached, scope).group_by(OutboxMessage.recipient_hash, OutboxMessage.recipient)
    return [Phone(*row) for row in db.session.execute(reached.order_by(last.desc()).limit(PAGE))]


def phone(scope: Scope, key: str) -> Phone | None:
    """Return one phone by its key, if it received something that ``scope`` may see."""
    reached = select(OutboxMessage.recipient_hash, OutboxMessage.recipient, OutboxMessage.sent_at).where(
        OutboxMessage.recipient_hash == key, OutboxMessage.channel == "sms", OutboxMessage.sent_at.is_not(None)
    )
    row = db.session.execute(_seen(reached, scope).order_by(OutboxMessage.id.desc()).limit(1)).first()
    return Phone(*row) if row else None


def thread(scope: Scope, number: str) -> list[SimulatedMessage]:
    """Return what is on a phone, oldest first, without what another principal's people wrote or got."""
    rows = simulator.thread(number)
    if scope.principal_ids is None:
        return rows
    ours = select(OutboxMessage.public_id).where(OutboxMessage.recipient == number)
    theirs = select(InboundMessage.provider_id).where(InboundMessage.sender == number)
    sent = set(db.session.scalars(_seen(ours, scope)))
    received = set(db.session.scalars(scoped(theirs, scope, principal=InboundMessage.principal_id)))
    return [row for row in rows if row.reference in sent or row.sid in received]


def mails(scope: Scope, *, of_accounts: bool) -> list[OutboxMessage]:
    """Return the mails that were written to the folder, the latest first."""
    written = _mails(of_accounts).where(OutboxMessage.sent_at.is_not(None))
    return list(db.session.scalars(_seen(written, scope).order_by(OutboxMessage.id.desc()).limit(PAGE)))


def mail(scope: Scope, public_id: str, *, of_accounts: bool) -> OutboxMessage | None:
    """Return one mail by the id in its address."""
    written = _mails(of_accounts).where(OutboxMessage.public_id == public_id)
    return db.session.scalars(_seen(written, scope)).first()


def _mails(of_accounts: bool) -> Any:
    """A mail that sets a new password is for nobody who could not set it anyway."""
    written = select(OutboxMessage).where(OutboxMessage.channel == "email")
    return written if of_accounts else written.where(OutboxMessage.purpose != "account")


def _seen(statement: Any, scope: Scope) -> Any:
    return scoped(statement, scope, principal=OutboxMessage.principal_id)
