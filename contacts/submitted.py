"""Contacts as a program sends them: JSON objects in, entries and rejects out, by the rules of a file."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from contacts.entries import Fault, ReadRow, Reject, Surroundings
from contacts.importing import read_rows
from contacts.mapping import FIELDS, LONGEST_SOURCE, REQUIRED, Mapping, Source
from contacts.reading.encodings import CONTROLS

#: Each field is called as a mapping calls it; times carry their offset.
AS_SENT = Mapping("", {name: Source((name,)) for name in FIELDS}, dates="day-first")
COLUMNS = list(FIELDS)
KNOWN = {*FIELDS, "source", "facts"}
USUAL_SOURCE = "api"
MOST_FACTS, LONGEST_FACT_NAME, LONGEST_FACT = 50, 100, 1000


@dataclass(frozen=True)
class Submitted:
    """One object that was sent: its place (from 1), its source, its identifier if it has one, and what it is."""

    row: int
    source: str
    external_id: str
    outcome: ReadRow | Reject


def read_submitted(objects: Iterable[tuple[int, Any]], around: Surroundings) -> Iterator[Submitted]:
    """Each object, read or refused with everything that is wrong in it."""
    for row, sent in objects:
        yield _read(row, sent, around)


def _read(row: int, sent: Any, around: Surroundings) -> Submitted:
    if not isinstance(sent, dict):
        return Submitted(row, "", "", Reject(row, [], [Fault("row", "not-an-object")]))
    source, external_id = sent.get("source", USUAL_SOURCE), sent.get("external_id", "")
    source = source.strip() if isinstance(source, str) else source
    named = (row, source if isinstance(source, str) else "", external_id if isinstance(external_id, str) else "")
    if faults := [*_misshapen(sent), *_source_faults(source), *_fact_faults(sent.get("facts"))]:
        return Submitted(*named, Reject(row, [], faults))
    cells = [sent.get(name) or "" for name in COLUMNS]
    # The words of reasons are those of one log, so the mapping must name it.
    outcome = next(read_rows([(row, cells)], COLUMNS, replace(AS_SENT, source=source), around))
    if isinstance(outcome, ReadRow):
        outcome = replace(outcome, entry=replace(outcome.entry, facts=sent.get("facts") or {}))
    return Submitted(*named, outcome)


def _misshapen(sent: dict[Any, Any]) -> Iterator[Fault]:
    """Fields that are unknown, missing, or no text that can be kept."""
    yield from (Fault(name[:100], "field-unknown") for name in sorted(set(sent) - KNOWN))
    yield from (Fault(name, "empty") for name in REQUIRED if sent.get(name) in (None, ""))
    yield from (
        Fault(name, code) for name in FIELDS if sent.get(name) is not None and (code := _text_fault(sent[name]))
    )


def _text_fault(value: Any) -> str:
    """Why ``value`` is no text that can be kept, or an empty string. Half of a pair of surrogates is no character."""
    if not isinstance(value, str):
        return "not-text"
    half = any("\ud800" <= mark <= "\udfff" for mark in value)
    return "unreadable-text" if half or CONTROLS.search(value) else ""


def _source_faults(source: Any) -> Iterator[Fault]:
    if code := _text_fault(source):
        yield Fault("source", code)
    elif not 0 < len(source) <= LONGEST_SOURCE:
        yield Fault("source", "source-missing")


def _fact_faults(facts: Any) -> Iterator[Fault]:
    if facts is None:
        return
    if not isinstance(facts, dict) or len(facts) > MOST_FACTS:
        yield Fault("facts", "facts-form")
        return
    for name, value in facts.items():
        if code := _text_fault(name) or _text_fault(value):
            yield Fault("facts", code)
        elif not 0 < len(name) <= LONGEST_FACT_NAME or len(value) > LONGEST_FACT:
            yield Fault("facts", "facts-form")
