"""Genesys Cloud: the CSV exported from the Interactions view."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from contacts.reading import Table, UnreadableFile
from contacts.sources.genesys_dates import OrderUnclear, in_order, order_of
from contacts.sources.headers import headed, named
from contacts.sources.plain import Broken, Plain, SourceTable, place
from contacts.sources.ready import ReadySource
from contacts.sources.settings import ZONE, Setting, Settings, by, pairs
from contacts.sources.values import address, parts

WANTED = ("Full Export Completed", "Filters", "Media Type", "Date", "Direction", "ANI", "Conversation ID")
USED = (
    *WANTED,
    *("Partial Result Timestamp", "Users", "Remote", "End Date", "Initial Direction", "DNIS", "Queue", "First Queue"),
    *("Wrap-up", "Abandoned", "Abandoned in Queue", "Total Talk"),
)
YES = {"YES", "TRUE"}
NO = {"NO", "FALSE"}
NO_FILTER = {"", "all", "none"}
CHANNELS = {"voice": "phone", "callback": "phone", "chat": "chat", "message": "chat", "email": "email"}
CHANNELS |= {"cobrowse": "chat", "co-browse": "chat", "screenshare": "chat", "sms": "sms"}
DIRECTIONS = {"inbound": "in", "outbound": "out"}
Cells = dict[str, str]


def read(source: BinaryIO, settings: Settings, columns: list[str]) -> SourceTable:
    """One contact a row. The whole file is looked through first: is it all there, unfiltered, with clear dates."""
    export = _Export(source, settings)
    order = export.checked()
    return SourceTable(columns, lambda _counted: export.contacts(order))


@dataclass
class _Export:
    source: BinaryIO
    settings: Settings

    def __post_init__(self) -> None:
        # Headers follow the language of whoever exports; those of another one are given as column.<English name>.
        self.headers = {name: name for name in USED} | pairs(self.settings, "column.")
        self.table: Table = headed(self.source, [self.headers[name] for name in WANTED], "headers-missing")

    def rows(self) -> Iterator[tuple[int, Cells] | Broken]:
        """Each row under the English names of the columns that are used."""
        for row in named(self.table):
            if isinstance(row, Broken):
                yield row
            else:
                line, cells = row
                yield line, {name: cells[header] for name, header in self.headers.items() if header in cells}

    def checked(self) -> str:
        """The order of the dates. Raises UnreadableFile ``partial-export``, ``filtered-export`` and for dates."""
        try:
            return order_of(self._dates(), self.settings.get("dates", ""))
        except OrderUnclear as unclear:
            raise UnreadableFile(unclear.code) from unclear

    def _dates(self) -> Iterator[str]:
        for row in self.rows():
            if not isinstance(row, Broken):
                self._check_whole(*row)
                yield row[1]["Date"]

    def _check_whole(self, line: int, cells: Cells) -> None:
        done = cells["Full Export Completed"]
        yes = YES | {self.settings.get("yes", "YES").upper()}
        if done.upper() not in yes or cells.get("Partial Result Timestamp"):
            raise UnreadableFile("partial-export", line, (done or "–", "YES"))
        filters = " ".join(cells["Filters"].split())
        if filters.lower() not in NO_FILTER and filters != " ".join(self.settings.get("filters", "").split()):
            raise UnreadableFile("filtered-export", line, (filters[:200],))

    def contacts(self, order: str) -> Iterator[Plain | Broken]:
        for row in self.rows():
            yield row if isinstance(row, Broken) else _contact(*row, order, self.settings)


def _contact(line: int, cells: Cells, order: str, settings: Settings) -> Plain:
    # "Inbound/Outbound" is a call with a transfer outside: what counts is how it began.
    began = (cells.get("Initial Direction") or cells["Direction"]).split("/")[0].strip()
    direction = DIRECTIONS.get(began.lower(), began)
    media = parts(cells["Media Type"])
    users = parts(cells.get("Users", ""))
    contact = Plain(
        line,
        id=cells["Conversation ID"],
        started_at=in_order(cells["Date"], order),
        ended_at=in_order(cells.get("End Date", ""), order),
        channel=CHANNELS.get(media[0].lower(), media[0]) if media else "",
        direction=direction,
        outcome=_outcome(cells, direction, bool(users)),
        agent=users[0] if users else "",
        reason=next(iter(parts(cells.get("Wrap-up", ""))), ""),
    )
    ours, theirs = ("ANI", "DNIS") if direction == "out" else ("DNIS", "ANI")
    customer = address(cells.get(theirs, "")) or _remote(cells)
    contact.email, contact.phone = (customer, "") if "@" in customer else ("", customer)
    queue = cells.get("First Queue") or next(iter(parts(cells.get("Queue", ""))), "")
    place(contact, {"queue": queue, "number": address(cells.get(ours, ""))}, settings)
    return contact


def _remote(cells: Cells) -> str:
    """The other end where it is an address: for a call it is a name or a place."""
    remote = address(cells.get("Remote", ""))
    return remote if "@" in remote else ""


def _outcome(cells: Cells, direction: str, has_user: bool) -> str:
    abandoned = cells.get("Abandoned", "").upper()
    if abandoned in YES or cells.get("Abandoned in Queue"):
        return "abandoned"
    if direction == "out":
        # The agent who dialled is a user whether or not anybody picked up.
        talk = cells.get("Total Talk", "")
        return "unknown" if not talk else "answered" if talk.strip("0:. ") else "unanswered"
    if has_user:
        return "answered"
    return "unanswered" if abandoned in NO else "unknown"


READY = ReadySource(
    "genesys-interactions",
    "Genesys Cloud (Interactions, CSV)",
    "genesys_conversation_id",
    read,
    own=(
        ZONE,
        *by("queue number"),
        Setting("dates", "choice", choices=("day-first", "month-first")),
        Setting("filters"),
        Setting("yes"),
        Setting("column.", "pairs"),
        Setting("channel.", "pairs"),
        Setting("direction.", "pairs"),
    ),
)
