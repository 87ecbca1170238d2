"""The forms that values of a definition may have: texts, names, numbers, days, conditions."""

import re
from collections.abc import Collection, Iterator, Mapping
from datetime import date
from typing import Any

from surveys.conditions import BadCondition, parse_condition
from surveys.publication.problem import Fault

NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")


def texts(value: Any, languages: list[str], where: str) -> Iterator[Fault]:
    """A text is wanted in every language of the questionnaire, and in no other."""
    if not isinstance(value, Mapping) or not all(isinstance(text, str) for text in value.values()):
        yield "empty-label", where, {}
        return
    for language in languages:
        if language not in value:
            yield "missing-translation", where, {"language": language}
        elif not value[language].strip():
            yield "empty-label", where, {"language": language}
    for language in sorted(set(value) - set(languages)):
        yield "unknown-language", where, {"language": language}


def unknown_keys(raw: Mapping[str, Any], known: Collection[str], where: str) -> Iterator[Fault]:
    for name in sorted(set(raw) - set(known)):
        yield "unknown-name", f"{where}.{name}".lstrip("."), {"name": name, "known": sorted(known)}


def flags(raw: Mapping[str, Any], names: Collection[str], where: str) -> Iterator[Fault]:
    """Each of ``names`` is true or false where it is there at all."""
    for name in names:
        if not isinstance(raw.get(name, False), bool):
            yield "bad-value", f"{where}.{name}".lstrip("."), {"found": raw[name]}


def whole(raw: Mapping[str, Any], name: str, where: str, least: int, most: int) -> Iterator[Fault]:
    """A whole number from ``least`` to ``most``, both inclusive, where it is there at all."""
    if name in raw and not (is_whole(raw[name]) and least <= raw[name] <= most):
        yield "out-of-bounds", f"{where}.{name}".lstrip("."), {"found": raw[name], "least": least, "most": most}


def condition(raw: Mapping[str, Any], name: str, where: str) -> Iterator[Fault]:
    """A condition that can be read, where it is there at all."""
    if name not in raw:
        return
    try:
        parse_condition(raw[name] if isinstance(raw[name], str) else "")
    except BadCondition as fault:
        yield "bad-condition", f"{where}.{name}", {"found": raw[name], "rest": fault.rest}


def is_whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def is_number(value: Any) -> bool:
    return is_whole(value) or (isinstance(value, float) and abs(value) < float("inf"))


def is_day(value: Any) -> bool:
    """Whether it is a day as YYYY-MM-DD, and one of the calendar."""
    if not isinstance(value, str) or not re.fullmatch(r"\d{4}-\d\d-\d\d", value):
        return False
    try:
        date.fromisoformat(value)
    except ValueError:
        return False
    return True


def one_of(value: Any, known: Collection[str]) -> bool:
    return isinstance(value, str) and value in known


def is_list(value: Any, kind: type) -> bool:
    """A list that is not empty, of ``kind`` only."""
    return isinstance(value, list) and bool(value) and all(isinstance(item, kind) for item in value)
