"""Reading a fixture the way an import does."""

import io
import json
from datetime import UTC, datetime

from contacts.agents import Pseudonyms
from contacts.entries import ReadRow, Surroundings
from contacts.importing import read_contacts
from contacts.sources.registry import SOURCES

NOW = datetime(2026, 11, 1, tzinfo=UTC)
PSEUDONYMS = Pseudonyms("secret", 1)
AROUND = Surroundings({"lyon": 1, "lille": 2}, "fr", NOW, PSEUDONYMS)


def table(name, content, **settings):
    """The plain table of a fixture."""
    given = {key.replace("__", "."): value for key, value in {"site": "lyon", **settings}.items()}
    return SOURCES[name].read(io.BytesIO(as_bytes(content)), given)


def rows(name, content, **settings):
    """Each contact as a dict of its plain columns, with its line."""
    read = table(name, content, **settings)
    return [{"line": line, **dict(zip(read.columns, cells, strict=False))} for line, cells in read.rows()]


def outcomes(name, content, around=AROUND, **settings):
    """What an import makes of it: entries and rejects."""
    given = {key.replace("__", "."): value for key, value in {"site": "lyon", **settings}.items()}
    read = SOURCES[name].read(io.BytesIO(as_bytes(content)), given)
    return list(read_contacts(read.rows(), read.columns, SOURCES[name].mapping(given), around))


def entries(name, content, around=AROUND, **settings):
    """The contacts, where every row must be one."""
    found = outcomes(name, content, around, **settings)
    assert all(isinstance(row, ReadRow) for row in found), found
    return [row.entry for row in found]


def called(raw):
    """The agent of an entry whom the log calls ``raw``."""
    return PSEUDONYMS.agent(raw, may_be_named=False)


def as_bytes(content):
    if isinstance(content, bytes):
        return content
    return (content if isinstance(content, str) else json.dumps(content)).encode()


def lines(*records):
    """NDJSON."""
    return "".join(json.dumps(record) + "\n" for record in records)
