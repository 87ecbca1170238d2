"""The story of one message, from its row and its events: what happened, and what will."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from notifications.masking import HIDDEN
from notifications.states import RANKS, UNCERTAIN, is_final


@dataclass(frozen=True)
class Step:
    """One line of the story; ``what`` is a state or one of asked, again, masked, goes, look, expires."""

    at: datetime
    what: str
    source: str = ""
    code: str | None = None
    actor_id: int | None = None
    note: str | None = None
    # News that came when more was known already, and changed nothing.
    late: bool = False
    ahead: bool = False


def story(message: Any, events: Iterable[Any], now: datetime, sender: Any = None) -> list[Step]:
    """Return what became of ``message`` in order, then what comes next if it is not settled.

    ``sender`` is the state of a sender that waits; when one that waits by hand goes on, nobody knows.
    """
    return [*_past(message, events), *sorted(_ahead(message, now, sender), key=lambda step: step.at)]


def _past(message: Any, events: Iterable[Any]) -> Iterator[Step]:
    reached, forgotten = 0, HIDDEN not in message.body
    for event in events:
        # What a provider says in words we do not know has no rank and moves nothing.
        rank = RANKS.get(event.state, reached)
        late = event.source == "provider" and rank < reached
        yield Step(
            event.at, _what(event, first=not reached), event.source, event.code, event.actor_id, event.note, late
        )
        reached = rank if event.state == "queued" else max(reached, rank)
        if not forgotten and is_final(message.channel, event.state):
            forgotten = True
            yield Step(event.at, "masked")


def _what(event: Any, first: bool) -> str:
    if event.state == "queued":
        return "asked" if first else "again"
    return str(event.state)


def _ahead(message: Any, now: datetime, sender: Any) -> Iterator[Step]:
    if message.state == "queued":
        if sender is None or not sender.by_hand:
            goes_on = sender.paused_until if sender else now
            yield Step(max(message.not_before, now, goes_on), "goes", code=message.held, ahead=True)
        if message.expires_at is not None:
            yield Step(message.expires_at, "expires", ahead=True)
    elif message.state in UNCERTAIN and message.look_at is not None:
        yield Step(max(message.look_at, now), "look", ahead=True)
