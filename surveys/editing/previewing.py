"""What a draft looks like on a phone: the words of each question, and every message by SMS with its cost."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from itertools import takewhile
from typing import Any

from notifications.segments import Cost, cost, parts
from notifications.texts import Template, Wordings
from surveys import piping, sms_texts
from surveys.definitions import CompiledVersion, compiled
from surveys.editing.showing import showable
from surveys.publication.worst import LONGEST, filled
from surveys.questions.base import Question, Value

EXAMPLE_DAY = date(2026, 11, 17)
EXAMPLE_LINK = "https://exemple.fr/s/k7x2m9q4w8c3n5"
BRAND = {"fr": "Votre marque", "en": "Your brand"}
REASON = {"fr": "facturation", "en": "billing"}


@dataclass(frozen=True)
class Sms:
    """One message with sample values: its parts in order, its cost, and its cost with the longest values."""

    name: str
    text: str
    parts: tuple[str, ...]
    cost: Cost
    worst: Cost
    question_id: str = ""


@dataclass(frozen=True)
class Draft:
    """A draft compiled as far as it goes, and once more with the longest that its texts may be filled with."""

    version: CompiledVersion
    worst: CompiledVersion


def draft_of(definition: Mapping[str, Any]) -> Draft:
    """The draft without its logic, and with something in every text."""
    version = compiled(showable(definition), "", 0)
    return Draft(version, filled(version))


def draft_with(definition: Mapping[str, Any], question: Mapping[str, Any]) -> Draft:
    """The draft with a question as it is being written; it stands at the end if the draft has it no more."""
    raws = [question if raw["id"] == question["id"] else raw for raw in definition["questions"]]
    if not any(raw["id"] == question["id"] for raw in raws):
        raws.append(question)
    return draft_of({**definition, "questions": raws})


def thread(draft: Draft, language: str, wordings: Wordings) -> list[Sms]:
    """Every message of an interview by SMS in which each question is asked, in order, the invitation first."""
    first, last = invitation_sms(draft, language, wordings, "sms"), other_sms(draft, "thanks", language, wordings)
    messages = [question_sms(draft, question, language, wordings) for question in draft.version.asked_by("sms")]
    return [first, *[message for message in messages if message is not None][1:], last]


def invitation_sms(draft: Draft, language: str, wordings: Wordings, collection: str) -> Sms:
    """The invitation by SMS, with the first question for an interview by SMS, or with the link alone."""
    contact = sms_texts.contact_phrase("phone", "in", EXAMPLE_DAY, REASON.get(language, ""), language)
    said = [
        sms_texts.invitation(version, brand, phrase, link, language, collection, wordings, example_facts(language))
        for version, brand, phrase, link in (
            (draft.version, example_brand(language), contact, EXAMPLE_LINK),
            (draft.worst, LONGEST["brand"], LONGEST["contact"], LONGEST["link"]),
        )
    ]
    return _sms("invitation" if collection == "sms" else "invitation_web", *said)


def question_sms(draft: Draft, asked: Question, language: str, wordings: Wordings) -> Sms | None:
    """A question as a message of its own; None for one that is asked on the web only."""
    if asked.sms is None or not asked.type.asks_by_sms(asked):
        return None
    answers, facts = _answers(draft.version, asked, language), example_facts(language)
    said = [
        sms_texts.question(version, question, brand, language, wordings=wordings, answers=answers, facts=facts)
        for version, question, brand in (
            (draft.version, asked, example_brand(language)),
            (draft.worst, draft.worst.question(asked.id) or asked, LONGEST["brand"]),
        )
    ]
    return replace(_sms("question", *said), question_id=asked.id)


def other_sms(draft: Draft, name: str, language: str, wordings: Wordings) -> Sms:
    """One of the messages that ask nothing."""
    said = [
        sms_texts.other(draft.version, name, brand, language, link, wordings)
        for brand, link in ((example_brand(language), EXAMPLE_LINK), (LONGEST["brand"], LONGEST["link"]))
    ]
    return _sms(name, *said)


def saying(draft: Draft, asked: Question, language: str) -> Callable[[str], str]:
    """Fills the texts of a question with sample answers and the facts of an example contact."""
    answers = _answers(draft.version, asked, language)
    return lambda text: piped_with(draft.version, text, language, answers)


def piped_with(version: CompiledVersion, text: str, language: str, answers: Mapping[str, Value]) -> str:
    """A text with these answers, and the facts of an example contact, in its places."""
    facts = example_facts(language) | {"brand": example_brand(language)}
    return piping.piped(text, version, answers, language, facts) if "{" in text else text


def example_facts(language: str) -> dict[str, str]:
    """What the texts may say of an example contact."""
    reason = REASON.get(language, REASON["en"])
    return sms_texts.facts("Lyon", "phone", "in", EXAMPLE_DAY, reason, "Camille", language)


def _answers(version: CompiledVersion, asked: Question, language: str) -> dict[str, Value]:
    """A sample answer to each question before this one."""
    earlier = takewhile(lambda question: question.id != asked.id, version.questions)
    return {question.id: _answer(question, language) for question in earlier}


def _answer(question: Question, language: str) -> Value:
    """A sample answer: the first option, or a number or day."""
    options = question.type.options(question, language)
    if question.type.takes_several:
        return tuple(option.value for option in options[:1])
    if options:
        return options[0].value
    return EXAMPLE_DAY.isoformat() if question.type.name == "date" else 2


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
