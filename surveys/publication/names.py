"""Faults in what conditions and jumps name: unknown questions, later ones, circles, the way back."""

import difflib
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import takewhile
from typing import Any

from surveys.definitions import END, CompiledVersion, Definition
from surveys.piping import FACTS
from surveys.publication import places
from surveys.publication.operands import misfits
from surveys.publication.places import Place
from surveys.publication.problem import Fault
from surveys.questions.base import Question

#: What texts and conditions name already, or what a jump leads to.
RESERVED = (*FACTS, "low_score", END)


def ids(version: CompiledVersion) -> Iterator[Fault]:
    """Ids used twice, and ids that mean something else."""
    counts = Counter(question.id for question in version.questions)
    for name in sorted(name for name, count in counts.items() if count > 1):
        yield "duplicate-id", f"questions.{name}", {"id": name}
    for name in sorted(set(RESERVED) & set(counts)):
        yield "reserved-id", f"questions.{name}", {"id": name, "reserved": list(RESERVED)}


def names(definition: Definition, version: CompiledVersion) -> Iterator[Fault]:
    """What each condition looks at, compared with what is known by then."""
    known = places.ids(definition)
    for position, (raw, question) in enumerate(zip(definition["questions"], version.questions, strict=True)):
        for place in places.conditions(raw):
            # A jump is looked at once its question is settled, everything else before.
            seen = known[: position + 1] if place.key == "jumps" else known[:position]
            yield from _names(place, question, seen, version)
        yield from _jumps(raw, known, position)
        yield from _jumps_by_sms(raw, question, version)
    yield from _circles(definition)


def _names(place: Place, question: Question, seen: Sequence[str], version: CompiledVersion) -> Iterator[Fault]:
    known = [each.id for each in version.questions]
    by_sms = question.sms is not None and place.key != "required_if"
    for comparison in place.condition.comparisons:
        name = comparison.name
        asked = version.question(name)
        if asked is None:
            yield "unknown-name", place.where, {"name": name, "known": sorted(known), "near": near(name, known)}
            continue
        if name not in seen:
            yield "later-question", place.where, {"name": name, "own": name == question.id}
        yield from misfits(comparison, asked, place.where)
        if by_sms and asked.sms is None:
            yield "not-asked-by-sms", place.where, {"name": name}


def near(name: str, known: Sequence[str]) -> str | None:
    """The known name that was probably meant."""
    found = difflib.get_close_matches(name, known, n=1)
    return found[0] if found else None


def _jumps(raw: Mapping[str, Any], known: list[str], position: int) -> Iterator[Fault]:
    for number, jump in enumerate(raw.get("jumps", ())):
        where, target = f"questions.{raw['id']}.jumps.{number}.to", jump["to"]
        later = known[position + 1 :]
        if target != END and target not in known:
            yield "unknown-jump", where, {"to": target, "known": [*later, END], "near": near(target, [*later, END])}
        elif target != END and target not in later:
            yield "backward-jump", where, {"to": target, "known": [*later, END]}


def _jumps_by_sms(raw: Mapping[str, Any], question: Question, version: CompiledVersion) -> Iterator[Fault]:
    """Questions that a jump passes on the web, and that are asked by SMS, where the jumping question is not."""
    if question.sms is not None:
        return
    later = version.questions[version.questions.index(question) + 1 :]
    for number, jump in enumerate(raw.get("jumps", ())):
        ids_passed = list(takewhile(jump["to"].__ne__, [each.id for each in later]))
        asked = [each.id for each in later if each.id in ids_passed and each.sms is not None]
        if asked:
            yield "jump-not-by-sms", f"questions.{question.id}.jumps.{number}", {"names": asked}


def _circles(definition: Definition) -> Iterator[Fault]:
    """Questions whose being asked depends, over others, on themselves: one fault for each circle."""
    needs = _needs(definition)
    told: set[str] = set()
    for name in needs:
        circle = None if name in told else _way_back(name, needs)
        if circle:
            told |= set(circle)
            yield "circle", f"questions.{name}", {"names": [*circle, name]}


def _needs(definition: Definition) -> dict[str, set[str]]:
    """What decides about each question: the names in its conditions, and the questions that may jump over it."""
    known = places.ids(definition)
    needs: dict[str, set[str]] = {name: set() for name in known}
    for position, raw in enumerate(definition["questions"]):
        for place in places.conditions(raw):
            if place.key != "jumps":
                needs[raw["id"]] |= place.condition.names
        for jump in raw.get("jumps", ()):
            target = known.index(jump["to"]) if jump["to"] in known else len(known)
            for over in known[position + 1 : target]:
                needs[over].add(raw["id"])
    return needs


def _way_back(start: str, needs: Mapping[str, Collection[str]]) -> list[str] | None:
    """The shortest way from ``start`` over what each needs back to it, ``start`` first; None if there is none."""
    ways = [[start]]
    seen: set[str] = set()
    for way in ways:
        for name in sorted(needs.get(way[-1], ())):
            if name == start:
                return way
            if name not in seen:
                seen.add(name)
                ways.append([*way, name])
    return None
