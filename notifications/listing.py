"""Which messages somebody wants to see, as it stands in the address of the page."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from datetime import date, timedelta
from typing import Any

from notifications.states import CHANNELS, FAILURES, PURPOSES, STATES, UNCERTAIN, UNDERWAY

#: The groups of states somebody may ask for.
GROUPS: dict[str, tuple[str, ...]] = {
    "waiting": ("queued", "claimed"),
    "underway": UNDERWAY,
    "arrived": ("delivered",),
    "failed": FAILURES,
    "doubt": UNCERTAIN,
    "withheld": ("suppressed", "expired"),
}
#: Priorities by name: answers and acknowledgements before what goes out in bulk.
LANES = ("interactive", "bulk")
#: In an address: the account's own sender, which a message names by naming none.
DEFAULT_SENDER = "default"
#: Whoever asks for everything gets what was asked for in so many days: no page reads the whole table.
DAYS = 30
_HASH = 64


class UnknownChoice(ValueError):
    """An address asks for something there is not."""


@dataclass(frozen=True)
class Listing:
    """The filters of the list; None is no filter. Days are the installation's, both included."""

    show: str | None = None
    state: str | None = None
    held: str | None = None
    due: bool = False
    lane: str | None = None
    channel: str | None = None
    sender: str | None = None
    purpose: str | None = None
    principal: int | None = None
    reason: str | None = None
    recipient: str | None = None
    first_day: date | None = None
    last_day: date | None = None

    @property
    def states(self) -> tuple[str, ...]:
        """The states asked for; empty for any."""
        if self.state is not None:
            return (self.state,)
        if self.held is not None or self.due:
            return ("queued",)
        return GROUPS[self.show] if self.show is not None else ()

    def bounded(self, today: date) -> "Listing":
        """Return the same list, begun ``DAYS`` days before its end where nothing else keeps it short."""
        if self.recipient or self.states or self.first_day:
            return self
        return replace(self, first_day=(self.last_day or today) - timedelta(days=DAYS))

    def arguments(self, **changes: Any) -> dict[str, Any]:
        """Return what an address needs to ask for this list, with ``changes`` (None takes a filter off)."""
        values = asdict(self) | changes
        written = {name: _written(value) for name, value in values.items()}
        return {name: value for name, value in written.items() if value not in (None, "")}


def read_listing(arguments: Mapping[str, str]) -> Listing:
    """Read the filters of an address. Raises UnknownChoice for a value that cannot be; unknown names are left out."""
    given = {name: value.strip() for name, value in arguments.items() if value.strip()}
    names = [field.name for field in fields(Listing) if field.name in given]
    return Listing(**{name: _read(name, given[name]) for name in names})


_CHOICES = {
    "show": tuple(GROUPS),
    "state": STATES,
    "lane": LANES,
    "channel": CHANNELS,
    "purpose": PURPOSES,
}


def _read(name: str, value: str) -> Any:
    if name in _CHOICES and value not in _CHOICES[name]:
        raise UnknownChoice(name)
    try:
        if name in ("first_day", "last_day"):
            return date.fromisoformat(value)
        if name == "principal":
            return int(value)
    except ValueError as error:
        raise UnknownChoice(name) from error
    if name == "recipient" and len(value) != _HASH:
        raise UnknownChoice(name)
    return value == "1" if name == "due" else value


def _written(value: Any) -> Any:
    if isinstance(value, bool):
        return "1" if value else None
    return value.isoformat() if isinstance(value, date) else value
