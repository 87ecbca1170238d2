"""What all processes share about a sender: its rate, its pauses, and how much of the provider's patience is left."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import ColumnElement, Table, bindparam, exists, literal_column, select, update

from foundation.database import db, insert_if_absent, reading
from notifications import pace
from notifications.models import Sender
from notifications.outbox.rows import MESSAGES
from notifications.services.senders import default_rate

SENDERS = cast(Table, Sender.__table__)
INTERACTIVE, BULK = 0, 1
# Written out, not bound: only then does the database use the index of what is queued.
QUEUED = MESSAGES.c.state == literal_column("'queued'")
_SEEN = select(SENDERS).where(SENDERS.c.id == bindparam("sender_id"))
_ROW = _SEEN.with_for_update()


@dataclass
class Due:
    """A sender with something to send now, and in which lanes."""

    id: int
    channel: str
    sender: str
    limited: bool
    concurrency: int | None
    interactive: bool
    bulk: bool
    paused: bool

    @property
    def key(self) -> tuple[str, str]:
        return self.channel, self.sender


def due_senders(channels: Sequence[str], now: datetime, only: tuple[str, str] | None = None) -> list[Due]:
    """Return the senders that have something to send, also those that may not just now; takes no lock."""
    of_channel = SENDERS.c.channel.in_(channels) if only is None else _is(only)
    lanes = [_waits(INTERACTIVE, now).label("interactive"), _waits(BULK, now).label("bulk")]
    statement = select(SENDERS, *lanes).where(of_channel).order_by(SENDERS.c.id)
    with reading():
        rows = db.session.execute(statement).all()
    return [_due(row, now) for row in rows if row.interactive or row.bulk]


def _is(key: tuple[str, str]) -> ColumnElement[bool]:
    return (SENDERS.c.channel == key[0]) & (SENDERS.c.sender == key[1])


def _waits(priority: int, now: datetime) -> Any:
    same = (MESSAGES.c.channel == SENDERS.c.channel, MESSAGES.c.sender == SENDERS.c.sender)
    return exists().where(QUEUED, *same, MESSAGES.c.priority == priority, MESSAGES.c.not_before <= now)


def _due(row: Any, now: datetime) -> Due:
    lanes = bool(row.interactive), bool(row.bulk)
    return Due(row.id, row.channel, row.sender, _rate(row) is not None, row.concurrency, *lanes, _is_paused(row, now))


def _rate(row: Any) -> float | None:
    """What a person set, else the setting, also before the sweep has written it down."""
    return row.rate if row.rate_set_at is not None else default_rate(row.channel)


def _is_paused(row: Any, now: datetime) -> bool:
    return row.paused_until is not None and row.paused_until > now


def lock_bucket(due: Due, now: datetime) -> tuple[float | None, float]:
    """Return the rate of a sender (None: without limit) and the parts it may send now; one with a rate is locked.

    Both as they are by now, and so ``due.paused``: another process may have been told something since it was looked at.
    """
    row = db.session.execute(_ROW if due.limited else _SEEN, {"sender_id": due.id}).one()
    if _rate(row) is not None and not due.limited:
        row = db.session.execute(_ROW, {"sender_id": due.id}).one()
    rate = _rate(row)
    due.limited, due.paused = rate is not None, _is_paused(row, now)
    return rate, pace.refilled(row.tokens, row.refilled_at, rate, now) if rate is not None else 0.0


def leave_in_bucket(sender_id: int, tokens: float, now: datetime) -> None:
    """Write what is left of a locked sender's parts."""
    db.session.execute(update(SENDERS).where(SENDERS.c.id == sender_id).values(tokens=tokens, refilled_at=now))


def lock_channels(channels: Collection[str]) -> None:
    """Lock all senders of ``channels`` in order of id, for whoever will change several of them."""
    several = select(SENDERS.c.id).where(SENDERS.c.channel.in_(channels)).order_by(SENDERS.c.id).with_for_update()
    db.session.execute(several).all()


def pause(channel: str, sender: str | None, code: str, at: datetime, until: datetime) -> None:
    """Hold a sender, None all of the channel, until the later of ``until`` and what holds it already."""
    held = select(SENDERS.c.id, SENDERS.c.paused_since, SENDERS.c.paused_until).where(SENDERS.c.channel == channel)
    if sender is not None:
        held = held.where(SENDERS.c.sender == sender)
    for row in db.session.execute(held.order_by(SENDERS.c.id).with_for_update()).all():
        goes_on = row.paused_until is not None and row.paused_until > at
        if goes_on and row.paused_until >= until:
            continue
        since = row.paused_since if goes_on else at
        values = {"paused_until": until, "pause_code": code, "paused_since": since}
        db.session.execute(update(SENDERS).where(SENDERS.c.id == row.id).values(**values))


def back_off(channel: str, sender: str, begun_at: datetime, at: datetime, most: int) -> None:
    """Halve the requests at once after a complaint about one begun at ``begun_at``; once for all under way then."""
    row = db.session.execute(select(SENDERS).where(_is((channel, sender))).with_for_update()).one()
    if row.concurrency is not None and row.clean_since is not None and begun_at <= row.clean_since:
        return
    values = {"concurrency": pace.halved(row.concurrency, most), "clean_since": at}
    db.session.execute(update(SENDERS).where(SENDERS.c.id == row.id).values(**values))


def recover(due: Due, most: int, now: datetime) -> None:
    """Allow one more request at once for each half minute without complaint; commits."""
    if due.concurrency is None:
        return
    row = db.session.execute(_ROW, {"sender_id": due.id}).one()
    if row.concurrency is not None and row.clean_since is not None:
        concurrency, clean_since = pace.grown(row.concurrency, row.clean_since, most, now)
        changed = update(SENDERS).where(SENDERS.c.id == due.id).values(concurrency=concurrency, clean_since=clean_since)
        db.session.execute(changed)
        due.concurrency = concurrency
    db.session.commit()


def look_after_senders() -> None:
    """Give every sender of a waiting message its row, and those whose rate nobody set the rate of the setting."""
    known = exists().where(SENDERS.c.channel == MESSAGES.c.channel, SENDERS.c.sender == MESSAGES.c.sender)
    forgotten = select(MESSAGES.c.channel, MESSAGES.c.sender).where(QUEUED, ~known).distinct()
    with reading():
        missing = db.session.execute(forgotten).all()
        unset = select(SENDERS.c.id, SENDERS.c.channel, SENDERS.c.rate).where(SENDERS.c.rate_set_at.is_(None))
        stale = [row for row in db.session.execute(unset) if row.rate != default_rate(row.channel)]
    values = [
        {"channel": channel, "sender": sender, "rate": default_rate(channel), "tokens": 0.0}
        for channel, sender in missing
    ]
    insert_if_absent(Sender, values, ["channel", "sender"])
    for row in stale:
        follows = (SENDERS.c.id == row.id, SENDERS.c.rate_set_at.is_(None))
        db.session.execute(update(SENDERS).where(*follows).values(rate=default_rate(row.channel)))
    db.session.commit()
