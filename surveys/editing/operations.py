"""Add, move, duplicate, rename, replace and delete: each takes a definition and returns the next one.

Nothing is checked here that publishing checks: a draft may be wrong while it is written. What is refused is only what
could not be addressed afterwards, such as two questions of one id.
"""

from collections.abc import Callable, Mapping
from typing import Any

from surveys.editing.references import TEXTS, choice_renamed_in, renamed_in, texts_renamed
from surveys.editing.starting import free_id, new_question
from surveys.publication import NAME, names
from surveys.publication.document import LANGUAGE
from surveys.questions.registry import TYPES

Raw = dict[str, Any]
#: Names that texts use for facts of the contact, or that conditions and jumps give a meaning to.
RESERVED = frozenset(names.RESERVED)


class EditRefused(ValueError):
    """An operation that has no result; ``code`` says why: unknown-question, unknown-type, bad-id, id-taken …"""

    def __init__(self, code: str, **facts: Any) -> None:
        super().__init__(code)
        self.code = code
        self.facts = facts


def is_editable(definition: Mapping[str, Any]) -> bool:
    """Whether the pages can show it: the right JSON types in the right places, and every question its own id.

    A file that was imported may be anything; what is wrong in wording, logic or languages is no hindrance.
    """
    questions, languages = definition.get("questions"), definition.get("languages")
    if not (isinstance(questions, list) and isinstance(languages, list) and languages):
        return False
    if not all(isinstance(one, str) and LANGUAGE.fullmatch(one) for one in languages):
        return False
    if not (_is_texts(definition.get("title", {})) and _are_messages(definition.get("messages", {}))):
        return False
    if not all(isinstance(raw, dict) and _is_question(raw) for raw in questions):
        return False
    ids = [raw["id"] for raw in questions]
    return len(set(ids)) == len(ids) and len(set(languages)) == len(languages)


def question_in(definition: Mapping[str, Any], question_id: str) -> Raw:
    """The question of that id. Raises EditRefused ``unknown-question``."""
    return definition["questions"][_place(definition, question_id)]


def add_question(definition: Mapping[str, Any], type_name: str, after: str | None = None) -> tuple[Raw, str]:
    """The definition with a new question behind ``after`` (None: at the end), and the id it was given."""
    if type_name not in TYPES:
        raise EditRefused("unknown-type", found=type_name)
    name = free_id(type_name, _ids(definition) | RESERVED)
    place = len(definition["questions"]) if after is None else _place(definition, after) + 1
    question = new_question(type_name, name, definition["languages"])
    return _with(definition, lambda all_: [*all_[:place], question, *all_[place:]]), name


def move_question(definition: Mapping[str, Any], question_id: str, by: int) -> Raw:
    """The question ``by`` places further on (negative: earlier), as far as there is room."""
    here = _place(definition, question_id)
    there = max(0, min(len(definition["questions"]) - 1, here + by))
    rest = [raw for raw in definition["questions"] if raw["id"] != question_id]
    moved = definition["questions"][here]
    return _with(definition, lambda _all: [*rest[:there], moved, *rest[there:]])


def duplicate_question(definition: Mapping[str, Any], question_id: str) -> tuple[Raw, str]:
    """The same question once more behind the first, under a new id, which is returned too.

    Nothing refers to the copy yet; what it asks others (its conditions and jumps) is copied with it.
    """
    place = _place(definition, question_id)
    name = free_id(question_id, _ids(definition) | RESERVED)
    copy = {**definition["questions"][place], "id": name}
    return _with(definition, lambda all_: [*all_[: place + 1], copy, *all_[place + 1 :]]), name


def rename_question(definition: Mapping[str, Any], old: str, new: str) -> Raw:
    """The question under another id, everywhere: conditions, jumps and texts that name it follow."""
    place = _place(definition, old)
    if new == old:
        return dict(definition)
    if not NAME.fullmatch(new) or new in RESERVED:
        raise EditRefused("bad-id", found=new)
    if new in _ids(definition):
        raise EditRefused("id-taken", found=new)
    questions = [renamed_in(raw, old, new) for raw in definition["questions"]]
    questions[place]["id"] = new
    named = _with(definition, lambda _all: questions)
    if isinstance(definition.get("messages"), dict):
        named["messages"] = {key: texts_renamed(texts, old, new) for key, texts in definition["messages"].items()}
    return named


def replace_question(
    definition: Mapping[str, Any], question_id: str, question: Raw, choices: Mapping[str, str] | None = None
) -> Raw:
    """The question with other contents, and perhaps another id; ``choices`` are those renamed, old id to new.

    Whatever compared the question with a choice that was renamed says its new id.
    """
    place = _place(definition, question_id)
    replaced = _with(definition, lambda all_: [*all_[:place], {**question, "id": question_id}, *all_[place + 1 :]])
    for old, new in (choices or {}).items():
        renamed = [choice_renamed_in(raw, question_id, old, new) for raw in replaced["questions"]]
        replaced = {**replaced, "questions": renamed}
    return rename_question(replaced, question_id, question["id"])


def restore_question(definition: Mapping[str, Any], question: Raw) -> Raw:
    """The definition with a whole question at its end: one that somebody deleted while another was writing it."""
    if not NAME.fullmatch(question["id"]) or question["id"] in RESERVED:
        raise EditRefused("bad-id", found=question["id"])
    if question["id"] in _ids(definition):
        raise EditRefused("id-taken", found=question["id"])
    return _with(definition, lambda all_: [*all_, question])


def delete_question(definition: Mapping[str, Any], question_id: str) -> Raw:
    """Without the question; what referred to it (``references_to``) stays and is then a problem."""
    place = _place(definition, question_id)
    return _with(definition, lambda all_: [*all_[:place], *all_[place + 1 :]])


def add_language(definition: Mapping[str, Any], language: str) -> Raw:
    """One language more; its texts are missing until somebody writes them."""
    if not LANGUAGE.fullmatch(language):
        raise EditRefused("bad-language", found=language)
    if language in definition["languages"]:
        raise EditRefused("language-taken", found=language)
    return {**definition, "languages": [*definition["languages"], language]}


def remove_language(definition: Mapping[str, Any], language: str) -> Raw:
    """Without a language and without all that was written in it; the last one stays."""
    if language not in definition["languages"]:
        raise EditRefused("unknown-language", found=language)
    if len(definition["languages"]) == 1:
        raise EditRefused("last-language", found=language)
    kept = {**definition, "languages": [one for one in definition["languages"] if one != language]}
    kept["questions"] = [_without(raw, language) for raw in definition["questions"]]
    for key in ("title", "messages"):
        if key in definition:
            kept[key] = _without_in(definition[key], language, deep=key == "messages")
    return kept


def change_settings(definition: Mapping[str, Any], settings: Mapping[str, Any]) -> Raw:
    """The definition with other values for ``title``, ``messages`` or ``parts``; None takes a key away."""
    changed = {**definition, **settings}
    return {key: value for key, value in changed.items() if value is not None}


def _without(raw: Raw, language: str) -> Raw:
    kept = {key: _without_in(value, language) if key in TEXTS else value for key, value in raw.items()}
    if "choices" in raw:
        kept["choices"] = [
            {key: _without_in(value, language) if key in ("label", "words") else value for key, value in choice.items()}
            for choice in raw["choices"]
        ]
    return kept


def _without_in(texts: Any, language: str, deep: bool = False) -> Any:
    if not isinstance(texts, dict):
        return texts
    if deep:
        return {key: _without_in(value, language) for key, value in texts.items()}
    return {key: text for key, text in texts.items() if key != language}


def _is_question(raw: Raw) -> bool:
    return (
        isinstance(raw.get("id"), str)
        and bool(NAME.fullmatch(raw["id"]))
        and isinstance(raw.get("type"), str)
        and raw["type"] in TYPES
        and all(_is_texts(raw.get(key, {})) for key in TEXTS if key != "sms")
        and (isinstance(raw.get("sms", True), bool) or _is_texts(raw["sms"]))
        and all(_are_rows(raw.get(key, [])) for key in ("choices", "jumps"))
        and all(_is_choice(choice) for choice in raw.get("choices", []))
    )


def _is_choice(choice: Raw) -> bool:
    words = choice.get("words", {})
    return (
        isinstance(choice.get("id", ""), str)
        and _is_texts(choice.get("label", {}))
        and isinstance(words, dict)
        and all(isinstance(said, list) and all(isinstance(one, str) for one in said) for said in words.values())
    )


def _are_rows(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(one, dict) for one in value)


def _are_messages(value: Any) -> bool:
    return isinstance(value, dict) and all(map(_is_texts, value.values()))


def _is_texts(value: Any) -> bool:
    return isinstance(value, dict) and all(isinstance(text, str) for text in value.values())


def _with(definition: Mapping[str, Any], change: Callable[[list[Raw]], list[Raw]]) -> Raw:
    return {**definition, "questions": change(list(definition["questions"]))}


def _ids(definition: Mapping[str, Any]) -> set[str]:
    return {raw["id"] for raw in definition["questions"]}


def _place(definition: Mapping[str, Any], question_id: str) -> int:
    for place, raw in enumerate(definition["questions"]):
        if raw["id"] == question_id:
            return place
    raise EditRefused("unknown-question", found=question_id)
