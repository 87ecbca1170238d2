"""Rows of a log in, contacts and rejects out; every row becomes exactly one of the two."""

import re
from collections.abc import Iterable, Iterator
from datetime import datetime
from functools import lru_cache, partial
from zoneinfo import ZoneInfo

from contacts.addresses import HIDDEN, BadAddress, Phone, normalise_email, normalise_phone
from contacts.agents import is_staff_column, masked
from contacts.entries import DOUBLED, Entry, Fault, ReadRow, Reject, Surroundings
from contacts.entry_points import normal_address
from contacts.mapping import FIELDS, Mapping, Source
from contacts.moments import BadMoment, moment, zone_named
from contacts.vocabulary import known_value

LONGEST = {"external_id": 200, "reason": 200, "agent": 200, "name": 200, "entry_point": 200}
NOTHING = Source()
#: Words of which a reader remembers what they stand for: agents and reasons of a log are some hundreds.
CACHED = 4096
#: Site, channel, direction, outcome.
Placed = tuple[int | None, str, str, str]
# 1,23457E+15: what a spreadsheet leaves of a long number. It is kept as it stands, because nobody knows its digits.
SHORTENED = re.compile(r"[0-9](?:[.,][0-9]+)?E\+[0-9]{1,3}", re.IGNORECASE)


def read_rows(
    rows: Iterable[tuple[int, list[str]]], columns: list[str], mapping: Mapping, around: Surroundings
) -> Iterator[ReadRow | Reject]:
    """Each row of a file, read or refused by what it says itself."""
    reader = _RowReader(columns, mapping, around)
    for line, cells in rows:
        yield reader.read(line, cells)


def read_contacts(
    rows: Iterable[tuple[int, list[str]]], columns: list[str], mapping: Mapping, around: Surroundings
) -> Iterator[ReadRow | Reject]:
    """The same; the second row with the same external id is refused. Remembers every id: for the start of a file."""
    seen: set[str] = set()
    for outcome in read_rows(rows, columns, mapping, around):
        if isinstance(outcome, ReadRow) and outcome.entry.external_id in seen:
            outcome = Reject(outcome.line, outcome.cells, DOUBLED)
        if isinstance(outcome, ReadRow):
            seen.add(outcome.entry.external_id)
        yield outcome


def as_row(columns: list[str], cells: list[str]) -> dict[str, str]:
    """The cells under the names of their columns; cells that are missing are empty."""
    return dict(zip(columns, [*cells, *[""] * (len(columns) - len(cells))], strict=False))


class _RowReader:
    """Reads one row after the other by the same mapping."""

    def __init__(self, columns: list[str], mapping: Mapping, around: Surroundings) -> None:
        self.columns = columns
        self.mapping = mapping
        self.around = around
        self.zone: ZoneInfo | None = zone_named(mapping.zone) if mapping.zone else None
        #: What each field says in the cells of a row.
        self.texts = {name: mapping.fields.get(name, NOTHING).reader(columns) for name in FIELDS}
        self.facts = [(name, columns.index(name), is_staff_column(name)) for name in mapping.facts]
        self.agent_columns = mapping.fields.get("agent", NOTHING).columns
        #: Of words that were read without a fault, so there are not many.
        self.placed: dict[tuple[str, str, str, str], Placed] = {}
        self.leaf_of = lru_cache(CACHED)(partial(around.reasons.resolve, mapping.source))
        self.agent_of = lru_cache(CACHED)(partial(around.agents.agent, may_be_named=mapping.agents_named))
        self.staff = [
            place for place, name in enumerate(columns) if name in self.agent_columns or is_staff_column(name)
        ]

    def read(self, line: int, cells: list[str]) -> ReadRow | Reject:
        surplus = len(cells) - len(self.columns)
        if surplus < 0 or (surplus and any(cell.strip() for cell in cells[-surplus:])):
            return Reject(line, cells, [Fault("row", "cell-count")])
        return _OneRow(self, cells).outcome(line)


class _OneRow:
    """The fields of one row, and the faults met while reading them."""

    __slots__ = ("cells", "faults", "reader", "texts", "warnings")

    def __init__(self, reader: _RowReader, cells: list[str]) -> None:
        self.reader = reader
        self.texts = reader.texts
        self.cells = cells
        self.faults: list[Fault] = []
        self.warnings: list[Fault] = []

    def outcome(self, line: int) -> ReadRow | Reject:
        entry = self.entry()
        if entry is None:
            return Reject(line, self.cells, self.faults)
        shown = masked(self.cells, self.reader.staff, self.reader.around.agents) if self.warnings else self.cells
        return ReadRow(line, shown, entry, self.warnings)

    def entry(self) -> Entry | None:
        external_id = self.short_text("external_id", required=True)
        if "+" in external_id and SHORTENED.fullmatch(external_id):
            self.warnings.append(Fault("external_id", "number-shortened"))
        started_at = self.started_at()
        site_id, channel, direction, outcome = self.placed()
        reason, name, agent = self.short_text("reason"), self.short_text("name"), self.short_text("agent")
        if self.faults or started_at is None or site_id is None:
            return None
        phone, phone_state = self.phone()
        entry_point_id, entry_address = self.entry_point(channel, direction)
        leaf, group = self.reader.leaf_of(reason)
        return Entry(
            external_id, started_at, site_id, channel, direction, outcome,
            ended_at=self.ended_at(started_at), entry_point_id=entry_point_id, entry_address=entry_address,
            reason_version_id=self.reader.around.reasons.version_id if leaf else None,
            reason=reason, reason_leaf=leaf, reason_group=group, agent=self.reader.agent_of(agent),
            language=self.language(), phone=phone, phone_state=phone_state,
            email=self.email(), name=name, facts=self.facts(agent),
        )  # fmt: skip

    def text(self, name: str) -> str:
        return self.texts[name](self.cells)

    def fault(self, name: str, code: str) -> None:
        self.faults.append(Fault(name, code))

    def short_text(self, name: str, required: bool = False) -> str:
        text = self.texts[name](self.cells)
        if not text:
            if required:
                self.fault(name, "empty")
        elif len(text) > LONGEST[name]:
            self.fault(name, "too-long")
        return text

    def started_at(self) -> datetime | None:
        """Return the moment of the row in UTC; a fault is noted where there is none."""
        text = self.text("started_at")
        if not text:
            self.fault("started_at", "empty")
            return None
        try:
            at, shown_twice = moment(text, self.reader.mapping.dates, self.reader.zone)
        except BadMoment as bad:
            self.fault("started_at", bad.code)
            return None
        if at > self.reader.around.now:
            self.fault("started_at", "in-the-future")
        if shown_twice:
            self.warnings.append(Fault("started_at", "time-shown-twice"))
        return at

    def ended_at(self, started_at: datetime) -> datetime | None:
        """The moment it ended, in UTC; None, with a warning, where that cannot be."""
        text = self.text("ended_at")
        if not text:
            return None
        try:
            at, _shown_twice = moment(text, self.reader.mapping.dates, self.reader.zone)
        except BadMoment as bad:
            self.warnings.append(Fault("ended_at", bad.code))
            return None
        if at >= started_at:
            return at
        self.warnings.append(Fault("ended_at", "before-its-beginning"))
        return None

    def entry_point(self, channel: str, direction: str) -> tuple[int | None, str]:
        """The entry point in the list, if it is there, and its address."""
        text = self.text("entry_point")
        if not text:
            return None, ""
        address = normal_address(text, self.reader.mapping.country)[: LONGEST["entry_point"]]
        found = self.reader.around.entry_points.get((channel, direction, address))
        # Who keeps no list is not told of every row that nothing of it is in the list.
        if found is None and self.reader.around.entry_points:
            self.warnings.append(Fault("entry_point", "entry-point-unknown"))
        return found, address

    def placed(self) -> Placed:
        """Site, channel, direction and outcome. A log repeats the same few: each set of words is looked up once."""
        cells, texts = self.cells, self.texts
        said = texts["site"](cells), texts["channel"](cells), texts["direction"](cells), texts["outcome"](cells)
        known = self.reader.placed.get(said)
        if known is not None:
            return known
        faults = len(self.faults)
        found = (self.site(), self.listed("channel"), self.listed("direction"), self.listed("outcome", "unknown"))
        if len(self.faults) == faults:
            self.reader.placed[said] = found
        return found

    def site(self) -> int | None:
        text = self.text("site")
        site_id = self.reader.around.sites.get(text.lower())
        if site_id is None:
            self.fault("site", "site-unknown" if text else "empty")
        return site_id

    def listed(self, name: str, default: str = "") -> str:
        text = self.text(name)
        if not text and default:
            return default
        value = known_value(name, text)
        if value is None:
            self.fault(name, "value-unknown" if text else "empty")
        return value or ""

    def language(self) -> str:
        text = self.text("language")
        if not text:
            return self.reader.around.language
        text = text.lower()
        if len(text) == 2 or text[2:3] in ("-", "_"):
            return text[:2]
        self.warnings.append(Fault("language", "language-unknown"))
        return self.reader.around.language

    def phone(self) -> tuple[Phone | None, str]:
        """The number of the customer, and what stood in its place (``PHONE_STATES``)."""
        text = self.text("phone")
        try:
            phone = normalise_phone(text, self.reader.mapping.country)
        except BadAddress as bad:
            self.warnings.append(Fault("phone", bad.code))
            return None, bad.code.removeprefix("phone-").replace("-", "_")
        if phone is None:
            return None, "hidden" if text.lower() in HIDDEN else "absent"
        return phone, "given"

    def email(self) -> str | None:
        try:
            return normalise_email(self.text("email"))
        except BadAddress as bad:
            self.warnings.append(Fault("email", bad.code))
            return None

    def facts(self, agent: str) -> dict[str, str]:
        """The further columns; one that tells who works here holds a pseudonym, the agent's own where it is theirs."""
        return {name: self.fact(name, place, is_staff, agent) for name, place, is_staff in self.reader.facts}

    def fact(self, name: str, place: int, is_staff: bool, agent: str) -> str:
        if name in self.reader.agent_columns:
            return self.reader.around.agents.of(agent)
        text = self.cells[place].strip()
        return self.reader.around.agents.of(text) if is_staff else text
