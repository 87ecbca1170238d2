"""A question as the fields of a form, and back. Saving a form that nobody touched gives the same question, key by key.

A field that was not on the form keeps what the question had. What cannot be understood (a word where a number belongs)
is kept as it was typed: publishing names it, and nothing that somebody wrote is lost.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from surveys.editing.references import TEXTS
from surveys.message_texts import MESSAGES

Raw = dict[str, Any]
Fields = Mapping[str, str]

FLAGS = ("required", "random_order")
WORDS = ("visible_if", "required_if", "page", "theme", "purpose", "polarity")
NUMBERS = ("least", "most", "decimals", "parts")
WEB_ONLY, OWN, TITLE = "web_only", "own", "title"
#: Rows a form may have; a longer form is not read further.
MOST_ROWS = 200
_INT = re.compile(r"-?\d{1,15}")
_FLOAT = re.compile(r"-?\d{1,15}[.,]\d{1,9}")


def fields_of(question: Mapping[str, Any], languages: Sequence[str]) -> dict[str, str]:
    """What the form of a question shows in each of its fields."""
    fields = {key: _shown(question.get(key)) for key in ("id", "type", *WORDS, *NUMBERS)}
    fields |= {key: _flag_shown(question, key) for key in FLAGS}
    for key in TEXTS:
        fields |= _texts_shown(key, question.get(key), languages)
    fields["sms_mode"] = _sms_mode(question.get("sms"))
    for number, choice in enumerate(question.get("choices", [])):
        fields |= _choice_shown(f"choices.{number}", choice, languages, number)
    for number, jump in enumerate(question.get("jumps", [])):
        fields |= {f"jumps.{number}.{key}": _shown(jump.get(key)) for key in ("if", "to")}
    return fields


def question_of(fields: Fields, old: Mapping[str, Any], languages: Sequence[str]) -> Raw:
    """The question that a posted form describes; ``old`` is what it was before, with all that no field shows."""
    question = dict(old)
    for key in ("id", "type"):
        if fields.get(key, "").strip():
            question[key] = fields[key].strip()
    for key in (*WORDS, *NUMBERS):
        _put(question, key, fields, key, _number if key in NUMBERS else _line)
    for key in FLAGS:
        _put(question, key, fields, key, _flag)
    for key in TEXTS:
        if key != "sms" and any(f"{key}.{language}" in fields for language in languages):
            _put_texts(question, key, texts_of(fields, key, old.get(key), languages))
    _put_sms(question, fields, old, languages)
    _put_rows(question, fields, old, languages)
    return question


def texts_of(fields: Fields, key: str, old: Any, languages: Sequence[str]) -> Raw:
    """A text in each language, from the fields ``key.fr`` …; a language that was left empty is left out."""
    texts = dict(old) if isinstance(old, Mapping) else {}
    for language in languages:
        typed, before = fields.get(f"{key}.{language}"), texts.get(language)
        if typed is None or (before is not None and tidy(before) == tidy(typed)):
            continue
        texts.pop(language, None)
        if tidy(typed):
            texts[language] = tidy(typed)
    return texts


def renamed_choices(fields: Fields) -> dict[str, str]:
    """The choices that got another id: old to new; not those that are new, or taken away."""
    renamed: dict[str, str] = {}
    for row in rows(fields, "choices"):
        before, now = fields.get(f"{row}.old", ""), fields.get(f"{row}.id", "").strip()
        if before and now and before != now and not fields.get(f"{row}.remove"):
            renamed[before] = now
    return renamed


def rows(fields: Fields, name: str) -> Iterator[str]:
    """The rows of a repeated group that were posted, as the beginnings of their fields, in their order."""
    found = {int(number[1]) for key in fields if (number := re.match(rf"{name}\.(\d{{1,3}})\.", key))}
    return (f"{name}.{number}" for number in sorted(found)[:MOST_ROWS])


def tidy(text: str) -> str:
    """What was typed, with plain line ends and nothing around it."""
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "").strip()


def _put(target: Raw, key: str, fields: Fields, field: str, read: Callable[[str], Any]) -> None:
    """Take over what was typed in a field; nothing takes the key away, what was not changed stays as it was written."""
    typed = fields.get(field)
    if typed is None or tidy(typed) == tidy(_flag_shown(target, key) if read is _flag else _shown(target.get(key))):
        return
    target.pop(key, None)
    if read(typed) is not None:
        target[key] = read(typed)


def _put_texts(question: Raw, key: str, texts: Raw) -> None:
    """A title stays, even without words; any other text that lost all of them goes."""
    if texts or (key in question and (key == "title" or not question[key])):
        question[key] = texts
    else:
        question.pop(key, None)


def _put_sms(question: Raw, fields: Fields, old: Mapping[str, Any], languages: Sequence[str]) -> None:
    mode = fields.get("sms_mode", "")
    if mode == _sms_mode(old.get("sms")) and mode != OWN:
        return
    if mode == WEB_ONLY:
        question["sms"] = False
    elif mode == TITLE:
        question.pop("sms", None)
    elif mode == OWN:
        question["sms"] = texts_of(fields, "sms", old.get("sms"), languages)


def _put_rows(question: Raw, fields: Fields, old: Mapping[str, Any], languages: Sequence[str]) -> None:
    if any(rows(fields, "choices")):
        before = {choice.get("id", ""): choice for choice in old.get("choices", [])}
        question["choices"] = _choices(fields, before, languages)
    if any(rows(fields, "jumps")):
        question["jumps"] = _jumps(fields, old.get("jumps", []))
    for key in ("choices", "jumps"):
        if key in question and not question[key] and key not in old:
            del question[key]


def _choices(fields: Fields, before: Mapping[str, Raw], languages: Sequence[str]) -> list[Raw]:
    """The rows that hold something, in the order their numbers give; equal numbers keep the order of the page."""
    found = []
    for place, row in enumerate(rows(fields, "choices")):
        old = before.get(fields.get(f"{row}.old", ""), {})
        if fields.get(f"{row}.remove") or (not old and _is_blank(fields, row)):
            continue
        order = _number(fields.get(f"{row}.order", ""))
        found.append(
            (order if isinstance(order, (int, float)) else place + 1, place, _choice(fields, row, old, languages))
        )
    return [choice for _order, _place, choice in sorted(found, key=lambda one: one[:2])]


def _choice(fields: Fields, row: str, old: Mapping[str, Any], languages: Sequence[str]) -> Raw:
    choice = dict(old)
    choice["id"] = fields.get(f"{row}.id", "").strip() or choice.get("id", "")
    part = {key.removeprefix(f"{row}."): value for key, value in fields.items() if key.startswith(f"{row}.")}
    choice["label"] = texts_of(part, "label", old.get("label"), languages)
    words = _said(part, old.get("words"), languages)
    if words or "words" in old:
        choice["words"] = words
    for key in ("wants", "visible_if"):
        _put(choice, key, part, key, _line)
    for key in ("fixed", "exclusive"):
        _put(choice, key, part, key, _flag)
    return choice


def _said(part: Fields, old: Any, languages: Sequence[str]) -> dict[str, list[str]]:
    """Short replies by SMS in each language, typed as one line with commas."""
    words = dict(old) if isinstance(old, Mapping) else {}
    for language in languages:
        typed = part.get(f"words.{language}")
        if typed is None or typed.strip() == ", ".join(words.get(language, ())).strip():
            continue
        words.pop(language, None)
        if said := [one.strip() for one in typed.split(",") if one.strip()]:
            words[language] = said
    return words


def _jumps(fields: Fields, old: Sequence[Mapping[str, Any]]) -> list[Raw]:
    found = []
    for place, row in enumerate(rows(fields, "jumps")):
        jump = dict(old[place]) if place < len(old) else {}
        for key in ("if", "to"):
            _put(jump, key, fields, f"{row}.{key}", _line)
        if jump.get("to") or jump.get("if"):
            found.append(jump)
    return found


def _is_blank(fields: Fields, row: str) -> bool:
    """Whether nobody wrote anything in a row: its order alone is no choice."""
    names = ("id", "visible_if", "wants")
    texts = [key for key in fields if key.startswith((f"{row}.label.", f"{row}.words."))]
    return not any(fields.get(key, "").strip() for key in [*texts, *(f"{row}.{name}" for name in names)])


def _number(text: str) -> int | float | str | None:
    """A whole number, a decimal, else what was typed (a date, or a mistake to be named); None for nothing."""
    text = tidy(text)
    if _INT.fullmatch(text):
        return int(text)
    if _FLOAT.fullmatch(text):
        return float(text.replace(",", "."))
    return text or None


def _line(text: str) -> str | None:
    return " ".join(tidy(text).split("\n")) or None


def _flag(text: str) -> bool | None:
    return True if text == "1" else None


def _sms_mode(sms: Any) -> str:
    return WEB_ONLY if sms is False else OWN if isinstance(sms, Mapping) else TITLE


def _shown(value: Any) -> str:
    return "" if value is None else str(value)


def _flag_shown(raw: Mapping[str, Any], key: str) -> str:
    return "1" if raw.get(key) is True else ""


def _texts_shown(key: str, texts: Any, languages: Sequence[str]) -> dict[str, str]:
    known = texts if isinstance(texts, Mapping) else {}
    return {f"{key}.{language}": _shown(known.get(language)) for language in languages}


def _choice_shown(row: str, choice: Mapping[str, Any], languages: Sequence[str], number: int) -> dict[str, str]:
    shown = {f"{row}.id": _shown(choice.get("id")), f"{row}.old": _shown(choice.get("id"))}
    shown[f"{row}.order"] = str(number + 1)
    shown |= {f"{row}.{key}": _shown(choice.get(key)) for key in ("wants", "visible_if")}
    shown |= {f"{row}.{key}": _flag_shown(choice, key) for key in ("fixed", "exclusive")}
    shown |= _texts_shown(f"{row}.label", choice.get("label"), languages)
    words = choice.get("words", {})
    return shown | {f"{row}.words.{language}": ", ".join(words.get(language, ())) for language in languages}


def settings_fields(definition: Mapping[str, Any]) -> dict[str, str]:
    """What the form of the settings shows: the title, each message and the most parts."""
    languages = definition["languages"]
    fields = _texts_shown("title", definition.get("title"), languages) | {"parts": _shown(definition.get("parts"))}
    fields["ucs2"] = _flag_shown(definition, "ucs2")
    for name in MESSAGES:
        fields |= _texts_shown(f"messages.{name}", (definition.get("messages") or {}).get(name), languages)
    return fields


def settings_of(fields: Fields, definition: Mapping[str, Any]) -> Raw:
    """The definition with the settings that were typed; a message without any words is the usual one again."""
    languages, changed = definition["languages"], dict(definition)
    _put_texts(changed, "title", texts_of(fields, "title", definition.get("title"), languages))
    _put(changed, "parts", fields, "parts", _number)
    _put(changed, "ucs2", fields, "ucs2", _flag)
    before = definition.get("messages") or {}
    messages = dict(before)
    for name in MESSAGES:
        said = texts_of(fields, f"messages.{name}", before.get(name), languages)
        if said:
            messages[name] = said
        elif before.get(name):
            del messages[name]
    if messages or "messages" in definition:
        changed["messages"] = messages
    return changed
