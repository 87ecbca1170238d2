"""3CX's CDR: lines without header whose order the administrator chose, so the order must be given."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import BinaryIO

from contacts.mapping import BadMapping, Problem
from contacts.sources.grouping import grouped
from contacts.sources.lines import cells_of
from contacts.sources.plain import Broken, Counted, Plain, SourceTable, place
from contacts.sources.ready import ReadySource
from contacts.sources.settings import ZONE, Setting, Settings, by, listed

#: What a line may begin with; it belongs to no column.
PREFIX = "Call "
#: The names 3CX gives its fields. Source: 3cx.com/docs/cdr-call-data-records.
NAMES = set(
    "historyid callid duration time-start time-answered time-end reason-terminated from-no to-no from-dn to-dn dial-no"
    " reason-changed final-number final-dn bill-code bill-rate bill-cost bill-name chain from-type to-type final-type"
    " from-dispname to-dispname final-dispname missed-queue-calls".split()
)
NEEDED = ("time-start", "from-no", "time-answered")
KEYS = ("historyid", "callid")
OUTSIDE = {"line", "externalline", "external", "external_line", "provider", "bridge"}
#: Ends of a call at which nobody of the house listens.
MACHINES = {"queue", "ivr", "vmail", "voicemail", "script", "fax", "endcall"}
BY_CALLER = {"terminatedbysrc", "src_participant_terminated"}
EXTENSION = "ext."


def read(source: BinaryIO, settings: Settings, columns: list[str]) -> SourceTable:
    """One contact a historyid (or callid); calls between two extensions are left out."""
    order = _order(settings["columns"])
    return SourceTable(columns, lambda counted: _contacts(source, order, settings, counted))


def _order(written: str) -> list[str]:
    """The fields in the order of the file; an empty name is a column to pass over. Raises BadMapping."""
    order = [name.lower() for name in listed(written)]
    problems = [Problem("columns-unknown", name) for name in order if name and name not in NAMES]
    problems += [Problem("columns-lacking", name) for name in NEEDED if name not in order]
    if not set(KEYS) & set(order):
        problems.append(Problem("columns-lacking", KEYS[0]))
    if problems:
        raise BadMapping(problems)
    return order


Leg = tuple[int, dict[str, str]]


def _contacts(source: BinaryIO, order: list[str], settings: Settings, counted: Counted) -> Iterator[Plain | Broken]:
    for call in grouped(_keyed(source, order), _Call):
        if isinstance(call, Broken):
            yield call
        elif call.direction == "internal":
            counted.add("internal")
        else:
            yield call.contact(settings)


def _keyed(source: BinaryIO, order: list[str]) -> Iterator[tuple[str, Leg] | Broken]:
    for row in cells_of(source, ","):
        if isinstance(row, Broken):
            yield row
            continue
        line, cells = row
        cells[0] = cells[0].removeprefix(PREFIX).strip()
        named = {name: cell for name, cell in zip(order, cells, strict=False) if name}
        key = next((found for name in KEYS if (found := named.get(name, ""))), "")
        yield (key, (line, named)) if key and len(cells) == len(order) else Broken(line, ",".join(cells))


@dataclass
class _Call:
    """A call made of the lines that carry its key."""

    first: Leg
    start: dict[str, str] = field(default_factory=dict)
    end: str = ""
    answered: dict[str, str] = field(default_factory=dict)
    last: dict[str, str] = field(default_factory=dict)

    def add(self, leg: Leg) -> None:
        named = leg[1]
        if not self.start or named["time-start"] < self.start["time-start"]:
            self.start = named
        self.end = max(self.end, named.get("time-end", ""))
        self.last = named
        if not self.answered and named["time-answered"] and _final_type(named) not in MACHINES:
            self.answered = named

    @property
    def direction(self) -> str:
        """``in``, ``out`` or ``internal``, by the types of both ends where they are logged, else by ``Ext.``."""
        caller, called = _is_outside(self.start, "from"), _is_outside(self.start, "to")
        if caller:
            return "in"
        return "out" if called or _is_outside(self.start, "final") else "internal"

    def contact(self, settings: Settings) -> Plain:
        start, is_in = self.start, self.direction == "in"
        contact = Plain(
            self.first[0],
            id=next(start[name] for name in KEYS if start.get(name)),
            started_at=start["time-start"],
            ended_at=self.end,
            channel="phone",
            direction="in" if is_in else "out",
            outcome=self._outcome(is_in),
            phone=_number(start["from-no"] if is_in else _first(start, "to-no", "dial-no", "final-number")),
            agent=_first(self.answered, "final-dn", "to-dn") if is_in else _first(start, "from-dn", "from-no"),
        )
        queue = start.get("to-dn", "") if is_in else ""
        number = _number(start.get("dial-no", "")) if is_in else ""
        place(contact, {"queue": queue, "number": number}, settings)
        return contact

    def _outcome(self, is_in: bool) -> str:
        if self.answered:
            return "answered"
        waited = any(_type(leg, "to") == "queue" or _final_type(leg) == "queue" for leg in (self.start, self.last))
        hung_up = self.last.get("reason-terminated", "").lower() in BY_CALLER
        return "abandoned" if is_in and waited and hung_up else "unanswered"


def _type(named: dict[str, str], end: str) -> str:
    return named.get(f"{end}-type", "").lower()


def _final_type(named: dict[str, str]) -> str:
    """Where the line ended: the final type, which is empty where nothing replaced the first destination."""
    return _type(named, "final") or _type(named, "to")


def _is_outside(named: dict[str, str], end: str) -> bool:
    if written := _type(named, end):
        return written in OUTSIDE
    number = named.get("final-number" if end == "final" else f"{end}-no", "")
    return bool(number) and not number.lower().startswith(EXTENSION)


def _first(named: dict[str, str], *names: str) -> str:
    return next((found for name in names if (found := named.get(name, ""))), "")


def _number(written: str) -> str:
    """A number outside; "" for an extension."""
    return "" if written.lower().startswith(EXTENSION) else written


READY = ReadySource(
    "3cx",
    "3CX (CDR)",
    "3cx_historyid",
    read,
    own=(Setting("columns", "columns", required=True), ZONE, *by("queue number")),
)
