"""Texts that name what is known: the contact, and earlier answers by their labels.

``{site}`` is a fact of the contact, ``{solved}`` the answer to the question ``solved`` as its label says it. What is
not known, or may not be said, becomes a neutral word. Words a customer typed are never put into a text, and what is put
in is not read again: a label or a name that looks like ``{brand}`` stays as it is.
"""

import re
from collections.abc import Mapping

from surveys.definitions import CompiledVersion
from surveys.questions.base import DECLINED, Question, Texts, Value

#: What is known of the contact. ``agent`` is a first name, and given only where the programme allows it.
FACTS = ("brand", "site", "channel", "date", "reason", "agent")
#: What stands where there is nothing to say. Three dots, not one sign: that one would double the price of an SMS.
UNSAID = "..."
NEUTRAL: Mapping[str, Texts] = {
    "brand": {"fr": "nos services", "en": "our services"},
    "site": {"fr": "notre service", "en": "our service"},
    "channel": {"fr": "votre contact avec nous", "en": "your contact with us"},
    "reason": {"fr": "votre demande", "en": "your request"},
    "agent": {"fr": "notre conseiller", "en": "our adviser"},
}
PLACE = re.compile(r"\{([a-z][a-z0-9_]*)\}")


def names_in(text: str) -> list[str]:
    """The names that stand between braces in ``text``, in their order."""
    return PLACE.findall(text)


def can_pipe(question: Question) -> bool:
    """Whether its answer may be put into a later text: not the customer's own words, and not a text that was read."""
    return not question.type.holds_words and question.type.name != "statement"


def piped(
    text: str, version: CompiledVersion, answers: Mapping[str, Value], language: str, facts: Mapping[str, str]
) -> str:
    """``text`` with what is known in its places.

    ``answers`` are the current ones, ``language`` the one that is spoken. ``facts`` are those of FACTS that are known
    and may be said, in that language; names that are neither a fact nor a question stay as they are written.
    """
    if "{" not in text:
        return text

    def said(found: re.Match[str]) -> str:
        name = found[1]
        if name in FACTS:
            return facts.get(name) or NEUTRAL.get(name, {}).get(language, UNSAID)
        question = version.question(name)
        return found[0] if question is None else answer_said(question, answers, language)

    return PLACE.sub(said, text)


def answer_said(question: Question, answers: Mapping[str, Value], language: str) -> str:
    """An earlier answer by its label; UNSAID if there is none, or none that may be said."""
    value = answers.get(question.id)
    if value is None or value in DECLINED or not can_pipe(question):
        return UNSAID
    return question.type.label(question, value, language) or UNSAID
