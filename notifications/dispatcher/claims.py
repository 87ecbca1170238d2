"""Taking a lease on what is due, and a last look at whether it may still go out."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any

from sqlalchemy import Select, Text, cast, select, update

from foundation.database import db
from foundation.jobs.services import wake
from foundation.timing.calendars import CalendarExhausted
from notifications import outbox, pace, queries
from notifications.dispatcher.senders import QUEUED, Due, leave_in_bucket, lock_bucket
from notifications.keys import thread_of
from notifications.outbox import Moments, Return, Rise
from notifications.outbox.rows import MESSAGES
from notifications.providers import Outgoing, Post
from notifications.retries import Rules
from notifications.rounds import DISPATCH, key_of
from notifications.services import opt_out_link
from notifications.signals import about_to_leave
from notifications.states import RANKS, STOPPABLE

# How long a message waits when the holidays of its region are not known: rather late than on one of them.
_UNKNOWN_CALENDAR = timedelta(hours=6)
_ID = MESSAGES.c.id
#: What sending a message, and the last look at it, need to know of it.
NEEDED = [
    MESSAGES.c[name]
    for name in (
        "id", "channel", "sender", "priority", "not_before", "attempt", "parts", "public_id", "recipient", "subject",
        "body", "html", "language", "created_at", "expires_at", "purpose", "principal_id", "subject_key", "zone",
        "region", "brand", "in_reply_to", "resend", "business_key",
    )
] + [cast(MESSAGES.c.window, Text).label("window")]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Claimed:
    """A message that this owner alone may send, until its lease ends."""

    id: int
    channel: str
    sender: str
    priority: int
    attempt: int
    lease_until: datetime
    outgoing: Outgoing

    @property
    def key(self) -> tuple[str, str]:
        return self.channel, self.sender


@dataclass(frozen=True, slots=True)
class Claim:
    """What one look into a lane brought: how many were ``taken``, and those of them that may go out now.

    ``ready_at`` is the moment from which the sender's rate allows more; None: now.
    """

    taken: int
    messages: list[Claimed]
    ready_at: datetime | None = None


def claim(
    post: Post, due: Due, lane: int, size: int, owner: str, now: datetime, rules: Rules, announce: bool = False
) -> Claim:
    """Lease up to ``size`` messages of one sender and lane, and commit.

    Those that may not go out any more (opted out, expired, outside their hours) are settled here.
    ``announce`` wakes whoever is free when there seems to be more.
    """
    rate, tokens = lock_bucket(due, now)
    if due.paused:
        db.session.commit()
        return Claim(0, [])
    ids: Any = _waiting(due, lane, now).limit(size).with_for_update(skip_locked=True)
    if rate is not None:
        ids = _affordable(ids, tokens)
    rows = _lease(ids, owner, now, now + rules.lease)
    going = _sorted_out(rows, owner, now, now + rules.lease)
    messages = _all_claimed(going, post, now + rules.lease, now)
    ready_at = None
    if rate is not None:
        left = tokens - sum(row.parts for row in going)
        leave_in_bucket(due.id, left, now)
        ready_at = now + pace.wait_for_one(left, rate) if left < 1 else None
    elif announce and len(rows) == size:
        wake(DISPATCH, key_of(*due.key))
    db.session.commit()
    return Claim(len(rows), messages, ready_at)


def outgoing(message: Any, unsubscribe_url: str | None = None) -> Outgoing:
    """Return a message (its object, or a row of ``NEEDED``) as a provider needs it."""
    return Outgoing(
        public_id=message.public_id,
        recipient=message.recipient,
        sender=message.sender,
        subject=message.subject,
        body=message.body,
        html=message.html,
        language=message.language,
        created_at=message.created_at,
        expires_at=message.expires_at,
        unsubscribe_url=unsubscribe_url,
        purpose=message.purpose,
        brand=message.brand,
        in_reply_to=message.in_reply_to,
        thread=thread_of(message.subject_key) if message.channel == "email" else "",
    )


def _waiting(due: Due, lane: int, now: datetime) -> Select[Any]:
    """What is due in one lane, in order; exactly a range of the index of what is queued."""
    of_lane = (MESSAGES.c.channel == due.channel, MESSAGES.c.sender == due.sender, MESSAGES.c.priority == lane)
    waiting = select(_ID).where(QUEUED, *of_lane, MESSAGES.c.not_before <= now)
    return waiting.order_by(MESSAGES.c.not_before, _ID)


def _affordable(waiting: Select[Any], tokens: float) -> Sequence[int]:
    rows = db.session.execute(waiting.add_columns(MESSAGES.c.parts)).all() if tokens >= 1 else []
    return [row.id for row in rows[: pace.affordable([row.parts for row in rows], tokens)]]


def _lease(ids: Any, owner: str, now: datetime, until: datetime) -> list[Any]:
    """Claim what ``ids`` selects in one statement, and return it in the order it goes out."""
    if isinstance(ids, list) and not ids:
        return []
    if not isinstance(ids, list):
        # A common table expression, so that PostgreSQL takes the limit once and no more.
        ids = select(ids.cte("batch").c.id)
    leased = (
        update(MESSAGES)
        .where(_ID.in_(ids), QUEUED)
        .values(
            state="claimed", rank=RANKS["claimed"], lease_owner=owner, lease_until=until, claimed_at=now,
            changed_at=now, held=None, attempt=MESSAGES.c.attempt + 1,
        )
        .returning(*NEEDED)
    )  # fmt: skip
    rows = sorted(db.session.execute(leased).all(), key=lambda row: (row.not_before, row.id))
    outbox.keep_alike([row.id for row in rows], "claimed", now, "dispatcher")
    return rows


def _sorted_out(rows: Sequence[Any], owner: str, now: datetime, until: datetime) -> list[Any]:
    """Settle those that may not go out now; return the others, in order."""
    needless = dict.fromkeys(outbox.arrived_late(rows), "arrived-late") | dict.fromkeys(_stopped(rows), "opted-out")
    moments, looked = Moments(), _looked_at(rows, now)
    needless |= {message_id: found for message_id, found in looked.items() if isinstance(found, str)}
    later = {message_id: found for message_id, found in looked.items() if isinstance(found, datetime)}
    moves: dict[int, Rise | Return] = {}
    for row in rows:
        move = _instead(row, needless.get(row.id), moments, owner, now, until)
        if move is None and row.id in later:
            move = Return(row.id, now, "claimed", owner=owner, not_before=later[row.id], held="asked", uncounted=True)
        if move is not None:
            moves[row.id] = move
    # What breaks here must not keep all others from going out.
    outbox.together([move for move in moves.values() if isinstance(move, Rise)], outbox.advance_many)
    outbox.together([move for move in moves.values() if isinstance(move, Return)], outbox.requeue_many)
    return [row for row in rows if row.id not in moves] if moves else list(rows)


def _looked_at(rows: Sequence[Any], now: datetime) -> dict[int, str | datetime]:
    """What those who asked for them say of messages that ask something: never, with the reason, or not before."""
    asking = [row for row in rows if row.purpose in STOPPABLE]
    said = about_to_leave.send(asking, at=now) if asking else []
    return {message_id: found for _receiver, looked in said for message_id, found in looked.items()}


def _instead(
    row: Any, needless: str | None, moments: Moments, owner: str, now: datetime, until: datetime
) -> Rise | Return | None:
    """What is done with a claimed message instead of sending it; None: it goes out."""
    if row.expires_at is not None and row.expires_at <= now:
        return Rise(row.id, "expired", now)
    if needless is not None:
        return Rise(row.id, "suppressed", now, code=needless)
    if row.window is None:
        return None
    try:
        lawful, held = _lawful(row, moments, now, until), "window"
    except CalendarExhausted:
        # Rather late than on a holiday nobody told us of; the page says so.
        lawful, held = now + _UNKNOWN_CALENDAR, "calendar"
    if lawful <= now:
        return None
    return Return(row.id, now, "claimed", owner=owner, not_before=lawful, held=held, uncounted=True)


def _lawful(row: Any, moments: Moments, now: datetime, until: datetime) -> datetime:
    """Return ``now`` where the message may leave until its lease ends, else the first moment from which it may."""
    lawful = moments.lawful(row.window, row.zone, row.region, now)
    if lawful > now:
        return lawful
    # It leaves at any moment of its lease: one claimed in the last minute would leave after closing time.
    lasting = moments.lawful(row.window, row.zone, row.region, until)
    return lasting if lasting > until else now


def _stopped(rows: Sequence[Any]) -> set[int]:
    """Return the ids of those whose recipient has opted out meanwhile."""

    def reach(row: Any) -> tuple[int, str]:
        return row.principal_id or 0, row.purpose

    stopped: set[int] = set()
    for _, group in groupby(sorted(rows, key=reach), key=reach):
        alike = list(group)
        out = queries.opted_out([row.recipient for row in alike], alike[0].principal_id, alike[0].purpose)
        stopped |= {row.id for row in alike if row.recipient in out} if out else set()
    return stopped


def _all_claimed(rows: Sequence[Any], post: Post, until: datetime, now: datetime) -> list[Claimed]:
    return [
        Claimed(
            row.id, row.channel, row.sender, row.priority, row.attempt, until, outgoing(row, _stop_link(row, post, now))
        )
        for row in rows
    ]


def _stop_link(row: Any, post: Post, now: datetime) -> str | None:
    """Return the address behind « unsubscribe » of an e-mail that asks something."""
    if row.channel != "email" or row.purpose not in ("survey", "reminder"):
        return None
    return opt_out_link(row.recipient, row.principal_id, now, public_url=post.public_url, language=row.language)
