"""Sending what is leased and recording how it went, with no database connection held in between."""

import os
import secrets
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

import structlog
from sqlalchemy import select

from foundation.database import db
from foundation.web.clock import stopwatch, utc_now
from notifications import outbox
from notifications.dispatcher.claims import Claimed, claim, something_is_due
from notifications.models import Sender
from notifications.providers import (
    CONFIG,
    STOP,
    TEMPORARY,
    Accepted,
    NotTaken,
    Outcome,
    Post,
    Provider,
    Refused,
    Unknown,
)
from notifications.retries import Rules, wait_after
from notifications.services import stop_sender

log = structlog.get_logger()
RECORD_EVERY_SECONDS = 0.1


@dataclass(frozen=True)
class Unsent:
    """It was not even tried: the lease is nearly over, or the channel has just been told to wait."""


Result = tuple[Claimed, Outcome | Unsent, datetime]


def dispatch(post: Post, rules: Rules, only: tuple[str, str] | None = None) -> int:
    """Send what is due until nothing is, or the round's time is over; commits. Return how many were tried.

    ``only`` is the one (channel, sender) to send for.
    """
    owner = f"{os.getpid()}:{secrets.token_hex(6)}"
    started, tried = stopwatch(), 0
    while stopwatch() - started < rules.round_seconds and something_is_due(list(post.providers), utc_now(), only):
        batch = claim(post, owner, utc_now(), rules, only)
        if batch is None:
            break
        for channel, provider in post.providers.items():
            tried += _send_all(provider, [one for one in batch if one.channel == channel], owner, rules)
    return tried


def _send_all(provider: Provider, batch: list[Claimed], owner: str, rules: Rules) -> int:
    """Send ``batch`` and record the results as they come, several in one commit."""
    results: list[Result] = []
    recorded_at = stopwatch()
    for result in _results(provider, batch):
        results.append(result)
        if stopwatch() - recorded_at >= RECORD_EVERY_SECONDS:
            _record(results, provider, owner, rules)
            results, recorded_at = [], stopwatch()
    _record(results, provider, owner, rules)
    return len(batch)


def _results(provider: Provider, batch: list[Claimed]) -> Iterator[Result]:
    turn = _Turn(provider)
    if provider.concurrency == 1:
        yield from (turn.send(one) for one in batch)
    elif batch:
        with ThreadPoolExecutor(provider.concurrency, thread_name_prefix="send") as pool:
            yield from (future.result() for future in as_completed([pool.submit(turn.send, one) for one in batch]))


class _Turn:
    """One batch on its way; after the channel was told to wait, the rest of it is not tried."""

    def __init__(self, provider: Provider) -> None:
        self.provider = provider
        self.told_to_wait = False

    def send(self, claimed: Claimed) -> Result:
        if self.told_to_wait or self._too_late(claimed):
            return claimed, Unsent(), utc_now()
        outcome = self._outcome(claimed)
        if _pauses(outcome):
            self.told_to_wait = True
        return claimed, outcome, utc_now()

    def _too_late(self, claimed: Claimed) -> bool:
        # Once the lease is over someone else looks the message up; a send that could outlive it would be a second one.
        return utc_now() + timedelta(seconds=self.provider.timeout) >= claimed.lease_until

    def _outcome(self, claimed: Claimed) -> Outcome:
        try:
            return self.provider.send(claimed.outgoing)
        except Exception as error:
            # Nobody knows how far it came, so it is in doubt; the log gets no address and no text.
            log.error("a provider broke", message=claimed.id, error=type(error).__name__)
            return Unknown(type(error).__name__)


def _pauses(outcome: Outcome) -> bool:
    return (isinstance(outcome, NotTaken) and outcome.whole_channel) or (
        isinstance(outcome, Refused) and outcome.kind == CONFIG
    )


def _record(results: list[Result], provider: Provider, owner: str, rules: Rules) -> None:
    for result in sorted(results, key=lambda result: result[0].id):
        outbox.apart(result[0].id, partial(_record_one, result, provider, owner, rules))
    db.session.commit()


def _record_one(result: Result, provider: Provider, owner: str, rules: Rules) -> None:
    claimed, outcome, at = result
    match outcome:
        case Accepted():
            outbox.advance(claimed.id, outcome.state, at, provider_id=outcome.provider_id)
        case Refused():
            _refused(claimed, outcome, at, owner, rules)
        case NotTaken():
            _not_taken(claimed, outcome, at, owner, rules)
        case Unknown():
            outbox.doubt(claimed.id, at, at + provider.lag, code=outcome.code, owner=owner)
        case Unsent():
            outbox.requeue(claimed.id, at, only_from="claimed", owner=owner, held="paused", uncounted=True)


def _refused(claimed: Claimed, refused: Refused, at: datetime, owner: str, rules: Rules) -> None:
    if refused.kind == CONFIG:
        until = at + rules.config_pause
        _pause(claimed.channel, None, refused.code, at, until)
        outbox.requeue(
            claimed.id, at, only_from="claimed", owner=owner, not_before=until, held="paused", code=refused.code
        )
    elif refused.kind == TEMPORARY:
        _not_taken(claimed, NotTaken(refused.code, whole_channel=False), at, owner, rules)
    else:
        outbox.advance(claimed.id, "rejected", at, code=refused.code)
        if refused.kind == STOP:
            stop_sender(claimed.outgoing.recipient, claimed.outgoing.sender, "provider", at)


def _not_taken(claimed: Claimed, outcome: NotTaken, at: datetime, owner: str, rules: Rules) -> None:
    if claimed.attempt >= rules.attempts:
        outbox.advance(claimed.id, "failed", at, code="gave-up")
        return
    until = at + wait_after(claimed.attempt, outcome.retry_after)
    if outcome.whole_channel:
        _pause(claimed.channel, claimed.outgoing.sender, outcome.code, at, until)
    outbox.requeue(claimed.id, at, only_from="claimed", owner=owner, not_before=until, held="retry", code=outcome.code)


def _pause(channel: str, sender: str | None, code: str, at: datetime, until: datetime) -> None:
    """Hold a sender, None all of the channel, until the later of ``until`` and what holds it already."""
    senders = select(Sender).filter_by(channel=channel).order_by(Sender.id)
    if sender is not None:
        senders = senders.filter_by(sender=sender)
    for row in db.session.scalars(senders.with_for_update()):
        if row.paused_until is None or row.paused_until <= at:
            row.paused_since = at
        if row.paused_until is None or row.paused_until < until:
            row.paused_until, row.pause_code = until, code
    db.session.flush()
