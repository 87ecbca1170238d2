"""How long to wait, how often to try, and when to give up."""

import random
from dataclasses import dataclass
from datetime import timedelta

_LONGEST = 900.0


@dataclass(frozen=True)
class Rules:
    """The dispatcher's patience; the defaults are those of a real provider."""

    # So many messages of one sender lie claimed at most.
    batch: int = 500
    # Longer than the slowest send: nothing is begun that could outlive it.
    lease: timedelta = timedelta(seconds=90)
    # So many attempts that say something of the message.
    attempts: int = 12
    # While the provider is out of reach or asks to wait, a message that never expires is tried for so long.
    patience: timedelta = timedelta(hours=72)
    # Not found this often in the provider's list, and it was certainly not sent.
    looks: int = 2
    # In doubt for so long, without the provider to ask, and a person must find out.
    doubt: timedelta = timedelta(hours=24)
    # No news of a message the provider took: ask after, and again every; then no more.
    ask_after: timedelta = timedelta(minutes=15)
    ask_every: timedelta = timedelta(hours=1)
    silence: timedelta = timedelta(hours=72)
    # A channel whose credentials are refused is tried again after.
    config_pause: timedelta = timedelta(minutes=5)
    # One round of the dispatcher takes nothing more after so many seconds.
    round_seconds: float = 20.0


def wait_after(attempt: int, retry_after: float | None = None, chance: float | None = None) -> timedelta:
    """Return the wait after ``attempt`` failed (1 or more): what the provider asked for, else 2, 4, 8 s … with jitter.

    ``chance`` between 0 and 1 takes the place of the dice. Never more than fifteen minutes
    unless the provider asks for more.
    """
    if retry_after is not None:
        return timedelta(seconds=max(0.0, retry_after))
    return _some_of(2.0 * 2 ** min(attempt - 1, 10), chance)


def wait_in_outage(tried_for: timedelta, chance: float | None = None) -> timedelta:
    """Return the wait while a provider is out of reach: about as long as it was tried, 2 s to fifteen minutes."""
    return _some_of(max(2.0, tried_for.total_seconds()), chance)


def _some_of(seconds: float, chance: float | None) -> timedelta:
    dice = random.random() if chance is None else chance
    return timedelta(seconds=min(_LONGEST, seconds) * (0.5 + dice / 2))
