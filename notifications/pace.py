"""How fast a sender may go: parts in a bucket that fills by the second, fewer requests at once after a complaint."""

from collections.abc import Sequence
from datetime import datetime, timedelta

#: After so long without a complaint one more request at once is allowed again.
CLEAN = timedelta(seconds=30)


def capacity(rate: float) -> float:
    """Return how many parts may go at once after a rest: those of one second, at least one."""
    return max(rate, 1.0)


def refilled(tokens: float, refilled_at: datetime | None, rate: float, now: datetime) -> float:
    """Return the parts in a bucket that held ``tokens`` at ``refilled_at``; None: never used, so full.

    A clock that was set back adds nothing.
    """
    if refilled_at is None:
        return capacity(rate)
    passed = max(0.0, (now - refilled_at).total_seconds())
    return min(capacity(rate), tokens + passed * rate)


def affordable(parts: Sequence[int], tokens: float) -> int:
    """Return how many of the messages, each of so many ``parts``, may go now, in this order.

    A message goes while there is one whole part in the bucket, and may leave a debt:
    else one longer than the bucket would never go. The debt is paid before the next.
    """
    for count, cost in enumerate(parts):
        if tokens < 1.0:
            return count
        tokens -= cost
    return len(parts)


def wait_for_one(tokens: float, rate: float) -> timedelta:
    """Return how long until there is one whole part in the bucket."""
    return timedelta(seconds=max(0.0, (1.0 - tokens) / rate))


def halved(concurrency: int | None, most: int) -> int:
    """Return how many requests at once are allowed after the provider complained of too many; None means ``most``."""
    return max(1, min(concurrency or most, most) // 2)


def grown(concurrency: int, clean_since: datetime, most: int, now: datetime) -> tuple[int | None, datetime | None]:
    """Return how many requests at once are allowed by now and since when the next one is earned; None, None: all."""
    steps = max(0, int((now - clean_since) / CLEAN))
    if concurrency + steps >= most:
        return None, None
    return concurrency + steps, clean_since + steps * CLEAN
