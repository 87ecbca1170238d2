"""What a draft looks like on a phone: the words of each question, and every message by SMS with its cost."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from notifications.segments import Cost, cost, parts
from notifications.texts import Template, Wordings
from surveys import piping, sms_texts
from surveys.definitions import CompiledVersion, compiled
from surveys.editing.showing import showable
from surveys.questions.base import Question, Value

EXAMPLE_DAY = date(2026, 11, 17)
EXAMPLE_LINK = "https://exemple.fr/s/k7x2m9q4w8c3n5"
BRAND = {"fr": "Votre marque", "en": "Your brand"}
REASON = {"fr": "facturation", "en": "billing"}
#: The longest each of these gets in practice; what is shown as the most a message costs is computed with them.
LONGEST = {"brand": "B" * 40, "contact": "c" * 60, "link": "https://" + "l" * 52}
LONGEST_FACT = "f" * 40


@dataclass(frozen=True)
class Sms:
    """One message with sample values: its parts in order, its cost, and its cost with the longest values."""

    name: str
    text: str
    parts: tuple[str, ...]
    cost: Cost
    worst: Cost
    question_id: str = ""


def version_with(definition: Mapping[str, Any], question: Mapping[str, Any]) -> CompiledVersion:
    """The draft compiled with a question as it is being written; it stands at the end if the draft has it no more."""
    raws = [question if raw["id"] == question["id"] else raw for raw in definition["questions"]]
    if not any(raw["id"] == question["id"] for raw in raws):
        raws.append(question)
    return version_of({**definition, "questions": raws})


def version_of(definition: Mapping[str, Any]) -> CompiledVersion:
    """A draft compiled as far as it goes: without logic, and with something in every text."""
    return compiled(showable(definition), "", 0)


def thread(version: CompiledVersion, language: str, wordings: Wordings) -> list[Sms]:
    """Every message of an interview by SMS in which each question is asked, in order, the invitation first."""
    first, last = invitation_sms(version, language, wordings, "sms"), other_sms(version, "thanks", language, wordings)
    messages = [question_sms(version, question, language, wordings) for question in version.asked_by("sms")]
    return [first, *[message for message in messages if message is not None][1:], last]


def invitation_sms(version: CompiledVersion, language: str, wordings: Wordings, collection: str) -> Sms:
    """The invitation by SMS, with the first question for an interview by SMS, or with the link alone."""
    contact = sms_texts.contact_phrase("phone", "in", EXAMPLE_DAY, REASON.get(language, ""), language)
    said = [
        sms_texts.invitation(
            version, brand, phrase, link, language, collection, wordings, example_facts(language, longest)
        )
        for longest, brand, phrase, link in (
            (False, example_brand(language), contact, EXAMPLE_LINK),
            (True, LONGEST["brand"], LONGEST["contact"], LONGEST["link"]),
        )
    ]
    return _sms("invitation" if collection == "sms" else "invitation_web", *said)


def question_sms(version: CompiledVersion, asked: Question, language: str, wordings: Wordings) -> Sms | None:
    """A question as a message of its own; None for one that is asked on the web only."""
    if asked.sms is None or not asked.type.asks_by_sms(asked):
        return None
    said = [
        sms_texts.question(
            version,
            asked,
            brand,
            language,
            wordings=wordings,
            answers=_answers(version, (asked.sms or asked.title).get(language, ""), language, longest),
            facts=example_facts(language, longest),
        )
        for longest, brand in ((False, example_brand(language)), (True, LONGEST["brand"]))
    ]
    return replace(_sms("question", *said), question_id=asked.id)


def other_sms(version: CompiledVersion, name: str, language: str, wordings: Wordings) -> Sms:
    """One of the messages that ask nothing."""
    said = [
        sms_texts.other(version, name, brand, language, link, wordings)
        for brand, link in ((example_brand(language), EXAMPLE_LINK), (LONGEST["brand"], LONGEST["link"]))
    ]
    return _sms(name, *said)


def piped(version: CompiledVersion, text: str, language: str) -> str:
    """A text with sample answers, and the facts of an example contact, in its places."""
    return piped_with(version, text, language, _answers(version, text, language, longest=False))


def piped_with(version: CompiledVersion, text: str, language: str, answers: Mapping[str, Value]) -> str:
    """A text with these answers, and the facts of an example contact, in its places."""
    facts = example_facts(language) | {"brand": example_brand(language)}
    return piping.piped(text, version, answers, language, facts) if "{" in text else text


def example_facts(language: str, longest: bool = False) -> dict[str, str]:
    """What the texts may say of an example contact, or the longest of each."""
    if longest:
        return dict.fromkeys(piping.FACTS, LONGEST_FACT)
    reason = REASON.get(language, REASON["en"])
    return sms_texts.facts("Lyon", "phone", "in", EXAMPLE_DAY, reason, "Camille", language)


def _answers(version: CompiledVersion, text: str, language: str, longest: bool) -> dict[str, Value]:
    """A sample answer to each question that the text names."""
    names = [name for name in piping.names_in(text) if name not in piping.FACTS] if "{" in text else []
    answers = {name: _answer(version.question(name), language, longest) for name in names}
    return {name: value for name, value in answers.items() if value is not None}


def _answer(question: Question | None, language: str, longest: bool) -> Value:
    """A sample answer to a question: its first label, or its longest."""
    if question is None:
        return None
    options = question.type.options(question, language)
    if not options:
        return 1_000_000 if longest else 2
    chosen = max(options, key=lambda option: len(option.label)) if longest else options[0]
    return chosen.value


def example_brand(language: str) -> str:
    """What stands where a principal's brand will."""
    return BRAND.get(language, BRAND["en"])


def _sms(name: str, said: Template, longest: Template) -> Sms:
    return Sms(
        name=name,
        text=said.body,
        parts=tuple(parts(said.body)),
        cost=cost(said.body),
        worst=cost(longest.body),
    )
