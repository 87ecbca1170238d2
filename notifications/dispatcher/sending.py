"""Sending what is leased while the books are kept, with no database connection held during a request."""

import os
import secrets
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta

import structlog
from flask import current_app

from foundation.database import db
from foundation.web.clock import stopwatch, utc_now
from notifications.dispatcher.claims import Claimed, claim
from notifications.dispatcher.desk import Desk, Result, Unsent
from notifications.dispatcher.recording import record, stops_channel, stops_sender
from notifications.dispatcher.senders import BULK, INTERACTIVE, Due, due_senders, recover
from notifications.providers import Outcome, Post, Provider, Unknown
from notifications.retries import Rules

log = structlog.get_logger()
RECORD_EVERY_SECONDS = 0.1
# How often the queue is looked at while there is work in hand: an interactive message waits no longer to be seen.
LOOK_EVERY_SECONDS = 0.25
# So many seconds of work lie claimed at most, so that a stop, a pause and other workers are not kept waiting.
IN_HAND_SECONDS = 0.5
INTERACTIVE_AT_ONCE = 50


def dispatch(
    post: Post, rules: Rules, only: tuple[str, str] | None = None, stopping: Callable[[], bool] = lambda: False
) -> int:
    """Send what is due until nothing is, or the round's time is over; commits. Return how many were in hand.

    ``only`` is the one (channel, sender) to send for. Once ``stopping()`` is true, what is
    under way is ended and recorded, and what is not begun goes back as if never taken.
    """
    return _Round(post, rules, only, stopping).run()


class _Round:
    """One thread keeps the books (claims, results), others send; the desk lies between them."""

    def __init__(self, post: Post, rules: Rules, only: tuple[str, str] | None, stopping: Callable[[], bool]) -> None:
        self.post, self.rules, self.only, self.stopping = post, rules, only, stopping
        self.owner = f"{os.getpid()}:{secrets.token_hex(6)}"
        self.desk = Desk()
        self.threads = _Threads(post, self.desk)
        self.due: list[Due] = []
        # From when the rate of a sender allows more.
        self.ready_at: dict[tuple[str, str], datetime] = {}
        # Whoever is free is told that there is more, once each time the queue was looked at.
        self.announced_at: dict[tuple[str, str], float] = {}
        self.looked_at = -1.0
        # From now on, so that the first results already say how fast it goes.
        self.collected_at = stopwatch()
        self.per_second = 0.0
        self.handled = 0
        self.ends = stopwatch() + rules.round_seconds

    def run(self) -> int:
        """Claim, hand out, record, until nothing is left or the time is over; return how many were in hand."""
        try:
            self._work()
        except Exception:
            self._save_what_is_known()
            raise
        return self.handled

    def _work(self) -> None:
        with self.threads.running():
            claimed = self._claim()
            while claimed or not self.desk.is_idle() or self._waits_for_rate():
                self._record(self.desk.collect(RECORD_EVERY_SECONDS, until_low=not self._is_over()))
                if self.stopping():
                    self.desk.clear("")
                claimed = not self._is_over() and self._claim()

    def _save_what_is_known(self) -> None:
        """Try to write down what was sent while the books broke: only this process knows how it went.

        Where that fails too, the lease ends, and what was under way is looked up at the provider.
        """
        db.session.rollback()
        with suppress(Exception):
            self.desk.clear("")
            self._record(self.desk.collect(0.0))

    def _is_over(self) -> bool:
        return self.stopping() or stopwatch() >= self.ends

    def _waits_for_rate(self) -> bool:
        """Whether all that is left is to let a sender's bucket fill; waits for that, a little at a time."""
        filling = [self.ready_at[due.key] for due in self.due if due.key in self.ready_at]
        if self._is_over() or not filling:
            return False
        left = (min(filling) - utc_now()).total_seconds()
        threading.Event().wait(max(0.001, min(left, RECORD_EVERY_SECONDS)))
        return True

    def _claim(self) -> bool:
        """Claim what there is room for; return whether anything was."""
        if stopwatch() - self.looked_at >= LOOK_EVERY_SECONDS or (self.desk.is_idle() and not self.ready_at):
            self._look()
        taken = sum(self._fill(due) for due in self.due if self._may_send(due))
        return taken > 0

    def _may_send(self, due: Due) -> bool:
        if self.ready_at.get(due.key, utc_now()) > utc_now():
            return False
        self.ready_at.pop(due.key, None)
        return not due.paused and not self.desk.told_to_wait(due.key)

    def _look(self) -> None:
        self.looked_at, now = stopwatch(), utc_now()
        self.due = due_senders(list(self.post.providers), now, self.only)
        for due in self.due:
            most = self.post.providers[due.channel].concurrency
            recover(due, most, now)
            # One more than the provider's own, for those that a person waits for.
            self.desk.allow(due.key, due.concurrency or most + 1, due.paused)

    def _fill(self, due: Due) -> int:
        """Claim for one sender: first what a person waits for, then as much else as is soon sent."""
        taken = self._take(due, INTERACTIVE, INTERACTIVE_AT_ONCE) if due.interactive else 0
        target = self._target(due)
        room = target - self.desk.waiting(due.key)
        if due.bulk and room > target // 2:
            taken += self._take(due, BULK, room)
        return taken

    def _take(self, due: Due, lane: int, size: int) -> int:
        announce = self.announced_at.get(due.key, -1.0) < self.looked_at
        got = claim(self.post, due, lane, size, self.owner, utc_now(), self.rules, announce)
        self.announced_at[due.key] = self.looked_at
        if got.ready_at is not None:
            self.ready_at[due.key] = got.ready_at
        self.threads.start(due.channel)
        if lane == INTERACTIVE:
            due.interactive = got.taken == size
            self.desk.put(due.key, got.messages)
        else:
            due.bulk = got.taken == size
            self.desk.put(due.key, got.messages, low=self._target(due) // 2 if due.bulk else 0)
        return got.taken

    def _target(self, due: Due) -> int:
        """Return how many messages of a sender are to lie claimed: what is sent in half a second."""
        least = 2 * self.post.providers[due.channel].concurrency
        return max(least, min(self.rules.batch, int(self.per_second * IN_HAND_SECONDS)))

    def _record(self, results: list[Result]) -> None:
        if not results:
            return
        now, sent = stopwatch(), sum(not isinstance(result.outcome, Unsent) for result in results)
        self.per_second = max(sent / max(now - self.collected_at, 0.001), self.per_second / 2)
        self.collected_at = now
        self.handled += len(results)
        record(results, self.post, self.owner, self.rules)


class _Threads:
    """Those that send: as many for each channel as its provider allows, and one more for interactive messages."""

    def __init__(self, post: Post, desk: Desk) -> None:
        self.post, self.desk = post, desk
        self.app = current_app._get_current_object()  # type: ignore[attr-defined]
        self._running: dict[str, list[threading.Thread]] = {}

    @contextmanager
    def running(self) -> Iterator[None]:
        """End every thread, after the message it has, when the block ends."""
        try:
            yield
        finally:
            self.desk.close()
            for thread in (thread for threads in self._running.values() for thread in threads):
                thread.join()

    def start(self, channel: str) -> None:
        """Let the threads of a channel run, if they do not yet."""
        if channel in self._running:
            return
        provider = self.post.providers[channel]
        lanes = [BULK] * provider.concurrency + [INTERACTIVE] * (provider.concurrency > 1)
        # Daemons: a process that must stop does not wait for a provider that hangs; its lease settles the matter.
        self._running[channel] = [
            threading.Thread(target=self._work, args=(channel, lane), name=f"send {channel}", daemon=True)
            for lane in lanes
        ]
        for thread in self._running[channel]:
            thread.start()

    def _work(self, channel: str, lane: int) -> None:
        provider = self.post.providers[channel]
        try:
            with self.app.app_context():
                while (claimed := self.desk.take(channel, lane)) is not None:
                    self._send(provider, claimed)
        except BaseException as error:
            self.desk.fail(error)

    def _send(self, provider: Provider, claimed: Claimed) -> None:
        begun_at = utc_now()
        if begun_at + timedelta(seconds=provider.timeout) >= claimed.lease_until:
            # Once the lease is over someone else looks the message up; a send that outlived it would be a second one.
            self.desk.give(Result(claimed, Unsent("paused"), begun_at, begun_at))
            return
        expires_at = claimed.outgoing.expires_at
        if expires_at is not None and expires_at <= begun_at:
            # It goes back, and whoever claims it next says so.
            self.desk.give(Result(claimed, Unsent(""), begun_at, begun_at))
            return
        outcome = _outcome(provider, claimed)
        stops = self.desk.keys(claimed.channel) if stops_channel(outcome) else [claimed.key] * stops_sender(outcome)
        self.desk.give(Result(claimed, outcome, begun_at, utc_now()), stops)


def _outcome(provider: Provider, claimed: Claimed) -> Outcome:
    try:
        return provider.send(claimed.outgoing)
    except Exception as error:
        # Nobody knows how far it came, so it is in doubt; the log gets no address and no text.
        log.error("a provider broke", message=claimed.id, error=type(error).__name__)
        return Unknown(type(error).__name__)
