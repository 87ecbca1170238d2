"""Faults of form in one question."""

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from surveys.definitions import POLARITIES, PURPOSES
from surveys.publication.choices import choices
from surveys.publication.problem import Fault
from surveys.publication.values import (
    NAME,
    condition,
    flags,
    is_day,
    is_number,
    is_whole,
    one_of,
    texts,
    unknown_keys,
    whole,
)
from surveys.questions.registry import TYPES
from surveys.themes import THEMES

TEXTS = ("title", "hint", "low_end", "high_end", "not_applicable", "prefer_not", "consent")
QUESTION_KEYS = {
    "id", "type", "choices", "sms", "theme", "purpose", "required", "visible_if", "required_if", "jumps", "page",
    "random_order", "polarity", "least", "most", "decimals", "parts", *TEXTS,
}  # fmt: skip
#: Keys that mean something for some types only: those of ``QuestionType.keys``.
OF_SOME_TYPES = frozenset[str]().union(*(kind.keys for kind in TYPES.values()))
MOST_DECIMALS = 6
MOST_PARTS = 10  # what the sending of messages allows at all


def question(raw: Mapping[str, Any], languages: list[str], where: str) -> Iterator[Fault]:
    """What is wrong with the form of one question; while there is anything, it cannot be compiled."""
    yield from unknown_keys(raw, QUESTION_KEYS, where)
    if not isinstance(raw.get("id"), str) or not NAME.fullmatch(raw["id"]):
        yield "bad-id", where, {"found": raw.get("id")}
    if not one_of(raw.get("type"), TYPES):
        yield "unknown-type", where, {"found": raw.get("type"), "known": sorted(TYPES)}
        return
    for field in TEXTS:
        if field in raw or field == "title":
            yield from texts(raw.get(field), languages, f"{where}.{field}")
    yield from _sms(raw, languages, where)
    yield from flags(raw, ("required", "random_order"), where)
    yield from _vocabularies(raw, where)
    yield from choices(raw, languages, where)
    yield from condition(raw, "visible_if", where)
    yield from condition(raw, "required_if", where)
    yield from _jumps(raw, where)
    for name in sorted(OF_SOME_TYPES & set(raw) - {"choices"}):
        if name not in TYPES[raw["type"]].keys:
            yield "not-for-type", f"{where}.{name}", {"name": name, "type": raw["type"]}
    yield from _bounds(raw, where)
    yield from _exclusive(raw, where)
    yield from whole(raw, "decimals", where, 0, MOST_DECIMALS)
    yield from whole(raw, "parts", where, 1, MOST_PARTS)


def _sms(raw: Mapping[str, Any], languages: list[str], where: str) -> Iterator[Fault]:
    if isinstance(raw.get("sms", True), Mapping):
        yield from texts(raw["sms"], languages, f"{where}.sms")
    elif not isinstance(raw.get("sms", True), bool):
        yield "bad-value", f"{where}.sms", {"found": raw["sms"]}


def _vocabularies(raw: Mapping[str, Any], where: str) -> Iterator[Fault]:
    for name, code, known in (
        ("purpose", "unknown-purpose", PURPOSES),
        ("theme", "unknown-theme", THEMES),
        ("polarity", "unknown-purpose", POLARITIES),
    ):
        if raw.get(name) is not None and not one_of(raw[name], known):
            yield code, where if name == "purpose" else f"{where}.{name}", _known(raw[name], known)
    if "page" in raw and not (isinstance(raw["page"], str) and NAME.fullmatch(raw["page"])):
        yield "bad-value", f"{where}.page", {"found": raw["page"]}


def _known(found: Any, known: Collection[str]) -> dict[str, Any]:
    return {"found": found, "known": sorted(known)}


def _jumps(raw: Mapping[str, Any], where: str) -> Iterator[Fault]:
    jumps = raw.get("jumps", [])
    if not isinstance(jumps, list) or not all(isinstance(jump, Mapping) for jump in jumps):
        yield "bad-value", f"{where}.jumps", {"found": jumps}
        return
    for number, jump in enumerate(jumps):
        place = f"{where}.jumps.{number}"
        yield from unknown_keys(jump, {"if", "to"}, place)
        yield from condition(jump, "if", place)
        if not isinstance(jump.get("to"), str):
            yield "bad-value", f"{place}.to", {"found": jump.get("to")}


def _bounds(raw: Mapping[str, Any], where: str) -> Iterator[Fault]:
    """``least`` and ``most`` are numbers for a number, days for a date, else how many choices."""
    of_type = {"number": is_number, "date": is_day}.get(raw["type"], _is_count)
    bounds = {name: raw[name] for name in ("least", "most") if name in raw}
    wrong = {name: value for name, value in bounds.items() if not of_type(value)}
    for name, value in wrong.items():
        yield "bad-value", f"{where}.{name}", {"found": value}
    if not wrong and len(bounds) == 2 and bounds["least"] > bounds["most"]:
        yield "bounds-crossed", where, bounds
    listed = raw.get("choices")
    if (
        of_type is _is_count
        and not wrong
        and isinstance(listed, list)
        and max(bounds.values(), default=0) > len(listed)
    ):
        yield "more-than-choices", where, {"found": max(bounds.values()), "choices": len(listed)}


def _exclusive(raw: Mapping[str, Any], where: str) -> Iterator[Fault]:
    """A choice that stands alone cannot be taken where two or more must be."""
    if not is_whole(raw.get("least")) or raw["least"] < 2 or not isinstance(raw.get("choices"), list):
        return
    for choice in raw["choices"]:
        if isinstance(choice, Mapping) and choice.get("exclusive") is True:
            yield "exclusive-and-least", f"{where}.choices.{choice.get('id')}.exclusive", {"least": raw["least"]}


def _is_count(value: Any) -> bool:
    return is_whole(value) and value >= 0
