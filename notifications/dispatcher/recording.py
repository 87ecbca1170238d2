"""Writing down how sending went: many results in one transaction, whatever they are."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import func, select

from foundation.database import db
from notifications import outbox
from notifications.dispatcher import senders
from notifications.dispatcher.desk import Result, Unsent
from notifications.outbox import Doubt, Return, Rise
from notifications.outbox.rows import EVENTS
from notifications.providers import CONFIG, STOP, TEMPORARY, Accepted, NotTaken, Outcome, Post, Refused, Unknown
from notifications.retries import Rules, wait_after, wait_in_outage
from notifications.services import stop_sender


def stops_sender(outcome: Outcome | Unsent) -> bool:
    """Whether the next message of the same sender would fare no better just now."""
    return (isinstance(outcome, NotTaken) and outcome.whole_channel) or (
        isinstance(outcome, Refused) and outcome.kind == CONFIG
    )


def stops_channel(outcome: Outcome | Unsent) -> bool:
    """Whether no sender of the channel would fare better: the credentials are wrong, not one sender's number."""
    if not isinstance(outcome, Refused) or outcome.kind != CONFIG:
        return False
    # Codes from 21000 on speak of the message and its sender; so does a mail server that names a status.
    return outcome.code == "smtp-sign-in" or not outcome.code.startswith(("21", "smtp-"))


@dataclass(frozen=True, slots=True)
class Dated:
    """A result, when its message may go again if it was not taken, and for how long it was tried by then."""

    result: Result
    again_at: datetime
    tried_for: timedelta


@dataclass
class _Books:
    """What a batch of results comes to."""

    rises: list[Rise] = field(default_factory=list)
    returns: list[Return] = field(default_factory=list)
    doubts: list[Doubt] = field(default_factory=list)


def record(results: Sequence[Result], post: Post, owner: str, rules: Rules) -> list[Result]:
    """Write down ``results`` and commit; return those that could not be, which stay claimed until their lease ends."""
    for result in results:
        if isinstance(result.outcome, Refused) and result.outcome.kind == STOP:
            _obey(result)
    dated = _dated(results, rules)
    _hold(dated, post)
    failed = outbox.together(dated, lambda some: _write(some, post, owner, rules))
    db.session.commit()
    return [one.result for one in failed]


def _obey(result: Result) -> None:
    """Keep a stop the provider told us of, in a transaction of its own.

    Before the result: whatever is interrupted in between, the message is looked up, not found, and then suppressed.
    And apart: it locks messages and invitations of its own, which those of the batch must not stand between.
    """
    claimed = result.claimed
    outbox.apart(claimed.id, lambda: stop_sender(claimed.outgoing.recipient, claimed.sender, "provider", result.at))
    db.session.commit()


def _hold(dated: Sequence[Dated], post: Post) -> None:
    """Pause and slow down senders as their provider asked; before the messages, as everyone locks in that order."""
    complaints = [one for one in dated if _is_too_many(one.result.outcome) or stops_sender(one.result.outcome)]
    if complaints:
        senders.lock_channels({one.result.claimed.channel for one in complaints})
    for one in complaints:
        result, outcome, (channel, sender) = one.result, one.result.outcome, one.result.claimed.key
        if _is_too_many(outcome):
            senders.back_off(channel, sender, result.begun_at, result.at, post.providers[channel].concurrency)
        if stops_sender(outcome):
            whose = None if stops_channel(outcome) else sender
            senders.pause(channel, whose, outcome.code, result.at, one.again_at)


def _is_too_many(outcome: Outcome | Unsent) -> bool:
    return isinstance(outcome, NotTaken) and outcome.too_many


def _dated(results: Sequence[Result], rules: Rules) -> list[Dated]:
    began = _first_tries({result.claimed.id for result in results if stops_sender(result.outcome)})
    tried = [(result, result.at - began.get(result.claimed.id, result.at)) for result in results]
    return [Dated(result, result.at + _wait(result, tried_for, rules), tried_for) for result, tried_for in tried]


def _first_tries(ids: Collection[int]) -> dict[int, datetime]:
    """Return when each message was claimed for the first time."""
    if not ids:
        return {}
    claims = select(EVENTS.c.message_id, func.min(EVENTS.c.at)).where(
        EVENTS.c.message_id.in_(ids), EVENTS.c.state == "claimed"
    )
    return dict(db.session.execute(claims.group_by(EVENTS.c.message_id)).all())  # type: ignore[arg-type]


def _wait(result: Result, tried_for: timedelta, rules: Rules) -> timedelta:
    """Return how long something that was not taken waits."""
    outcome = result.outcome
    if isinstance(outcome, Accepted):
        return timedelta()
    if isinstance(outcome, Refused) and outcome.kind == CONFIG:
        return rules.config_pause
    asked = outcome.retry_after if isinstance(outcome, NotTaken) else None
    if asked is None and stops_sender(outcome):
        return wait_in_outage(tried_for)
    return wait_after(result.claimed.attempt, asked)


def _write(dated: Sequence[Dated], post: Post, owner: str, rules: Rules) -> None:
    books = _Books()
    for one in dated:
        _enter(books, one, post, owner, rules)
    outbox.advance_many(books.rises)
    outbox.requeue_many(books.returns)
    outbox.doubt_many(books.doubts)


def _enter(books: _Books, dated: Dated, post: Post, owner: str, rules: Rules) -> None:
    claimed, outcome, at = dated.result.claimed, dated.result.outcome, dated.result.at
    match outcome:
        case Accepted():
            books.rises.append(Rise(claimed.id, outcome.state, at, provider_id=outcome.provider_id))
        case Refused(kind=kind) if kind not in (CONFIG, TEMPORARY):
            books.rises.append(Rise(claimed.id, "rejected", at, code=outcome.code))
        case Unknown():
            lag = post.providers[claimed.channel].lag
            books.doubts.append(Doubt(claimed.id, at, at + lag, outcome.code, owner))
        case Unsent():
            held = outcome.why or None
            books.returns.append(Return(claimed.id, at, "claimed", owner=owner, held=held, uncounted=True))
        case _:
            _enter_not_taken(books, dated, outcome, owner, rules)


def _enter_not_taken(books: _Books, dated: Dated, outcome: NotTaken | Refused, owner: str, rules: Rules) -> None:
    """It was certainly not taken, and later it may be: again, unless that was tried too often or for too long."""
    claimed, at = dated.result.claimed, dated.result.at
    if _is_hopeless(dated, outcome, rules):
        books.rises.append(Rise(claimed.id, "failed", at, code="gave-up"))
        return
    held = "paused" if isinstance(outcome, Refused) and outcome.kind == CONFIG else "retry"
    back = Return(
        claimed.id, at, "claimed", owner=owner, not_before=dated.again_at, held=held, code=outcome.code,
        uncounted=stops_sender(outcome),
    )  # fmt: skip
    books.returns.append(back)


def _is_hopeless(dated: Dated, outcome: NotTaken | Refused, rules: Rules) -> bool:
    """Whether to give up: by attempts that say something of the message; in an outage by age, unless it expires.

    What stops the sender (nobody was reached, a wait was asked for) says nothing of the message.
    """
    claimed = dated.result.claimed
    if not stops_sender(outcome):
        return claimed.attempt >= rules.attempts
    never_expires = claimed.outgoing.expires_at is None
    return isinstance(outcome, NotTaken) and never_expires and dated.tried_for >= rules.patience
