"""Where messages lie between the thread that keeps the books and those that send.

Those that send never touch the database, and the database never keeps them waiting:
they take the next message from here and leave its result here.
"""

import heapq
import threading
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from itertools import count

from foundation.web.clock import stopwatch, utc_now
from notifications.dispatcher.claims import Claimed
from notifications.providers import Outcome

Key = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Unsent:
    """It was not even tried; ``why`` it went back: its sender was told to wait, its lease is nearly over, a stop."""

    why: str


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one message whose sending began at ``begun_at`` and ended at ``at``."""

    claimed: Claimed
    outcome: Outcome | Unsent
    begun_at: datetime
    at: datetime


@dataclass
class _Line:
    """The messages of one sender: who waits, how many are under way, and how many may be."""

    allowed: int = 1
    waiting: list[tuple[int, int, Claimed]] = field(default_factory=list)
    under_way: int = 0
    # Below so many waiting the thread that keeps the books is told, so that it claims more.
    low: int = 0
    told_to_wait: bool = False
    # Whether who keeps the books knows of that; until then the database says nothing of it.
    is_noted: bool = True

    def is_ready(self, lane: int) -> bool:
        return bool(self.waiting) and self.under_way < self.allowed and self.waiting[0][0] <= lane


class Desk:
    """Claimed messages and their results; interactive messages are taken before all others."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._work, self._news = threading.Condition(self._lock), threading.Condition(self._lock)
        self._lines: dict[Key, _Line] = {}
        self._results: list[Result] = []
        self._numbers = count()
        self._failure: BaseException | None = None
        self._open = True

    def put(self, key: Key, claimed: Iterable[Claimed], low: int | None = None) -> None:
        """Lay claimed messages of one sender here; below ``low`` waiting (None: as before) ``collect`` returns."""
        with self._lock:
            line = self._lines.setdefault(key, _Line())
            for one in claimed:
                heapq.heappush(line.waiting, (one.priority, next(self._numbers), one))
            line.low = line.low if low is None else low
            self._work.notify_all()

    def allow(self, key: Key, at_once: int, paused: bool) -> None:
        """Say how many requests of one sender may be under way, and whether it was told to wait elsewhere."""
        with self._lock:
            line = self._lines.setdefault(key, _Line())
            line.allowed = at_once
            if paused:
                self._drop(line, "paused")
            if line.is_noted:
                line.told_to_wait = paused
            self._work.notify_all()

    def take(self, channel: str, lane: int) -> Claimed | None:
        """Wait for the next message of a channel, of the lanes up to ``lane``; None once the desk is closed."""
        with self._lock:
            while self._open:
                lines = [line for key, line in self._lines.items() if key[0] == channel and line.is_ready(lane)]
                if lines:
                    line = min(lines, key=_first)
                    line.under_way += 1
                    return heapq.heappop(line.waiting)[2]
                self._work.wait()
            return None

    def give(self, result: Result, stops: Iterable[Key] = ()) -> None:
        """Leave a result; ``stops`` are the senders that the provider told to wait."""
        with self._lock:
            line = self._lines[result.claimed.key]
            line.under_way -= 1
            self._results.append(result)
            for key in stops:
                self._stop(self._lines[key])
            if line.waiting and line.under_way == line.allowed - 1:
                # Everyone: a single one might wait for another channel, or for interactive messages only.
                self._work.notify_all()
            if len(line.waiting) < line.low or self._is_idle():
                self._news.notify()

    def fail(self, error: BaseException) -> None:
        """Let ``collect`` raise what ended a sending thread."""
        with self._lock:
            self._failure = error
            self._news.notify()

    def keys(self, channel: str) -> list[Key]:
        """Return the senders of a channel that have a line here."""
        with self._lock:
            return [key for key in self._lines if key[0] == channel]

    def told_to_wait(self, key: Key) -> bool:
        with self._lock:
            line = self._lines.get(key)
            return line is not None and line.told_to_wait

    def waiting(self, key: Key) -> int:
        """Return how many messages of one sender lie here and are not begun."""
        with self._lock:
            line = self._lines.get(key)
            return len(line.waiting) if line else 0

    def is_idle(self) -> bool:
        """Whether nothing waits, nothing is under way and every result was collected."""
        with self._lock:
            return self._is_idle() and not self._results

    def clear(self, why: str) -> None:
        """Put back everything that is not begun."""
        with self._lock:
            for line in self._lines.values():
                self._drop(line, why)

    def collect(self, seconds: float, until_low: bool = True) -> list[Result]:
        """Wait up to ``seconds`` and return the results; sooner when a line runs low or nothing is under way."""
        ends = stopwatch() + seconds
        with self._lock:
            while self._failure is None and not self._is_idle() and not (until_low and self._is_low()):
                left = ends - stopwatch()
                if left <= 0 or not self._news.wait(left):
                    break
            if self._failure is not None:
                raise self._failure
            results, self._results = self._results, []
            for line in self._lines.values():
                line.is_noted = True
            return results

    def close(self) -> None:
        """Let every sending thread end after the message it has."""
        with self._lock:
            self._open = False
            self._work.notify_all()

    def _stop(self, line: _Line) -> None:
        line.told_to_wait, line.is_noted = True, False
        self._drop(line, "paused")

    def _drop(self, line: _Line, why: str) -> None:
        now = utc_now()
        self._results += [Result(claimed, Unsent(why), now, now) for _priority, _number, claimed in line.waiting]
        line.waiting.clear()
        line.low = 0

    def _is_idle(self) -> bool:
        return not any(line.waiting or line.under_way for line in self._lines.values())

    def _is_low(self) -> bool:
        return any(len(line.waiting) < line.low for line in self._lines.values())


def _first(line: _Line) -> tuple[int, int]:
    return line.waiting[0][:2]
