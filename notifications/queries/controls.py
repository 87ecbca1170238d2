"""The senders: what each may send in a second, what it does send, why it waits, and who changed it."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from foundation.accounts.scope import Scope
from foundation.database import db
from notifications.models import Sender, SenderChange
from notifications.queries.figures import Rate, rates

PAGE = 50
BY_HAND = "by-hand"


@dataclass(frozen=True)
class SenderState:
    """One sender (an empty name: the account's own) and what it is at.

    ``allowed`` is in parts a second, None for as fast as the provider takes them;
    ``concurrency`` is how many requests at once, None for as many as the provider
    allows. ``paused_until`` is None unless it waits now. ``rate`` counts what the
    reader may see.
    """

    id: int
    channel: str
    sender: str
    allowed: float | None
    concurrency: int | None
    rate: Rate
    paused_since: datetime | None
    paused_until: datetime | None
    pause_code: str | None
    pause_note: str | None

    @property
    def waits(self) -> bool:
        return self.paused_until is not None

    @property
    def by_hand(self) -> bool:
        """Whether somebody told it to wait, until somebody lets it go on."""
        return self.pause_code == BY_HAND


def senders(scope: Scope, now: datetime) -> list[SenderState]:
    """Return every sender, SMS first."""
    sent = {(rate.channel, rate.sender): rate for rate in rates(scope, now)}
    rows = db.session.scalars(select(Sender).order_by(Sender.channel.desc(), Sender.sender))
    return [_state(row, sent.get((row.channel, row.sender)), now) for row in rows]


def sender(sender_id: int, scope: Scope, now: datetime) -> SenderState | None:
    """Return one sender."""
    return next((row for row in senders(scope, now) if row.id == sender_id), None)


def waiting_sender(channel: str, name: str, now: datetime) -> SenderState | None:
    """Return the sender of a message if it waits, for itself or with its whole channel; without its figures."""
    same = select(Sender).where(Sender.channel == channel, Sender.sender == name)
    row = db.session.scalars(same).first()
    found = _state(row, None, now) if row else None
    return found if found and found.waits else None


def changes(one: SenderState) -> list[SenderChange]:
    """Return what people did to a sender, the latest first."""
    kept = select(SenderChange).filter_by(channel=one.channel, sender=one.sender)
    return list(db.session.scalars(kept.order_by(SenderChange.id.desc()).limit(PAGE)))


def _state(row: Sender, rate: Rate | None, now: datetime) -> SenderState:
    waits = row.paused_until is not None and row.paused_until > now
    return SenderState(
        id=row.id,
        channel=row.channel,
        sender=row.sender,
        allowed=row.rate,
        concurrency=row.concurrency,
        rate=rate or Rate(row.channel, row.sender, 0, 0, 0, 0),
        paused_since=row.paused_since if waits else None,
        paused_until=row.paused_until if waits else None,
        pause_code=row.pause_code if waits else None,
        pause_note=_reason_of(row) if waits and row.pause_code == BY_HAND else None,
    )


def _reason_of(row: Sender) -> str | None:
    given = select(SenderChange.note).filter_by(channel=row.channel, sender=row.sender, kind="paused")
    return db.session.scalar(given.order_by(SenderChange.id.desc()).limit(1))
