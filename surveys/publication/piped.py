"""Faults in what texts name between braces."""

from collections.abc import Iterator, Mapping, Sequence

from surveys.definitions import CompiledVersion
from surveys.message_texts import DEFAULTS
from surveys.piping import FACTS, can_pipe, names_in
from surveys.publication import places
from surveys.publication.names import near
from surveys.publication.problem import Fault
from surveys.questions.base import Question

# Without these a message misses its point.
NEEDED: Mapping[str, str] = {
    "invitation": "question",
    "invitation_web": "link",
    "reminder": "question",
    "reminder_web": "link",
    "link": "link",
    "again": "form",
}


def piped(version: CompiledVersion) -> Iterator[Fault]:
    """Names in texts that are no fact and no earlier question, or one whose answer cannot be said."""
    for where, texts in [("title", version.title)]:
        yield from _unknown(where, texts, FACTS)
    for position, question in enumerate(version.questions):
        earlier = [each.id for each in version.questions[:position]]
        for where, texts in places.texts(question):
            for language, name in _named(texts):
                yield from _name(where, language, name, question, earlier, version)
    yield from _messages(version)


def _name(
    where: str, language: str, name: str, question: Question, earlier: Sequence[str], version: CompiledVersion
) -> Iterator[Fault]:
    asked = version.question(name)
    if name in FACTS:
        return
    facts = {"language": language, "name": name}
    if asked is None:
        known = [*FACTS, *earlier]
        yield "unknown-place", where, {**facts, "known": known, "near": near(name, known)}
    elif name not in earlier:
        yield "later-place", where, facts
    elif not can_pipe(asked):
        yield "place-of-words", where, {**facts, "type": asked.type.name}
    elif question.sms is not None and asked.sms is None and not where.endswith(".hint"):
        yield "place-not-by-sms", where, facts


def _messages(version: CompiledVersion) -> Iterator[Fault]:
    """A message has places of its own; some of them it cannot do without."""
    for message, texts in version.messages.items():
        text = DEFAULTS.catalogue.get(f"surveys.{message}", "sms")
        if text is None:
            continue
        yield from _unknown(f"messages.{message}", texts, [place.name for place in text.places])
        for language, said in texts.items():
            needed = NEEDED.get(message)
            if needed and needed not in names_in(said):
                yield "missing-place", f"messages.{message}", {"language": language, "name": needed}


def _unknown(where: str, texts: Mapping[str, str], known: Sequence[str]) -> Iterator[Fault]:
    for language, name in _named(texts):
        if name not in known:
            facts = {"language": language, "name": name, "known": list(known), "near": near(name, known)}
            yield "unknown-place", where, facts


def _named(texts: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    for language, text in texts.items():
        for name in dict.fromkeys(names_in(text)):
            yield language, name
