"""How the columns of a log become the fields of a contact.

The JSON form, as saved, sent to ``flask contacts import --map`` and described in docs/contacts.md:
``{"source", "fields": {field: {"column" | "columns" | "constant", "values"}}, "zone", "dates",
"country", "facts": [columns], "agents_named"}``.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from contacts.addresses import COUNTRIES
from contacts.moments import DATE_ORDERS, has_offset, zone_named

REQUIRED = ("external_id", "started_at", "site", "channel", "direction")
OPTIONAL = ("ended_at", "entry_point", "outcome", "reason", "agent", "language", "phone", "email", "name")
FIELDS = REQUIRED + OPTIONAL
#: Fields whose words may be translated one by one, such as Y → answered.
TRANSLATED = ("site", "channel", "direction", "outcome", "reason", "language")
LONGEST_SOURCE = 60
KEYS = {"source", "fields", "zone", "dates", "country", "facts", "agents_named", "ready", "settings"}
FIELD_KEYS = {"column", "columns", "constant", "values"}


class BadMapping(Exception):
    """A mapping that cannot be used; ``problems`` says why, all of it."""

    def __init__(self, problems: "list[Problem]") -> None:
        super().__init__("; ".join(f"{problem.code} {problem.name}".strip() for problem in problems))
        self.problems = problems

    def __reduce__(self) -> "tuple[type[BadMapping], tuple[list[Problem]]]":
        return BadMapping, (self.problems,)


@dataclass(frozen=True)
class Problem:
    """What keeps a mapping from being used: a code, and the field, column or word it is about."""

    code: str
    name: str = ""


@dataclass(frozen=True)
class Source:
    """Where one field comes from: the columns, joined by a space, or the same constant in every row."""

    columns: tuple[str, ...] = ()
    constant: str = ""
    #: Words of the log, in small letters, to words of ours.
    values: dict[str, str] = field(default_factory=dict)

    def text(self, row: dict[str, str]) -> str:
        """What ``row`` says for this field, translated."""
        if not self.columns:
            return self.constant
        written = " ".join(part for part in (row[column].strip() for column in self.columns) if part)
        return self.values.get(written.lower(), written)

    def reader(self, columns: list[str]) -> Callable[[list[str]], str]:
        """``text`` for rows whose cells stand under ``columns``, with the places looked up once for all rows."""
        places = [columns.index(column) for column in self.columns]
        values, constant = self.values, self.constant
        if not places:
            return lambda _cells: constant
        if len(places) == 1:
            return _one_cell(places[0], values)

        def joined(cells: list[str]) -> str:
            written = " ".join(part for place in places if (part := cells[place].strip()))
            return values.get(written.lower(), written)

        return joined


def _one_cell(place: int, values: dict[str, str]) -> Callable[[list[str]], str]:
    if not values:
        return lambda cells: cells[place].strip()

    def translated(cells: list[str]) -> str:
        written = cells[place].strip()
        return values.get(written.lower(), written)

    return translated


@dataclass(frozen=True)
class Mapping:
    """The reading of one source. ``zone`` "" means: the times of the log carry their offset."""

    source: str
    fields: dict[str, Source]
    zone: str = ""
    dates: str = "day-first"
    country: str = "FR"
    facts: tuple[str, ...] = ()
    #: Whether texts to customers may call the agents of this log by their first names; they are kept only then.
    agents_named: bool = False
    #: The ready-made mapping (``contacts.sources``) that reads the file, and what it was told; "" for a table.
    ready: str = ""
    settings: dict[str, str] = field(default_factory=dict)

    def columns(self) -> set[str]:
        """Every column this mapping reads."""
        return {column for source in self.fields.values() for column in source.columns} | set(self.facts)

    def as_json(self) -> dict[str, Any]:
        """The JSON form; ``from_json`` gives an equal mapping back."""
        return {
            "source": self.source,
            "fields": {name: _source_as_json(source) for name, source in self.fields.items()},
            "zone": self.zone,
            "dates": self.dates,
            "country": self.country,
            "facts": list(self.facts),
            **({"agents_named": True} if self.agents_named else {}),
            **({"ready": self.ready, "settings": self.settings} if self.ready else {}),
        }


def _source_as_json(source: Source) -> dict[str, Any]:
    if not source.columns:
        return {"constant": source.constant}
    columns = {"column": source.columns[0]} if len(source.columns) == 1 else {"columns": list(source.columns)}
    return {**columns, "values": source.values} if source.values else columns


def from_json(document: Any) -> Mapping:
    """The mapping ``document`` describes. Raises BadMapping where it is not of the JSON form."""
    if not isinstance(document, dict) or not isinstance(document.get("fields"), dict):
        raise BadMapping([Problem("mapping-form", "fields")])
    wrong = [Problem("mapping-form", name) for name in _misshapen(document)]
    if wrong:
        raise BadMapping(wrong)
    return Mapping(
        source=document.get("source", "").strip(),
        fields={name: _source(spec) for name, spec in document["fields"].items()},
        zone=document.get("zone", "").strip(),
        dates=document.get("dates", "day-first"),
        country=document.get("country", "FR").strip().upper(),
        facts=tuple(document.get("facts", [])),
        agents_named=document.get("agents_named", False),
        ready=document.get("ready", ""),
        settings=document.get("settings", {}),
    )


def _misshapen(document: dict[str, Any]) -> list[str]:
    """The keys of ``document`` that are unknown or hold another type than they should."""
    plain = ("source", "zone", "dates", "country", "ready")
    texts = [key for key in plain if not isinstance(document.get(key, ""), str)]
    facts = [] if _is_texts(document.get("facts", [])) else ["facts"]
    named = [] if isinstance(document.get("agents_named", False), bool) else ["agents_named"]
    settings = [] if _is_words(document.get("settings", {})) else ["settings"]
    fields = [name for name, spec in document["fields"].items() if not _is_source(spec)]
    return sorted(map(str, set(document) - KEYS)) + texts + facts + named + settings + fields


def _is_texts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(part, str) for part in value)


def _is_words(value: Any) -> bool:
    return isinstance(value, dict) and all(isinstance(word, str) for word in value.values())


def _is_source(spec: Any) -> bool:
    if (
        not isinstance(spec, dict)
        or not set(spec) <= FIELD_KEYS
        or len({"column", "columns", "constant"} & set(spec)) != 1
    ):
        return False
    return (
        all(isinstance(spec.get(key, ""), str) for key in ("column", "constant"))
        and _is_texts(spec.get("columns", []))
        and _is_words(spec.get("values", {}))
    )


def _source(spec: dict[str, Any]) -> Source:
    columns = tuple(spec.get("columns", [spec["column"]] if "column" in spec else []))
    values = {word.strip().lower(): ours.strip() for word, ours in spec.get("values", {}).items()}
    return Source(columns, spec.get("constant", "").strip(), values)


def problems(mapping: Mapping, columns: list[str], sampled: list[dict[str, str]]) -> list[Problem]:
    """What keeps ``mapping`` from reading a file with these ``columns``; ``sampled`` are some of its rows."""
    return [
        *([] if 0 < len(mapping.source) <= LONGEST_SOURCE else [Problem("source-missing")]),
        *(Problem("field-unknown", name) for name in mapping.fields if name not in FIELDS),
        *(Problem("field-missing", name) for name in REQUIRED if not _is_given(mapping.fields.get(name))),
        *(Problem("column-missing", name) for name in sorted(mapping.columns() - set(columns))),
        *([] if mapping.dates in DATE_ORDERS else [Problem("dates-unknown", mapping.dates)]),
        *([] if mapping.country in COUNTRIES else [Problem("country-unknown", mapping.country)]),
        *_constant_identity(mapping),
        *_agents_by_name(mapping),
        *_zone_problems(mapping, columns, sampled),
    ]


def _is_given(source: Source | None) -> bool:
    return source is not None and bool(source.columns or source.constant)


def _constant_identity(mapping: Mapping) -> list[Problem]:
    """A constant here would make one contact of the whole file, or place all of it at one moment."""
    return [
        Problem("field-constant", name)
        for name in ("external_id", "started_at")
        if name in mapping.fields and mapping.fields[name].constant
    ]


def _agents_by_name(mapping: Mapping) -> list[Problem]:
    """Translated or constant agents would be named in the mapping, which is kept for good."""
    agent = mapping.fields.get("agent")
    return [Problem("agent-in-mapping", "agent")] if agent and (agent.constant or agent.values) else []


def _zone_problems(mapping: Mapping, columns: list[str], sampled: list[dict[str, str]]) -> list[Problem]:
    if mapping.zone:
        return [] if zone_named(mapping.zone) else [Problem("zone-unknown", mapping.zone)]
    started = mapping.fields.get("started_at")
    if started is None or not set(started.columns) <= set(columns):
        return []
    texts = [started.text(row) for row in sampled]
    return [Problem("zone-missing")] if any(text and not has_offset(text) for text in texts) else []
