"""Who refers to a question: conditions, jumps and piped texts; and the same with another name.

Conditions are rewritten as text, not parsed: a draft may hold one that cannot be read yet, and its writer's spaces and
order are kept.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

Raw = dict[str, Any]
Change = Callable[[str], str]

TEXTS = ("title", "hint", "low_end", "high_end", "sms", "consent", "not_applicable", "prefer_not")
CONDITIONS = ("visible_if", "required_if")
_QUOTED = r"'[^']*'|\"[^\"]*\""


@dataclass(frozen=True)
class Reference:
    """A place that names a question: which question holds it ("" for a message), and in which of its fields."""

    question: str
    field: str


def references_to(definition: Mapping[str, Any], name: str) -> list[Reference]:
    """Every place outside a question that names it, in the order of the questionnaire, messages last."""
    return [
        Reference(raw["id"], field)
        for raw in definition["questions"]
        if raw["id"] != name
        for field, names in names_in(raw)
        if name in names
    ] + [
        Reference("", f"messages.{message}")
        for message, texts in _mapping(definition.get("messages")).items()
        if any(name in _piped(text) for text in _mapping(texts).values())
    ]


def names_in(raw: Mapping[str, Any]) -> Iterator[tuple[str, set[str]]]:
    """Each field of a question that may name others, with the names found there."""
    for key in CONDITIONS:
        yield key, _named(raw.get(key))
    for number, jump in enumerate(_mappings(raw.get("jumps"))):
        yield f"jumps.{number}.if", _named(jump.get("if"))
        yield f"jumps.{number}.to", {jump["to"]} if isinstance(jump.get("to"), str) else set()
    for number, choice in enumerate(_mappings(raw.get("choices"))):
        place = f"choices.{choice.get('id') or number}"
        yield f"{place}.visible_if", _named(choice.get("visible_if"))
        yield f"{place}.label", _piped_in(choice.get("label"))
    for key in TEXTS:
        yield key, _piped_in(raw.get(key))


def renamed_in(raw: Mapping[str, Any], old: str, new: str) -> Raw:
    """A question that says ``new`` wherever it said ``old``: in its conditions, jumps and texts."""
    conditions, texts = _name_changer(old, new), _text_changer(old, new)
    changed = _changed(raw, CONDITIONS, conditions) | {key: _all(raw[key], texts) for key in TEXTS if key in raw}
    if isinstance(raw.get("jumps"), list):
        changed["jumps"] = [_jump(jump, old, new, conditions) for jump in raw["jumps"]]
    if isinstance(raw.get("choices"), list):
        changed["choices"] = [_choice(choice, conditions, texts) for choice in raw["choices"]]
    return {key: changed.get(key, raw[key]) for key in raw}


def choice_renamed_in(raw: Mapping[str, Any], question: str, old: str, new: str) -> Raw:
    """A question whose conditions say ``new`` where they compared ``question`` with its choice ``old``."""
    change = _value_changer(question, old, new)
    changed = _changed(raw, CONDITIONS, change)
    for key, inner in (("jumps", "if"), ("choices", "visible_if")):
        if isinstance(raw.get(key), list):
            changed[key] = [{**one, **_changed(one, (inner,), change)} for one in raw[key]]
    return {key: changed.get(key, raw[key]) for key in raw}


def texts_renamed(texts: Any, old: str, new: str) -> Any:
    """A text of several languages with ``{old}`` written ``{new}``."""
    return _all(texts, _text_changer(old, new))


def _jump(jump: Any, old: str, new: str, change: Change) -> Any:
    if not isinstance(jump, dict):
        return jump
    return {**jump, **_changed(jump, ("if",), change), **({"to": new} if jump.get("to") == old else {})}


def _choice(choice: Any, conditions: Change, texts: Change) -> Any:
    if not isinstance(choice, dict):
        return choice
    labels = {"label": _all(choice["label"], texts)} if "label" in choice else {}
    return {**choice, **_changed(choice, ("visible_if",), conditions), **labels}


def _changed(raw: Mapping[str, Any], keys: tuple[str, ...], change: Change) -> Raw:
    return {key: change(raw[key]) for key in keys if isinstance(raw.get(key), str)}


def _all(texts: Any, change: Change) -> Any:
    """Each language of a text changed; what is no text at all stays as it is."""
    if not isinstance(texts, dict):
        return texts
    return {language: change(text) if isinstance(text, str) else text for language, text in texts.items()}


def _name_changer(old: str, new: str) -> Change:
    pattern = re.compile(rf"{_QUOTED}|\{{\s*{re.escape(old)}\s*\}}")
    return lambda text: pattern.sub(lambda found: found[0] if found[0][0] in "'\"" else f"{{{new}}}", text)


def _value_changer(question: str, old: str, new: str) -> Change:
    """Replace the quoted choice in comparisons that begin with the question: ``= 'old'`` or ``anyof ['old', …]``."""
    compared = re.compile(rf"(\{{\s*{re.escape(question)}\s*\}}\s*[^\s'\"\[{{]+\s*)(\[[^\]]*\]|{_QUOTED})")
    quoted = re.compile(rf"(['\"]){re.escape(old)}\1")
    inner: Change = lambda text: quoted.sub(lambda found: found[1] + new + found[1], text)  # noqa: E731
    return lambda text: compared.sub(lambda found: found[1] + inner(found[2]), text)


def _text_changer(old: str, new: str) -> Change:
    return lambda text: text.replace(f"{{{old}}}", f"{{{new}}}")


def _named(expression: Any) -> set[str]:
    if not isinstance(expression, str):
        return set()
    return _piped(re.sub(_QUOTED, "", expression))


def _piped_in(texts: Any) -> set[str]:
    return set().union(*(_piped(text) for text in _mapping(texts).values()))


def _piped(text: Any) -> set[str]:
    return set(re.findall(r"\{\s*(\w+)\s*\}", text)) if isinstance(text, str) else set()


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _mappings(value: Any) -> list[Mapping[str, Any]]:
    return [one for one in value if isinstance(one, Mapping)] if isinstance(value, list) else []
