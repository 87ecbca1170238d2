"""What a new question begins with: the usual labels of its type, in the languages we know words for."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from surveys.publication.document import FORMAT
from surveys.publication.questions import OF_SOME_TYPES
from surveys.questions.registry import TYPES

Words = Mapping[str, Mapping[str, str]]

SATISFACTION: Words = {
    "1": {"fr": "Pas du tout", "en": "Not at all"},
    "2": {"fr": "Plutôt non", "en": "Mostly not"},
    "3": {"fr": "Ni oui ni non", "en": "Neither yes nor no"},
    "4": {"fr": "Plutôt oui", "en": "Mostly"},
    "5": {"fr": "Tout à fait", "en": "Completely"},
}
YES_NO: Words = {"yes": {"fr": "Oui", "en": "Yes"}, "no": {"fr": "Non", "en": "No"}}
FIXED: Mapping[str, Words] = {"satisfaction": SATISFACTION, "yes_no": YES_NO}
ENDS: Mapping[str, tuple[Mapping[str, str], Mapping[str, str]]] = {
    "recommendation": (
        {"fr": "certainement pas", "en": "certainly not"},
        {"fr": "certainement", "en": "certainly"},
    ),
    "effort": ({"fr": "très difficile", "en": "very difficult"}, {"fr": "très facile", "en": "very easy"}),
}
#: Types that nobody can answer by SMS, a statement as long as it asks no consent: they begin on the web only.
WEB_ONLY = ("ranking", "statement")


def new_question(type_name: str, question_id: str, languages: Sequence[str]) -> dict[str, Any]:
    """A question of a type, without its title. Raises KeyError for a type there is none of."""
    kind = TYPES[type_name]
    question: dict[str, Any] = {"id": question_id, "type": type_name, "title": dict.fromkeys(languages, "")}
    if kind.accepts_choices:
        question["choices"] = usual_choices(type_name, languages)
    for key, texts in zip(("low_end", "high_end"), ENDS.get(type_name, ()), strict=False):
        question[key] = _in(texts, languages)
    if type_name in WEB_ONLY:
        question["sms"] = False
    return question


def usual_choices(type_name: str, languages: Sequence[str]) -> list[dict[str, Any]]:
    """The choices a type begins with: all of its own, or two without words."""
    fixed = TYPES[type_name].choice_ids
    if fixed is None:
        return [{"id": name, "label": dict.fromkeys(languages, "")} for name in ("a", "b")]
    known = FIXED.get(type_name, {})
    return [{"id": name, "label": _in(known.get(name, {}), languages)} for name in fixed]


def refitted(question: Mapping[str, Any], type_name: str, languages: Sequence[str]) -> dict[str, Any]:
    """A question made another type: its choices are those of the new type, with the labels it already had."""
    kind = TYPES[type_name]
    kept = {key: value for key, value in question.items() if key not in _unfit(type_name)} | {"type": type_name}
    if kind.accepts_choices:
        old = {choice.get("id"): choice for choice in question.get("choices", []) if isinstance(choice, Mapping)}
        usual = usual_choices(type_name, languages)
        if kind.choice_ids is not None or not old:
            kept["choices"] = [old.get(choice["id"], choice) for choice in usual]
        else:
            kept["choices"] = question["choices"]
    if kind.accepts_ends:
        for key, texts in zip(("low_end", "high_end"), ENDS.get(type_name, ()), strict=False):
            kept.setdefault(key, _in(texts, languages))
    if type_name in WEB_ONLY:
        kept["sms"] = False
    return kept


def free_id(wanted: str, taken: Collection[str]) -> str:
    """``wanted``, or with a number behind it the first id nobody has; at most 40 letters."""
    number, name = 1, wanted[:40]
    while name in taken:
        number += 1
        tail = f"_{number}"
        name = wanted[: 40 - len(tail)] + tail
    return name


def _unfit(type_name: str) -> set[str]:
    """The fields that a question of this type has no use for."""
    return set(OF_SOME_TYPES - TYPES[type_name].keys)


def _in(texts: Mapping[str, str], languages: Sequence[str]) -> dict[str, str]:
    return {language: texts.get(language, "") for language in languages}


def blank(language: str, title: str) -> dict[str, Any]:
    """A questionnaire without questions, in one language; whoever saves it gives it its key."""
    return {"format": FORMAT, "languages": [language], "title": {language: title}, "questions": []}
