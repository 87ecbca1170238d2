"""What a person may do to a sender; each act is kept, with its reason and who did it."""

from datetime import UTC, datetime

from foundation.database import db
from foundation.ledger import services as ledger
from notifications.errors import NotificationRefused
from notifications.models import Sender, SenderChange
from notifications.services.senders import set_rate

BY_HAND = "by-hand"
#: A pause by hand has no end of its own, so no other pause outlasts it.
NO_END = datetime(9999, 1, 1, tzinfo=UTC)


def pause_sender(sender_id: int, reason: str, now: datetime, actor_id: int) -> None:
    """Let nothing of this sender be taken up until somebody lets it go on; what is under way ends as it may."""
    sender = _locked(sender_id)
    if sender.pause_code != BY_HAND or not _waits(sender, now):
        sender.paused_since = now
    sender.paused_until, sender.pause_code = NO_END, BY_HAND
    _keep(sender, "paused", now, actor_id, note=reason)


def resume_sender(sender_id: int, now: datetime, actor_id: int) -> None:
    """Let a sender that waits, for whatever reason, go on at once.

    Raises NotificationRefused when it does not wait.
    """
    sender = _locked(sender_id)
    if not _waits(sender, now):
        raise NotificationRefused("not-paused", sender_id=sender_id)
    sender.paused_until = now
    _keep(sender, "resumed", now, actor_id)


def change_rate(sender_id: int, parts_per_second: float | None, now: datetime, actor_id: int) -> None:
    """Let a sender send so many parts a second from now on, None as many as its provider takes.

    Raises NotificationRefused for a rate that cannot be.
    """
    sender = set_rate(sender_id, parts_per_second, now, actor_id)
    _keep(sender, "rate", now, actor_id, rate=parts_per_second)


def _locked(sender_id: int) -> Sender:
    return db.session.get_one(Sender, sender_id, with_for_update=True, populate_existing=True)


def _waits(sender: Sender, now: datetime) -> bool:
    return sender.paused_until is not None and sender.paused_until > now


def _keep(
    sender: Sender, kind: str, now: datetime, actor_id: int, *, rate: float | None = None, note: str | None = None
) -> None:
    """Keep the act beside the sender, and in the ledger; the reason only as a commitment there."""
    change = SenderChange(
        channel=sender.channel, sender=sender.sender, kind=kind, rate=rate, note=note, actor_id=actor_id, at=now
    )
    db.session.add(change)
    facts = {"channel": sender.channel, "sender": sender.sender, "act": kind, "rate": rate}
    personal = {"reason": note} if note else None
    ledger.record("notifications.sender-changed", f"sender:{sender.id}", facts, now, actor_id, personal)
