"""The plain shape every vendor's file is brought into: one row a contact, the same columns for all."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from contacts.mapping import Mapping as Reading
from contacts.mapping import Source
from contacts.reading.encodings import CONTROLS
from contacts.sources.settings import Settings, pairs

FIELDS = (
    *("started_at", "ended_at", "site", "channel", "direction", "outcome", "entry_point"),
    *("reason", "agent", "language", "phone", "email", "name", "queue"),
)
CELLS = ("id", *FIELDS)
#: A record nobody can read is sent back as it stood, up to this length.
LONGEST_QUOTE = 1000
Row = tuple[int, list[str]]


def storable(text: str) -> str:
    """``text`` without what no database keeps: JSON can spell out control characters and halves of letters."""
    if text.isprintable():
        return text
    return CONTROLS.sub(" ", text).encode(errors="replace").decode().strip()


@dataclass
class Plain:
    """One contact as text. ``line`` is where it begins in the file that was sent."""

    line: int
    id: str = ""
    started_at: str = ""
    ended_at: str = ""
    site: str = ""
    channel: str = ""
    direction: str = ""
    outcome: str = ""
    entry_point: str = ""
    reason: str = ""
    agent: str = ""
    language: str = ""
    phone: str = ""
    email: str = ""
    name: str = ""
    queue: str = ""

    def row(self) -> Row:
        return self.line, [storable(getattr(self, name)) for name in CELLS]


@dataclass(frozen=True)
class Broken:
    """A record that could not be taken apart; it goes back to its sender as it stood."""

    line: int
    text: str

    def row(self) -> Row:
        # One cell where many are due, so that it is refused whatever it holds.
        return self.line, [storable(self.text[:LONGEST_QUOTE])]


@dataclass
class Counted:
    """What a file holds that is no contact with a customer, by code; filled while its rows are read."""

    left_out: dict[str, int] = field(default_factory=dict)

    def add(self, code: str) -> None:
        self.left_out[code] = self.left_out.get(code, 0) + 1


@dataclass
class SourceTable:
    """A vendor's file as a table; its rows are read again from the file each time they are asked for."""

    columns: list[str]
    begin: Callable[[Counted], Iterator[Plain | Broken]]
    separator: str = ","
    counted: Counted = field(default_factory=Counted)

    def rows(self) -> Iterator[Row]:
        """Each contact with the line it begins on; ``counted`` is that of the last reading."""
        self.counted.left_out.clear()
        for contact in self.begin(self.counted):
            yield contact.row()


def columns_of(id_column: str) -> list[str]:
    """The header of a plain table; its first column tells one source from another."""
    return [id_column, *FIELDS]


def plain_mapping(name: str, id_column: str, settings: Settings, zone: str = "") -> Reading:
    """How the plain columns become the fields of a contact; ``zone`` "" where times carry their offset."""
    fields = {field_name: Source((field_name,)) for field_name in FIELDS if field_name != "queue"}
    fields["external_id"] = Source((id_column,))
    for field_name in ("site", "channel", "direction"):
        values = {word.lower(): ours for word, ours in pairs(settings, f"{field_name}.").items()}
        fields[field_name] = Source((field_name,), values=values)
    source = settings.get("source") or name
    return Reading(
        source,
        fields,
        zone=zone,
        country=settings["country"].upper(),
        facts=("queue",),
        agents_named=settings.get("agents_named") == "yes",
    )


def place(contact: Plain, words: Mapping[str, str], settings: Settings) -> None:
    """Set site and entry point: ``words`` are what the record says by ``number``, ``queue`` and so on."""
    word = words.get(settings["site_by"], "")
    # A word that is named goes through the mapping; any other is the site that is set for all, where one is.
    is_named = word.lower() in {named.lower() for named in pairs(settings, "site.")}
    contact.site = word if is_named else settings.get("site", word)
    contact.queue = words.get("queue", "")
    contact.entry_point = words.get(settings["entry_by"], "") or words.get("queue", "")
    contact.language = contact.language or settings.get("language", "")
