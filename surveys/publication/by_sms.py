"""Faults in what a questionnaire becomes by SMS: what cannot be asked, what costs too much, what advertises."""

from collections.abc import Iterator, Mapping

from notifications import promotion
from notifications.segments import UCS2, Cost, cost
from notifications.texts import Wordings
from surveys import sms_texts
from surveys.definitions import CompiledVersion
from surveys.message_texts import MESSAGES
from surveys.publication.problem import Fault
from surveys.publication.worst import LONGEST, filled
from surveys.questions.base import Question

#: The numbers that a choice is replied to with are of one digit, so that none begins another.
MOST_CHOICES = 9


def by_sms(version: CompiledVersion, wordings: Wordings, any_letters: bool) -> Iterator[Fault]:
    """What forbids asking this version by SMS; ``any_letters``: its author allows those that double the price."""
    for question in version.asked_by("sms"):
        yield from _unaskable(question)
    worst = filled(version)
    for language in version.languages:
        for where, text, most in _drafts(worst, language, wordings):
            yield from _too_dear(cost(text), where, language, most, any_letters)
            yield from advertising({language: text}, where)
    if not version.asked_by("sms"):
        yield "nothing-by-sms", "questions", {}


def advertising(texts: Mapping[str, str], where: str) -> Iterator[Fault]:
    """A survey may not advertise: it is written without consent to advertising."""
    for language, text in texts.items():
        if words := promotion.found_in(text, "survey"):
            yield "promotional", where, {"language": language, "words": words}


def _unaskable(question: Question) -> Iterator[Fault]:
    where = f"questions.{question.id}.sms"
    if not question.type.asks_by_sms(question):
        yield "not-for-sms", where, {"type": question.type.name}
    elif len(question.choices) > MOST_CHOICES and question.type.choice_ids is None:
        yield "too-many-choices", where, {"found": len(question.choices), "most": MOST_CHOICES}
    elif question.sms != question.title:
        if any(choice.condition is not None for choice in question.choices):
            yield "own-words-filtered", where, {}
        elif question.shuffled:
            yield "own-words-shuffled", where, {}


def _drafts(version: CompiledVersion, language: str, wordings: Wordings) -> Iterator[tuple[str, str, int]]:
    """Every message an interview may send, with the longest brand, contact and link, and the parts it may take."""
    brand, link = LONGEST["brand"], LONGEST["link"]
    first = next((question.parts for question in version.asked_by("sms")), None) or 0
    for collection, name in (("sms", "invitation"), ("web", "invitation_web")):
        said = sms_texts.invitation(version, brand, LONGEST["contact"], link, language, collection, wordings)
        yield f"messages.{name}", said.body, max(version.parts, first if collection == "sms" else 0)
    for question in version.asked_by("sms"):
        if not question.type.asks_by_sms(question):
            continue
        for again in (False, True):
            said = sms_texts.question(version, question, brand, language, again, wordings)
            yield f"questions.{question.id}.sms", said.body, question.parts or version.parts
    for name in sorted(set(MESSAGES) - {"invitation", "invitation_web", "reminder", "reminder_web", "again"}):
        yield (
            f"messages.{name}",
            sms_texts.other(version, name, brand, language, link, wordings).body,
            version.parts,
        )


def _too_dear(price: Cost, where: str, language: str, most: int, any_letters: bool) -> Iterator[Fault]:
    if price.encoding == UCS2 and not any_letters:
        yield "sms-letters", where, {"language": language, "letters": "".join(price.culprits)}
    if price.parts > most:
        yield "too-many-parts", where, {"language": language, "parts": price.parts, "most": most}
