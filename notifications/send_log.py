"""The send log: one line for each message, what the lines add up to, and two proofs that need nothing else."""

import csv
import io
import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from foundation.cells import safe_cell

COLUMNS = (
    "id", "asked_as", "resend", "principal", "purpose", "class", "channel", "language", "text_version", "recipient",
    "recipient_hash", "sender", "zone", "region", "window", "asked_at", "not_before", "expires_at", "claimed_at",
    "sent_at", "delivered_at", "state", "reason", "parts", "attempts", "provider_id", "provider_ids", "body_hash",
)  # fmt: skip
IsHoliday = Callable[[str, date], bool]
_AT_ONCE = 500


def window_cell(document: Mapping[str, Any] | None) -> str:
    """Return the hours a message was held to, as the log writes them; empty when any hour was allowed."""
    return "" if document is None else json.dumps(document, sort_keys=True, separators=(",", ":"))


def moment_cell(at: datetime | None) -> str:
    """Return a moment in UTC to the millisecond, or an empty cell."""
    return "" if at is None else at.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def is_within(window: str, zone: str, region: str, at: datetime, is_holiday: IsHoliday) -> bool:
    """Return whether ``at`` lies in the hours that ``window`` (a cell of the log) allows where the recipient lives.

    It shares no code with what chooses the moment of sending, so that one checks the other.
    """
    if not window:
        return True
    opens, closes, days, on_holidays = _hours(window)
    local = at.astimezone(_zone(zone))
    # As a clock on the wall writes it: "24:00" comes after every minute of the day.
    if not opens <= local.strftime("%H:%M") < closes or local.weekday() not in days:
        return False
    return on_holidays or not is_holiday(region, local.date())


@lru_cache(maxsize=512)
def _hours(window: str) -> tuple[str, str, frozenset[int], bool]:
    """What a window says; what it leaves out is 08:00 to 20:00, Monday to Saturday, no holidays."""
    read = {"from": "08:00", "to": "20:00", "days": range(6), "holidays": False} | json.loads(window)
    return read["from"], read["to"], frozenset(read["days"]), bool(read["holidays"])


_zone = lru_cache(maxsize=512)(ZoneInfo)


@dataclass
class Statement:
    """What the lines of a log add up to, filled while they are written."""

    messages: Counter[str] = field(default_factory=Counter)
    parts: Counter[str] = field(default_factory=Counter)
    keys: set[bytes] = field(default_factory=set)
    sent: int = 0
    taken_twice: int = 0
    outside_hours: int = 0

    def count(self, line: Mapping[str, Any], is_holiday: IsHoliday) -> None:
        """Add one line."""
        self.messages[line["state"]] += 1
        self.parts[line["state"]] += line["parts"] or 0
        self.keys.add(bytes.fromhex(line["asked_as"]))
        self.taken_twice += line["provider_ids"] > 1
        if line["sent_at"]:
            self.sent += 1
            taken_up = datetime.fromisoformat(line["claimed_at"] or line["sent_at"])
            self.outside_hours += not is_within(line["window"], line["zone"], line["region"], taken_up, is_holiday)

    @property
    def holds(self) -> bool:
        """Whether nothing was asked for, taken or sent as it must not be."""
        return self.messages.total() == len(self.keys) and not self.taken_twice and not self.outside_hours

    def document(self) -> dict[str, Any]:
        """Return the statement as plain values."""
        return {
            "messages": self.messages.total(),
            "asked_for": len(self.keys),
            "sent": self.sent,
            "parts": self.parts.total(),
            "states": {
                state: {"messages": count, "parts": self.parts[state]} for state, count in sorted(self.messages.items())
            },
            "with_several_provider_ids": self.taken_twice,
            "sent_outside_their_hours": self.outside_hours,
        }


def csv_lines(lines: Iterable[Mapping[str, Any]]) -> Iterator[bytes]:
    """Write the log piece by piece as CSV: a head line, commas, UTF-8, lines ended as RFC 4180 says."""
    written = io.StringIO()
    writer = csv.writer(written, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for number, line in enumerate(lines, 1):
        writer.writerow([safe_cell(line[column]) for column in COLUMNS])
        if number % _AT_ONCE == 0:
            yield written.getvalue().encode()
            written.seek(0)
            written.truncate()
    yield written.getvalue().encode()
