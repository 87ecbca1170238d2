"""What an anonymous answer may still say, and which ones are let go together. One number rules all of it: ``FEWEST``.

Answers wait in a pool, one for each stratum of a draw, until they can go as a crowd. Nothing here keeps an order: what
comes in is mixed by whoever stores it.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from typing import Any, Protocol
from zoneinfo import ZoneInfo

ANONYMOUS = "anonymous"
#: So many answers, at least, share everything that could tell one from another. The house shows no figure of fewer.
FEWEST = 5
#: The name, in figures and files, of the strata of a draw that are told together. No stratum is called so.
TOGETHER = "(together)"


class Mixer(Protocol):
    """``random.SystemRandom``: nobody can do the mixing again."""

    def shuffle(self, x: list[Any], /) -> None: ...


@dataclass(frozen=True)
class Response:
    """One completed interview: its language and day, and [question id, value, words] in the questionnaire's order.

    ``day`` and ``language`` are None where too few share them.
    """

    answers: tuple[tuple[str, Any, str], ...]
    language: str | None
    day: date | None

    def to_json(self) -> dict[str, Any]:
        day = self.day.isoformat() if self.day else None
        return {"answers": [list(answer) for answer in self.answers], "language": self.language, "day": day}

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> "Response":
        day = date.fromisoformat(stored["day"]) if stored["day"] else None
        return cls(tuple((name, value, words) for name, value, words in stored["answers"]), stored["language"], day)


def let_go(pool: Sequence[Response], mixer: Mixer) -> tuple[list[Response], list[Response]]:
    """(those that go now, those that stay): at least FEWEST of each, taken by lot, or none go.

    That some always stay is what hides the newcomer from whoever counts before and after.
    """
    if len(pool) < 2 * FEWEST:
        return [], list(pool)
    mixed = list(pool)
    mixer.shuffle(mixed)
    return told_alike(mixed[FEWEST:]), mixed[:FEWEST]


def told_alike(batch: Sequence[Response]) -> list[Response]:
    """The batch with as much of language and day as FEWEST share: both, else the language, else the day, else none.

    All of a batch keep the same: where only some did, the others would stand out.
    """
    for keep in (("language", "day"), ("language",), ("day",)):
        told = [
            replace(
                one,
                language=one.language if "language" in keep else None,
                day=one.day if "day" in keep else None,
            )
            for one in batch
        ]
        if min(Counter((one.language, one.day) for one in told).values(), default=0) >= FEWEST:
            return told
    return [replace(response, language=None, day=None) for response in batch]


@dataclass(frozen=True)
class Ending:
    """How the strata of a draw end: ``told`` under their own name, the others ``together``.

    ``is_kept``: even together they are fewer than FEWEST, and nothing of them is let go.
    """

    told: frozenset[str]
    together: frozenset[str]
    is_kept: bool = False


def ending(completed: Mapping[str, int]) -> Ending:
    """Which strata keep their name, from the completed interviews of each stratum of the draw, 0 included.

    Strata with fewer than FEWEST go together; where those are too few still, the smallest of the others joins them.
    Where every stratum is large or empty, none is put together.
    """
    large = {stratum for stratum, count in completed.items() if count >= FEWEST}
    small = frozenset(completed) - large
    few = sum(completed[stratum] for stratum in small)
    if not few:
        return Ending(frozenset(large), frozenset())
    if few < FEWEST:
        if not large:
            return Ending(frozenset(), small, is_kept=True)
        joins = min(large, key=lambda stratum: (completed[stratum], stratum))
        return Ending(frozenset(large - {joins}), small | {joins})
    return Ending(frozenset(large), small)


def blunted(moment: datetime, zone: str) -> datetime:
    """Noon of the day of ``moment`` in ``zone``: what is kept of the times of an anonymous interview."""
    there = ZoneInfo(zone)
    return datetime.combine(moment.astimezone(there).date(), time(12), there)


def shared(values: Iterable[str]) -> str:
    """The one value they all have, or an empty text."""
    found = set(values)
    return found.pop() if len(found) == 1 else ""
