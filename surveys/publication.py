"""What forbids publishing a definition. Every fault is found at once and named by a code and its place."""

import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from notifications import promotion
from notifications.segments import UCS2, Cost, cost
from notifications.texts import Wordings
from surveys import sms_texts
from surveys.conditions import BadCondition, Condition, LowScore, parse_condition
from surveys.definitions import PURPOSES, WANTS, CompiledVersion, Definition, compiled
from surveys.message_texts import DEFAULTS, MESSAGES
from surveys.questions.base import Question
from surveys.questions.registry import TYPES

FORMAT = "satisfecit-questionnaire/1"
NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")
CHOICE_NAME = re.compile(r"[a-z0-9][a-z0-9_]{0,39}")
LANGUAGE = re.compile(r"[a-z]{2}")
TEXTS = ("title", "hint", "low_end", "high_end")
TOP_KEYS = {"format", "key", "languages", "title", "questions", "messages"}
QUESTION_KEYS = {
    "id", "type", "title", "hint", "low_end", "high_end", "choices", "sms", "theme", "purpose", "required",
    "visible_if",
}  # fmt: skip
CHOICE_KEYS = {"id", "label", "words", "wants"}
MOST_PARTS = 2
# The longest each of these gets in practice; the price of a message is promised for them.
LONGEST = {"brand": "B" * 40, "contact": "c" * 60, "link": "https://" + "l" * 52}


@dataclass(frozen=True)
class Problem:
    """A fault: a stable ``code``, ``where`` it is ("questions.solved.title"), and the facts to print."""

    code: str
    where: str
    facts: Mapping[str, Any]


def problems(definition: Definition, wordings: Wordings = DEFAULTS) -> list[Problem]:
    """Everything that forbids publishing ``definition``; empty if it may be published.

    ``wordings`` are the texts in force, which its messages by SMS are made of where it has none of its own.
    """
    faults = [Problem(code, where, facts) for code, where, facts in _faults_of_form(definition)]
    if faults:
        return faults
    version = compiled(definition, "", 0)
    return [Problem(code, where, facts) for code, where, facts in _faults_of_meaning(definition, version, wordings)]


Fault = tuple[str, str, dict[str, Any]]


def _faults_of_form(definition: Definition) -> Iterator[Fault]:
    """Faults in the document itself; while there are any, it cannot be compiled."""
    if definition.get("format") != FORMAT:
        yield "unknown-format", "format", {"found": definition.get("format"), "known": FORMAT}
        return
    yield from _unknown_keys(definition, TOP_KEYS, "")
    languages: Any = definition.get("languages")
    questions: Any = definition.get("questions")
    if (
        not _is_list(languages, str)
        or len(set(languages)) != len(languages)
        or not all(map(LANGUAGE.fullmatch, languages))
    ):
        yield "no-languages", "languages", {"found": languages}
        return
    yield from _texts(definition.get("title"), languages, "title")
    yield from _messages(definition.get("messages", {}), languages)
    if not _is_list(questions, dict):
        yield "no-questions", "questions", {}
        return
    for number, raw in enumerate(questions):
        yield from _question(raw, languages, f"questions.{raw.get('id') or number + 1}")


def _question(raw: Mapping[str, Any], languages: list[str], where: str) -> Iterator[Fault]:
    yield from _unknown_keys(raw, QUESTION_KEYS, where)
    if not isinstance(raw.get("id"), str) or not NAME.fullmatch(raw["id"]):
        yield "bad-id", where, {"found": raw.get("id")}
    if not _one_of(raw.get("type"), TYPES):
        yield "unknown-type", where, {"found": raw.get("type"), "known": sorted(TYPES)}
        return
    for field in TEXTS:
        if field in raw or field == "title":
            yield from _texts(raw.get(field), languages, f"{where}.{field}")
    if isinstance(raw.get("sms", True), Mapping):
        yield from _texts(raw["sms"], languages, f"{where}.sms")
    elif not isinstance(raw.get("sms", True), bool):
        yield "bad-value", f"{where}.sms", {"found": raw["sms"]}
    if not isinstance(raw.get("required", False), bool):
        yield "bad-value", f"{where}.required", {"found": raw["required"]}
    if raw.get("purpose") is not None and not _one_of(raw["purpose"], PURPOSES):
        yield "unknown-purpose", where, {"found": raw["purpose"], "known": sorted(PURPOSES)}
    if raw.get("theme") is not None and not (isinstance(raw["theme"], str) and NAME.fullmatch(raw["theme"])):
        yield "bad-value", f"{where}.theme", {"found": raw["theme"]}
    yield from _choices(raw, languages, where)
    yield from _condition(raw, where)


def _choices(raw: Mapping[str, Any], languages: list[str], where: str) -> Iterator[Fault]:
    kind, choices = TYPES[raw["type"]], raw.get("choices", [])
    if not isinstance(choices, list) or not all(isinstance(choice, Mapping) for choice in choices):
        yield "bad-value", f"{where}.choices", {"found": choices}
        return
    ids = [choice.get("id") for choice in choices]
    if not all(isinstance(name, str) and CHOICE_NAME.fullmatch(name) for name in ids):
        yield "bad-id", f"{where}.choices", {"found": ids}
        return
    for name in sorted(name for name, count in Counter(ids).items() if count > 1):
        yield "duplicate-id", f"{where}.choices", {"id": name}
    if choices and not kind.accepts_choices:
        yield "no-choices-here", where, {"type": kind.name}
    elif kind.accepts_choices and kind.choice_ids is not None and tuple(ids) != kind.choice_ids:
        yield "wrong-choices", where, {"found": ids, "expected": list(kind.choice_ids)}
    elif kind.accepts_choices and len(ids) < 2:
        yield "too-few-choices", where, {"found": len(ids)}
    for choice in choices:
        place = f"{where}.choices.{choice['id']}"
        yield from _unknown_keys(choice, CHOICE_KEYS, place)
        yield from _texts(choice.get("label"), languages, f"{place}.label")
        if choice.get("wants") is not None and not _one_of(choice["wants"], WANTS):
            yield "unknown-purpose", place, {"found": choice["wants"], "known": sorted(WANTS)}
        words = choice.get("words", {})
        if not isinstance(words, Mapping) or not all(_is_list(said, str) for said in words.values()):
            yield "bad-value", f"{place}.words", {"found": words}


def _condition(raw: Mapping[str, Any], where: str) -> Iterator[Fault]:
    if "visible_if" not in raw:
        return
    try:
        parse_condition(raw["visible_if"] if isinstance(raw["visible_if"], str) else "")
    except BadCondition as fault:
        yield "bad-condition", f"{where}.visible_if", {"found": raw["visible_if"], "rest": fault.rest}


def _messages(messages: Any, languages: list[str]) -> Iterator[Fault]:
    if not isinstance(messages, Mapping):
        yield "bad-value", "messages", {"found": messages}
        return
    for name, texts in messages.items():
        if name not in MESSAGES:
            yield "unknown-name", f"messages.{name}", {"name": name, "known": sorted(MESSAGES)}
        yield from _texts(texts, languages, f"messages.{name}")


def _texts(texts: Any, languages: list[str], where: str) -> Iterator[Fault]:
    """A text is wanted in every language of the questionnaire, and in no other."""
    if not isinstance(texts, Mapping) or not all(isinstance(text, str) for text in texts.values()):
        yield "empty-label", where, {}
        return
    for language in languages:
        if language not in texts:
            yield "missing-translation", where, {"language": language}
        elif not texts[language].strip():
            yield "empty-label", where, {"language": language}
    for language in sorted(set(texts) - set(languages)):
        yield "unknown-language", where, {"language": language}


def _unknown_keys(raw: Mapping[str, Any], known: set[str], where: str) -> Iterator[Fault]:
    for name in sorted(set(raw) - known):
        yield "unknown-name", f"{where}.{name}".lstrip("."), {"name": name, "known": sorted(known)}


def _faults_of_meaning(definition: Definition, version: CompiledVersion, wordings: Wordings) -> Iterator[Fault]:
    """Faults of a document that compiles: in its names, its conditions, and what it becomes by SMS."""
    counts = Counter(question.id for question in version.questions)
    for name in sorted(name for name, count in counts.items() if count > 1):
        yield "duplicate-id", f"questions.{name}", {"id": name}
    earlier: list[Question] = []
    for raw, question in zip(definition["questions"], version.questions, strict=True):
        if question.condition:
            written = parse_condition(raw["visible_if"])
            yield from _condition_faults(written, question, earlier, counts)
        earlier.append(question)
    yield from _sms_faults(version, wordings)
    yield from _advertising(version.title, "title")


def _condition_faults(
    condition: Condition, question: Question, earlier: list[Question], known: Mapping[str, int]
) -> Iterator[Fault]:
    where = f"questions.{question.id}.visible_if"
    before = {each.id: each for each in earlier}
    for test in condition.tests:
        asked = before.get(test.name)
        if test.name not in known:
            yield "unknown-name", where, {"name": test.name, "known": sorted(known)}
        elif asked is None:
            yield "later-question", where, {"name": test.name}
        elif isinstance(test.operand, LowScore):
            if asked.type.name != "satisfaction":
                yield "wrong-value", where, {"name": test.name, "value": "{low_score}"}
        elif test.operand is not None and not asked.type.compares_with(asked, test.operand):
            yield "wrong-value", where, {"name": test.name, "value": test.operand}
        if asked is not None and question.sms is not None and asked.sms is None:
            yield "not-asked-by-sms", where, {"name": test.name}


def _sms_faults(version: CompiledVersion, wordings: Wordings) -> Iterator[Fault]:
    for language in version.languages:
        for where, text in _sms_drafts(version, language, wordings):
            yield from _too_dear(cost(text), where, language)
            yield from _advertising({language: text}, where)


def _advertising(texts: Mapping[str, str], where: str) -> Iterator[Fault]:
    for language, text in texts.items():
        if words := promotion.found_in(text, "survey"):
            yield "promotional", where, {"language": language, "words": words}


def _sms_drafts(version: CompiledVersion, language: str, wordings: Wordings) -> Iterator[tuple[str, str]]:
    """Every message an interview may send, with the longest brand, contact and link."""
    brand, link = LONGEST["brand"], LONGEST["link"]
    for collection, name in (("sms", "invitation"), ("web", "invitation_web")):
        said = sms_texts.invitation(version, brand, LONGEST["contact"], link, language, collection, wordings)
        yield f"messages.{name}", said.body
    for question in version.asked_by("sms"):
        for again in (False, True):
            yield (
                f"questions.{question.id}.sms",
                sms_texts.question(version, question, brand, language, again, wordings).body,
            )
    for name in sorted(set(MESSAGES) - {"invitation", "invitation_web", "again"}):
        yield f"messages.{name}", sms_texts.other(version, name, brand, language, link, wordings).body


def _too_dear(price: Cost, where: str, language: str) -> Iterator[Fault]:
    if price.encoding == UCS2:
        yield "sms-letters", where, {"language": language, "letters": "".join(price.culprits)}
    if price.parts > MOST_PARTS:
        yield "too-many-parts", where, {"language": language, "parts": price.parts, "most": MOST_PARTS}


def _one_of(value: Any, known: Collection[str]) -> bool:
    return isinstance(value, str) and value in known


def _is_list(value: Any, kind: type) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(item, kind) for item in value)
