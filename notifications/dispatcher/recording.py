"""Writing down how sending went: many results in one transaction, whatever they are."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from foundation.database import db
from notifications import outbox
from notifications.dispatcher import senders
from notifications.dispatcher.desk import Result, Unsent
from notifications.outbox import Doubt, Return, Rise
from notifications.providers import CONFIG, STOP, TEMPORARY, Accepted, NotTaken, Outcome, Post, Refused, Unknown
from notifications.retries import Rules, wait_after
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


#: A result, and when its message may go again if it was not taken.
Dated = tuple[Result, datetime]


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
    dated = [(result, _again_at(result, rules)) for result in results]
    _hold(dated, post)
    failed = outbox.together(dated, lambda some: _write(some, post, owner, rules))
    db.session.commit()
    return [result for result, _ in failed]


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
    complaints = [one for one in dated if _is_too_many(one[0].outcome) or stops_sender(one[0].outcome)]
    if complaints:
        senders.lock_channels({result.claimed.channel for result, _ in complaints})
    for result, again_at in complaints:
        outcome, (channel, sender) = result.outcome, result.claimed.key
        if _is_too_many(outcome):
            senders.back_off(channel, sender, result.begun_at, result.at, post.providers[channel].concurrency)
        if stops_sender(outcome):
            whose = None if stops_channel(outcome) else sender
            senders.pause(channel, whose, outcome.code, result.at, again_at)


def _is_too_many(outcome: Outcome | Unsent) -> bool:
    return isinstance(outcome, NotTaken) and outcome.too_many


def _again_at(result: Result, rules: Rules) -> datetime:
    """Return when something that was not taken may be tried again."""
    outcome = result.outcome
    if isinstance(outcome, Accepted):
        return result.at
    if isinstance(outcome, Refused) and outcome.kind == CONFIG:
        return result.at + rules.config_pause
    asked = outcome.retry_after if isinstance(outcome, NotTaken) else None
    return result.at + wait_after(result.claimed.attempt, asked)


def _write(dated: Sequence[Dated], post: Post, owner: str, rules: Rules) -> None:
    books = _Books()
    for result, again_at in dated:
        _enter(books, result, again_at, post, owner, rules)
    outbox.advance_many(books.rises)
    outbox.requeue_many(books.returns)
    outbox.doubt_many(books.doubts)


def _enter(books: _Books, result: Result, again_at: datetime, post: Post, owner: str, rules: Rules) -> None:
    claimed, outcome, at = result.claimed, result.outcome, result.at
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
            _enter_not_taken(books, result, outcome, again_at, owner, rules)


def _enter_not_taken(
    books: _Books, result: Result, outcome: NotTaken | Refused, again_at: datetime, owner: str, rules: Rules
) -> None:
    """It was certainly not taken, and later it may be: again, unless that was tried too often."""
    claimed, at = result.claimed, result.at
    ours_to_mend = isinstance(outcome, Refused) and outcome.kind == CONFIG
    # A provider that asks us to slow down says nothing of this message: it waits until it expires.
    if claimed.attempt >= rules.attempts and not (ours_to_mend or _is_too_many(outcome)):
        books.rises.append(Rise(claimed.id, "failed", at, code="gave-up"))
        return
    held = "paused" if ours_to_mend else "retry"
    back = Return(claimed.id, at, "claimed", owner=owner, not_before=again_at, held=held, code=outcome.code)
    books.returns.append(back)
