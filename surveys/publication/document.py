"""Faults of form in a whole definition: while there are any, it cannot be compiled."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from surveys.definitions import Definition
from surveys.message_texts import MESSAGES
from surveys.publication.problem import Fault
from surveys.publication.questions import MOST_PARTS, question
from surveys.publication.values import flags, is_list, texts, unknown_keys, whole

FORMAT = "satisfecit-questionnaire/1"
LANGUAGE = re.compile(r"[a-z]{2}")
TOP_KEYS = {"format", "key", "languages", "title", "questions", "messages", "parts", "ucs2"}


def faults_of_form(definition: Definition) -> Iterator[Fault]:
    """Faults in the document itself; while there are any, it cannot be compiled."""
    if definition.get("format") != FORMAT:
        yield "unknown-format", "format", {"found": definition.get("format"), "known": FORMAT}
        return
    yield from unknown_keys(definition, TOP_KEYS, "")
    languages: Any = definition.get("languages")
    questions: Any = definition.get("questions")
    if (
        not is_list(languages, str)
        or len(set(languages)) != len(languages)
        or not all(map(LANGUAGE.fullmatch, languages))
    ):
        yield "no-languages", "languages", {"found": languages}
        return
    yield from texts(definition.get("title"), languages, "title")
    yield from whole(definition, "parts", "", 1, MOST_PARTS)
    yield from flags(definition, ("ucs2",), "")
    yield from _messages(definition.get("messages", {}), languages)
    if not is_list(questions, dict):
        yield "no-questions", "questions", {}
        return
    for number, raw in enumerate(questions):
        yield from question(raw, languages, f"questions.{raw.get('id') or number + 1}")


def _messages(messages: Any, languages: list[str]) -> Iterator[Fault]:
    if not isinstance(messages, Mapping):
        yield "bad-value", "messages", {"found": messages}
        return
    for name, said in messages.items():
        if name not in MESSAGES:
            yield "unknown-name", f"messages.{name}", {"name": name, "known": sorted(MESSAGES)}
        yield from texts(said, languages, f"messages.{name}")
