"""A draft made showable: whatever is still wrong with it, its pages and messages can be looked at meanwhile."""

from collections.abc import Mapping, Sequence
from typing import Any

from surveys.definitions import USUAL_PARTS
from surveys.editing.references import TEXTS
from surveys.publication.values import is_day, is_number, is_whole

Raw = dict[str, Any]
LOGIC = ("visible_if", "required_if", "jumps")
#: What stands where nothing is written yet. It is in the SMS alphabet, so that no price is doubled by it.
UNWRITTEN = "..."


def showable(definition: Mapping[str, Any]) -> Raw:
    """The definition without its logic and with something in every text, so that it can be compiled.

    What a person would see of each question is unchanged; which questions they would see is not asked here.
    """
    languages = definition["languages"]
    return {
        **definition,
        "title": _filled(definition.get("title"), languages),
        "messages": {name: _written(said) for name, said in (definition.get("messages") or {}).items()},
        "parts": definition["parts"] if is_whole(definition.get("parts")) else USUAL_PARTS,
        "questions": [_question(raw, languages) for raw in definition["questions"]],
    }


def _question(raw: Mapping[str, Any], languages: Sequence[str]) -> Raw:
    shown = {key: value for key, value in raw.items() if key not in LOGIC and not _is_mistaken(raw["type"], key, value)}
    for key in TEXTS:
        if isinstance(raw.get(key), Mapping):
            optional = key not in ("title", "sms")
            shown[key] = _written(raw[key]) if optional else _filled(raw[key], languages)
    shown.setdefault("title", _filled({}, languages))
    if "choices" in raw:
        shown["choices"] = [_choice(choice, languages) for choice in raw["choices"]]
    return shown


def _choice(raw: Mapping[str, Any], languages: Sequence[str]) -> Raw:
    shown = {key: value for key, value in raw.items() if key != "visible_if"}
    return {**shown, "id": raw.get("id", ""), "label": _filled(raw.get("label"), languages)}


def _is_mistaken(kind: str, key: str, value: Any) -> bool:
    """Whether a word stands where a number or a day belongs."""
    if key in ("least", "most"):
        return not (is_day(value) if kind == "date" else is_number(value))
    return key in ("decimals", "parts") and not is_whole(value)


def _filled(texts: Any, languages: Sequence[str]) -> dict[str, str]:
    known = texts if isinstance(texts, Mapping) else {}
    return {**known, **{language: known.get(language) or UNWRITTEN for language in languages}}


def _written(texts: Mapping[str, str]) -> dict[str, str]:
    return {language: text for language, text in texts.items() if text.strip()}
