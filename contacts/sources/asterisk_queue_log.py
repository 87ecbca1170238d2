"""Asterisk's ``queue_log``: one line an event, several a call; as a file, or the table of XiVO, Wazo and others."""

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import BinaryIO

from contacts.reading import UnreadableFile
from contacts.sources.grouping import grouped
from contacts.sources.lines import cells_of, lines
from contacts.sources.plain import Broken, Counted, Plain, SourceTable, place
from contacts.sources.ready import ReadySource
from contacts.sources.settings import Setting, Settings
from contacts.sources.values import from_epoch, seconds

#: Events that make a call of a queue, and where in their parameters the time since it came in stands, if anywhere.
CALLS: dict[str, tuple[int, ...]] = {
    "ENTERQUEUE": (),
    "CONNECT": (0,),
    "ABANDON": (2,),
    "COMPLETEAGENT": (0, 1),
    "COMPLETECALLER": (0, 1),
    "EXITWITHTIMEOUT": (2,),
    "EXITWITHKEY": (3,),
    "EXITEMPTY": (2,),
    "TRANSFER": (2, 3),
    "BLINDTRANSFER": (2, 3),
    "ATTENDEDTRANSFER": (2, 3),
    "AGENTDUMP": (),
}
#: Events of a call that say nothing of how it went.
DETAILS = {"DID", "RINGNOANSWER", "RINGCANCELED", "INFO", "SYSCOMPAT"}
TAKEN = {"CONNECT", "COMPLETEAGENT", "COMPLETECALLER", "TRANSFER", "BLINDTRANSFER", "ATTENDEDTRANSFER"}
LEFT = {"EXITWITHTIMEOUT", "EXITWITHKEY", "EXITEMPTY", "AGENTDUMP"}
EPOCH = re.compile(r"\d{9,11}(?:\.\d{1,9})?")
#: What stands for a call where there is none.
NO_CALL = {"NONE", "REALTIME", "MANAGER", ""}
TABLE = ("time", "callid", "queuename", "agent", "event")


@dataclass(frozen=True)
class Event:
    line: int
    time: str
    call: str
    queue: str
    agent: str
    name: str
    data: list[str]

    def part(self, place: int) -> str:
        return self.data[place] if place < len(self.data) else ""


def read(source: BinaryIO, settings: Settings, columns: list[str]) -> SourceTable:
    """One contact a callid, with the first queue it entered and the first agent who took it."""
    shape = _shape(source)
    return SourceTable(columns, lambda counted: _contacts(source, shape, settings, counted))


def _shape(source: BinaryIO) -> tuple[str, dict[str, int]]:
    """The separator, and the place of each column. Raises UnreadableFile ``empty-file``, ``not-queue-log``."""
    line, first = next(lines(source), (0, ""))
    if not line:
        raise UnreadableFile("empty-file")
    for separator in ",;\t|":
        names = [name.strip().lower() for name in next(csv.reader([first], delimiter=separator))]
        if set(TABLE) <= set(names):
            return separator, {name: names.index(name) for name in names}
    if first.count("|") < 4:
        raise UnreadableFile("not-queue-log", line)
    return "|", {}


def _contacts(
    source: BinaryIO, shape: tuple[str, dict[str, int]], settings: Settings, counted: Counted
) -> Iterator[Plain | Broken]:
    for call in grouped(_keyed(source, shape, counted), _Call):
        if isinstance(call, Broken):
            yield call
        elif call.is_call:
            yield call.contact(settings)
        else:
            counted.add("other-events")


def _keyed(
    source: BinaryIO, shape: tuple[str, dict[str, int]], counted: Counted
) -> Iterator[tuple[str, Event] | Broken]:
    separator, places = shape
    # The file knows no quotes: one in a caller's name is a letter like others.
    file = ((line, written.split("|")) for line, written in lines(source))
    for row in cells_of(source, separator) if places else file:
        event = row if isinstance(row, Broken) else _event(*row, separator, places)
        if isinstance(event, Broken):
            yield event
        elif event is not None and event.name in CALLS.keys() | DETAILS and event.call not in NO_CALL:
            yield event.call, event
        elif event is not None and event.name in CALLS:
            yield Broken(event.line, separator.join([event.time, event.call, event.queue, event.agent, event.name]))
        elif event is not None:
            counted.add("other-events")


def _event(line: int, cells: list[str], separator: str, places: dict[str, int]) -> Event | Broken | None:
    """The event of a line; None for the header."""
    if not places:
        if len(cells) < 5 or not EPOCH.fullmatch(cells[0]):
            return Broken(line, separator.join(cells))
        time, call, queue, agent, name, *data = (cell.strip() for cell in cells)
        return Event(line, time, call, queue, agent, name.upper(), data)
    if len(cells) < len(places):
        return Broken(line, separator.join(cells))
    named = {name: cells[place] for name, place in places.items()}
    if named["event"].lower() == "event":
        return None
    data = [named.get(f"data{number}", "") for number in range(1, 6)]
    # Older tables have one column "data", in which the parameters are joined as in the file.
    data = data if any(data) else named.get("data", "").split("|")
    time, call, queue, agent, name = (named[name] for name in TABLE)
    return Event(line, time, call, queue, agent, name.upper(), data)


@dataclass
class _Call:
    """A call of a queue while its events come in."""

    first: Event
    entered: Event | None = None
    agent: str = ""
    queue: str = ""
    did: str = ""
    last: str = ""
    started: str = ""
    seen: set[str] = field(default_factory=set)

    @property
    def is_call(self) -> bool:
        return bool(self.seen & CALLS.keys())

    def add(self, event: Event) -> None:
        self.seen.add(event.name)
        self.last = event.time
        if event.name == "DID":
            self.did = event.part(0)
            return
        if event.name == "ENTERQUEUE" and self.entered is None:
            self.entered, self.queue = event, event.queue
        self.queue = self.queue or event.queue
        if event.name == "CONNECT" and not self.agent:
            self.agent = event.agent
        self.started = self.started or _start(event)

    def contact(self, settings: Settings) -> Plain:
        contact = Plain(
            self.first.line,
            id=self.first.call,
            started_at=from_epoch(self.entered.time if self.entered else self.started or self.first.time),
            ended_at=from_epoch(self.last),
            channel="phone",
            direction="in",
            outcome=self._outcome(),
            agent=self.agent,
            phone=self.entered.part(1) if self.entered else "",
        )
        place(contact, {"queue": self.queue, "number": self.did}, settings)
        return contact

    def _outcome(self) -> str:
        if self.seen & TAKEN:
            return "answered"
        if "ABANDON" in self.seen:
            return "abandoned"
        return "unanswered" if self.seen & LEFT else "unknown"


def _start(event: Event) -> str:
    """When the call came in, from an event that says how long ago that was: the log may begin in its midst."""
    waits = [seconds(event.part(place)) for place in CALLS.get(event.name, ())]
    at = event.time.partition(".")[0]
    if not waits or None in waits or not at.isdecimal():
        return ""
    return str(max(int(at) - int(sum(wait or 0 for wait in waits)), 0))


READY = ReadySource(
    "asterisk-queue-log",
    "Asterisk queue_log",
    "asterisk_callid",
    read,
    own=(
        Setting("zone", "zone"),
        Setting("site_by", "choice", default="queue", choices=("queue", "number")),
        Setting("entry_by", "choice", default="queue", choices=("queue", "number")),
    ),
)
