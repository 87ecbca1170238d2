"""Faults of form in the choices of a question."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from surveys.definitions import WANTS
from surveys.publication.problem import Fault
from surveys.publication.values import condition, flags, is_list, one_of, texts, unknown_keys
from surveys.questions.registry import TYPES

CHOICE_NAME = re.compile(r"[a-z0-9][a-z0-9_]{0,39}")
CHOICE_KEYS = {"id", "label", "words", "wants", "visible_if", "fixed", "exclusive"}


def choices(raw: Mapping[str, Any], languages: list[str], where: str) -> Iterator[Fault]:
    """What is wrong with the choices of a question whose type is known."""
    found = raw.get("choices", [])
    if not isinstance(found, list) or not all(isinstance(choice, Mapping) for choice in found):
        yield "bad-value", f"{where}.choices", {"found": found}
        return
    ids = [choice.get("id") for choice in found]
    if not all(isinstance(name, str) and CHOICE_NAME.fullmatch(name) for name in ids):
        yield "bad-id", f"{where}.choices", {"found": ids}
        return
    yield from _ids(raw["type"], ids, where)
    for choice in found:
        yield from _choice(raw["type"], choice, languages, f"{where}.choices.{choice['id']}")


def _ids(kind_name: str, ids: list[str], where: str) -> Iterator[Fault]:
    kind = TYPES[kind_name]
    for name in sorted(name for name, count in Counter(ids).items() if count > 1):
        yield "duplicate-id", f"{where}.choices", {"id": name}
    if not kind.accepts_choices:
        if ids:
            yield "no-choices-here", where, {"type": kind.name}
    elif kind.choice_ids is not None and tuple(ids) != kind.choice_ids:
        yield "wrong-choices", where, {"found": ids, "expected": list(kind.choice_ids)}
    elif kind.choice_ids is None and len(ids) < 2:
        yield "too-few-choices", where, {"found": len(ids)}


def _choice(kind_name: str, choice: Mapping[str, Any], languages: list[str], where: str) -> Iterator[Fault]:
    yield from unknown_keys(choice, CHOICE_KEYS, where)
    yield from texts(choice.get("label"), languages, f"{where}.label")
    if choice.get("wants") is not None and not one_of(choice["wants"], WANTS):
        yield "unknown-purpose", where, {"found": choice["wants"], "known": sorted(WANTS)}
    words = choice.get("words", {})
    if not isinstance(words, Mapping) or not all(is_list(said, str) for said in words.values()):
        yield "bad-value", f"{where}.words", {"found": words}
    yield from flags(choice, ("fixed", "exclusive"), where)
    yield from condition(choice, "visible_if", where)
    # A scale is always shown whole and in its order, or its figures could not be compared.
    if TYPES[kind_name].choice_ids is not None:
        for name in sorted({"visible_if", "fixed", "exclusive"} & set(choice)):
            yield "not-for-type", f"{where}.{name}", {"name": name, "type": kind_name}
    elif "exclusive" in choice and kind_name != "multiple":
        yield "not-for-type", f"{where}.exclusive", {"name": "exclusive", "type": kind_name}
