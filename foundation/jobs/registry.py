"""Which function does which kind of work, and what is done every so often."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

Work = Callable[[dict[str, Any], datetime], None]
Round = Callable[[datetime], None]
# A round that may be woken for one key only: ``wake(now, key)``; the key "" stands for all of them.
Woken = Callable[[datetime, str], None]
# The keys for which such a round has work now.
Keys = Callable[[datetime], Iterable[str]]


class UnknownKind(LookupError):
    """A job row of a kind that no package has registered."""

    code = "unknown-kind"

    def __init__(self, kind: str) -> None:
        super().__init__(f"no function is registered for jobs of kind {kind!r}")
        self.kind = kind


@dataclass(frozen=True)
class Every:
    """Something that happens by itself, ``seconds`` after it last began."""

    name: str
    seconds: int
    function: Round
    wake: Woken | None = None
    keys: Keys = lambda _now: ("",)

    def run(self, now: datetime, key: str = "") -> None:
        """Carry out the round, or only what it has to do for ``key``."""
        if key and self.wake is not None:
            self.wake(now, key)
        else:
            self.function(now)


@dataclass
class Registry:
    """The kinds of work and the schedule of one application; filled in ``app``."""

    kinds: dict[str, Work] = field(default_factory=dict)
    schedule: dict[str, Every] = field(default_factory=dict)
    #: What people call each kind and each round; lazy strings by technical name.
    labels: dict[str, Any] = field(default_factory=dict)

    def register(self, kind: str, function: Work) -> None:
        """Let ``function(payload, now)`` do the jobs of ``kind``.

        It runs in an application context and in one transaction, which the runner
        commits. It may run again after a crash or an exception, so it must be
        idempotent. The payload carries its own ``job_id`` for reporting progress.
        """
        if kind in self.kinds:
            raise ValueError(f"two functions for jobs of kind {kind!r}")
        self.kinds[kind] = function

    def every(
        self, name: str, seconds: int, function: Round, wake: Woken | None = None, keys: Keys | None = None
    ) -> None:
        """Let ``function(now)`` run every ``seconds``, by one process at a time; the runner commits.

        A round with ``wake`` may also be woken in between, for a key, and then by several workers at once. Where
        several work, ``keys(now)`` is asked every ``seconds`` for what to wake, instead of running ``function``.
        """
        if name in self.schedule:
            raise ValueError(f"two entries named {name!r} in the schedule")
        if seconds < 1:
            raise ValueError(f"seconds must be 1 or more, not {seconds}")
        self.schedule[name] = Every(name, seconds, function, wake, *([keys] if keys else []))

    def label_of(self, name: str) -> str:
        """Return what people call a kind or a round, in the language of the moment."""
        return str(self.labels.get(name, name))

    def function_for(self, kind: str) -> Work:
        """Return the function for ``kind``, or raise UnknownKind."""
        try:
            return self.kinds[kind]
        except KeyError:
            raise UnknownKind(kind) from None
