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
from notifications.segments import Cost, cost
from notifications.states import RANKS

PAGE = 100


@dataclass(frozen=True)
class Phone:
    """One customer's phone: the hash that names it in an address, the number, and the last message it was sent."""

    key: str
    number: str
    last_at: datetime
    last_words: str


@dataclass(frozen=True)
class Bubble:
    """One message on a phone: received by the customer (``got``) or written by them, and what became of it."""

    id: int
    got: bool
    number: str
    body: str
    at: datetime
    state: str
    code: str | None
    cost: Cost
    routed_to: str | None

    @property
    def failed(self) -> bool:
        return self.state == "undelivered"


def phones(scope: Scope) -> list[Phone]:
    """Return the phones that were sent something, the latest first."""
    last = _seen(_reached(func.max(OutboxMessage.id)), scope).group_by(OutboxMessage.recipient_hash)
    found = select(OutboxMessage).where(OutboxMessage.id.in_(last))
    return [_phone(row) for row in db.session.scalars(found.order_by(OutboxMessage.sent_at.desc()).limit(PAGE))]


def phone(scope: Scope, key: str) -> Phone | None:
    """Return one phone by its key, if it received something that ``scope`` may see."""
    reached = _reached(OutboxMessage).where(OutboxMessage.recipient_hash == key)
    row = db.session.scalars(_seen(reached, scope).order_by(OutboxMessage.id.desc()).limit(1)).first()
    return _phone(row) if row else None


def thread(scope: Scope, number: str) -> list[Bubble]:
    """Return what is on a phone, oldest first, without what another principal's people wrote or got."""
    received = select(InboundMessage.provider_id, InboundMessage.routed_to).where(InboundMessage.sender == number)
    routes = dict(db.session.execute(scoped(received, scope, principal=InboundMessage.principal_id)).tuples().all())
    rows = simulator.thread(number)
    if scope.principal_ids is not None or scope.site_ids is not None:
        ours = select(OutboxMessage.public_id).where(OutboxMessage.recipient == number)
        sent = set(db.session.scalars(_seen(ours, scope)))
        rows = [row for row in rows if row.reference in sent or row.sid in routes]
    return [_bubble(row, routes.get(row.sid)) for row in rows]


def fingerprint(bubbles: list[Bubble]) -> str:
    """Return what changes when a message comes or one of them gets further, and never otherwise."""
    if not bubbles:
        return "0"
    return (
        f"{bubbles[-1].id}-{sum(RANKS.get(one.state, 0) for one in bubbles)}-{sum(bool(b.routed_to) for b in bubbles)}"
    )


def mails(scope: Scope, *, of_accounts: bool) -> list[OutboxMessage]:
    """Return the mails that were written to the folder, the latest first."""
    written = _mails(of_accounts).where(OutboxMessage.sent_at.is_not(None))
    return list(db.session.scalars(_seen(written, scope).order_by(OutboxMessage.id.desc()).limit(PAGE)))


def mail(scope: Scope, public_id: str, *, of_accounts: bool) -> OutboxMessage | None:
    """Return one mail by the id in its address."""
    written = _mails(of_accounts).where(OutboxMessage.public_id == public_id)
    return db.session.scalars(_seen(written, scope)).first()


def _phone(row: OutboxMessage) -> Phone:
    assert row.sent_at is not None
    return Phone(row.recipient_hash, row.recipient, row.sent_at, row.body)


def _bubble(row: SimulatedMessage, routed_to: str | None) -> Bubble:
    return Bubble(
        id=row.id,
        got=row.direction == "out",
        number=row.number,
        body=row.body,
        at=row.created_at,
        state=row.status,
        code=row.error_code,
        cost=cost(row.body),
        routed_to=routed_to,
    )


def _reached(what: Any) -> Any:
    return select(what).where(
        OutboxMessage.erased_at.is_(None), OutboxMessage.channel == "sms", OutboxMessage.sent_at.is_not(None)
    )


def _mails(of_accounts: bool) -> Any:
    """A mail that sets a new password is for nobody who could not set it anyway."""
    written = select(OutboxMessage).where(OutboxMessage.channel == "email")
    return written if of_accounts else written.where(OutboxMessage.purpose != "account")


def _seen(statement: Any, scope: Scope) -> Any:
    return scoped(statement, scope, principal=OutboxMessage.principal_id, site=OutboxMessage.site_id)
